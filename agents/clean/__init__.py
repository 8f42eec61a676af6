"""Clean: from raw pages and texts to articles without page furniture.

- `clean_raw` (article): one raw record to one clean article; runs in a child process, after `load`.
- `Furniture`: what each source repeats on its pages, learned from its plain texts.
- `Revisions`: which text of an article is a new one.
"""

from agents.clean.article import EXTRACTORS, Cleaned, Extractor, clean_raw, load
from agents.clean.plain.boilerplate import Furniture
from agents.clean.text.revisions import Revisions

__all__ = ["EXTRACTORS", "Cleaned", "Extractor", "Furniture", "Revisions", "clean_raw", "load"]
