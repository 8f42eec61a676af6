"""The journal beside the embedded broker: a laptop's disk instead of a Kafka cluster (docs/decisions/laptop.md)."""
