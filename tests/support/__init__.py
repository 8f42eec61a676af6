"""Modules that several folders of tests share: brokers, servers, workers and news."""
