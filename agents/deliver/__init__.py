"""Delivery: how one receiver is told of one alert, when it is tried again, and what people read.

`receivers` opens what the settings name: webhooks, Apprise's services, Alertmanager and files. Each makes one attempt at
a time and says what came of it; `waits` says when the next one is due; `render` writes an alert for people.
"""
