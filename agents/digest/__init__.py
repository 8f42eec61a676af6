"""Digests: the stories of a time, ranked and rendered for whoever asked for them."""
