"""Kafka: clients, topics, the one loop that reads partitions to their end, sending, Faust, and a broker in memory."""
