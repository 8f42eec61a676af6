"""Receivers of alerts: webhooks, Apprise's services, Alertmanager and files.

`base` holds the contract of a receiver and the outcome of an attempt; each kind stands in a module of its name; `opening` makes
receivers of the settings. `http` is the client that webhooks and Alertmanager share, `mail` sends digests, `redaction` keeps
secrets out of errors. Which hosts webhooks may reach is decided by `streams.network.addresses`.
"""
