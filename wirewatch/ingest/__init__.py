"""Raw records and pages, on their way to the first topic."""
