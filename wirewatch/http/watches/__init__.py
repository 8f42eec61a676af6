"""Watches over HTTP: see them, try one over history, and put one in force."""
