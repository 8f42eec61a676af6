"""Delivery: alerts to their receivers, each once, with retries.

`step` enters each alert into the `ledger`, `sender` makes the attempts, with a `receiver_queue` for each receiver, and
`outcomes` writes how they ended; `backoff` says when a failed one is repeated, `message` and `digests` write an alert or
a digest for people, and `receivers` are those who get it.
"""
