"""Clean: from raw pages and texts to articles without boilerplate.

- `article.clean_raw`: one raw record to one clean article; runs in a child process, after `load`. `explain_raw` gives
  the reasons of its fields too. `article.clean_all`: many records in less time than each alone.
- `plain.boilerplate.Boilerplate`: the lines that each source repeats on its pages, learned from its plain texts.
- `text.revisions.Revisions`: the revisions of an article's text.
"""
