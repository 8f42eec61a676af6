"""Receivers of alerts: webhooks, Apprise's services, Alertmanager and files.

`base` holds the contract of a receiver and the outcome of an attempt; each kind stands in a module of its name; `opening` makes
receivers of the settings. `http` is the client that webhooks and Alertmanager share, `addresses` decides which hosts
webhooks may reach, `redaction` keeps secrets out of errors, `threads` runs calls that block.
"""
