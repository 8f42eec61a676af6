"""Clean: from raw pages and texts to articles without boilerplate.

- `clean_raw` (article): one raw record to one clean article; runs in a child process, after `load`. `explain_raw` gives
  the reasons of its fields too.
- `Boilerplate` (plain): the lines that each source repeats on its pages, learned from its plain texts.
- `Revisions` (text): the revisions of an article's text.
"""

from agents.clean.article import EXTRACTORS, Cleaned, Extractor, clean_raw, explain_raw, load
from agents.clean.explanation import Explanation
from agents.clean.plain.boilerplate import Boilerplate
from agents.clean.text.revisions import Revisions

__all__ = [
    "EXTRACTORS",
    "Boilerplate",
    "Cleaned",
    "Explanation",
    "Extractor",
    "Revisions",
    "clean_raw",
    "explain_raw",
    "load",
]
