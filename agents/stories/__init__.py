"""Stories: which articles tell of one event, decided in one pass as they come.

Begin with `step`, then `decide`. `reading` makes an article's small record on many workers; `state` is what the one decider
remembers; `acceptance` weighs an article beside a story, and `rules` what the model cannot see.
"""
