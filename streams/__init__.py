"""The backbone: records, ids, Kafka topics, the step contract, state, metrics and settings."""
