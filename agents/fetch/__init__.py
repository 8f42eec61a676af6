"""News comes in by itself: `polling` polls sources and fetches their pages, each in its domain's turn.

`reading` reads feeds, sitemaps and pages, `source` keeps what is known of a source, `asking` makes requests politely, `files`
are saved news and `foreign` other people's topics.
"""
