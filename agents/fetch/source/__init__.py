"""A source: its state between two polls, and all that follows from it. Pure: no request is made and no clock read here."""
