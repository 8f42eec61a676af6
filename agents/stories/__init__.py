"""Stories: which articles tell of one event, decided in one pass as they come."""
