"""wirewatch: news over Kafka, cleaned, deduplicated and tagged. This package assembles `streams` and `agents`."""

__version__ = "0.2.0"
