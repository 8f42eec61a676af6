"""Watches put in force, muted and listed, and a test of whom they tell."""
