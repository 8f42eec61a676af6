"""Folders that a worker keeps an eye on: of watches, of sources, and of news that other programs put there."""
