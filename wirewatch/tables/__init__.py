"""Articles as a table, in Parquet, CSV or JSON lines: `wirewatch export` and `wirewatch apply --format`."""
