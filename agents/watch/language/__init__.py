"""The query language of watches: grammar, nodes, and findings about queries.

`words` cuts text, `vocabulary` knows the names of regions and topics, `parse` reads a query into the nodes of `query`,
`anchors` lists the features that an article must have, and `lint` finds oddities. Nothing here knows an article beyond
the `Scope` that `query` describes.
"""
