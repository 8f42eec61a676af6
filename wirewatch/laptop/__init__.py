"""One laptop without Kafka: every step on the embedded broker, with a journal beside it (docs/decisions/laptop.md)."""
