"""Trends: subjects that come in far more than is usual for them."""
