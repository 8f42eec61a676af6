"""Past news: articles found in an archive, written out as files, and digests of a moment."""
