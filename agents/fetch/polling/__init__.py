"""The poller and its parts: polls and pages planned, made in their turns, written, and divided between workers."""
