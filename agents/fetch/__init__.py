"""News comes in by itself: `reading` reads feeds, sitemaps and pages, `asking` fetches them politely."""
