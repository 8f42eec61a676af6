"""RSS and Atom out, and server-sent events: the watches' alerts over HTTP, from memory, on every worker."""
