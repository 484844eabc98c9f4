"""Makers of rows for tests. Times lie in the past, so that what is made is in force at once."""
