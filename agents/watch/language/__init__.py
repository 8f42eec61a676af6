"""The query language of watches: its grammar, what a query is, and what is odd about one.

`words` cuts text, `vocabulary` knows the names of regions and topics, `parse` reads a query into the nodes of `query`,
`anchors` says which features an article must have, and `lint` finds what is odd. Nothing here knows an article beyond
the `Scope` that `query` describes.
"""
