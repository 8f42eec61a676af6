"""`/api/v1`: history over HTTP, for programs and for the page."""
