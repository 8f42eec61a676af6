"""A worker: carries steps over Kafka."""
