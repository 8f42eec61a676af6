"""News comes in by itself: `reading` says what a feed, a sitemap or a page holds, `asking` fetches them politely."""
