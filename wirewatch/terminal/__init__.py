"""Consoles, lines and tables: how commands and the demo show records to people."""
