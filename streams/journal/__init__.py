"""The journal beside the embedded broker: what a laptop has on disk instead of a Kafka cluster (docs/decisions/laptop.md)."""
