"""Saved news: JSON lines, pages and web archives on a disk, read as raw records."""
