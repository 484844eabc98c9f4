"""Embedded Postgres and Valkey for `make run` and `make test`.

Plain Python: nothing here imports Django, so that the services can be started before the settings are read.
"""
