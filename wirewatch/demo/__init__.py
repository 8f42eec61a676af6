"""The demo: everything on a sample of news, with the embedded broker."""
