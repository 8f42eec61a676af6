"""Corrections of the networks' choice of blocks: what is written like an article and is none of it, and what was left out.

`correct` asks them in turn; a module for each kind (cards of other articles, captions, discussions, leads).
"""
