"""Delivery: alerts to their receivers, each once, with retries.

`step` enters each alert into the `ledger`, `sender` makes the attempts, `backoff` says when a failed one is repeated,
`message` writes an alert for people, and `receivers` are those who get it.
"""
