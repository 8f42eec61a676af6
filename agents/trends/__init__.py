"""Trends: what comes in far more than is usual for it."""
