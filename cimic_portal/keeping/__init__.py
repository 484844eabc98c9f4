"""Backups of the database and the files, and the way back to a moment (ADR 0025).

Plain Python around Postgres's own programs: nothing here needs the portal, which may be what was lost.
"""
