"""Reads feeds, sitemaps and home pages into entries: pure, without network, clock or state.

`documents.read` tells the kinds of document apart, `feeds`, `json_feed` and `sitemaps` read each, `page_links` finds the
feeds of a home page, `opml` lists of sources. All of it runs in child processes: what is read was written by strangers.
"""
