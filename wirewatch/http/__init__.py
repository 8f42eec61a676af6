"""The HTTP server of a worker: health, metrics, articles, feeds and the page."""
