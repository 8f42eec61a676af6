"""Sources: looked at, read from lists, put in force, and shown."""
