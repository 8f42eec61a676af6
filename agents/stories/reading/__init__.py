"""What stories read of an article: its stems, names, counted things, figures, lead and sender, in one small record.

`gather` makes the record; `vectors` weighs words and compares them.
"""
