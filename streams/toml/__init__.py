"""TOML that people write: its values within bounds, where each key stands, and all that is wrong with a table."""
