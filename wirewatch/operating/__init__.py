"""A cluster in operation: how it does, whether its accounts hold, and how to run messages again."""
