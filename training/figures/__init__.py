"""Figures of training: computed from the records that the reader may open, never typed.

Each noun adds its own by a line in `training/figures/register.py`; the page and the API show whatever
stands there.
"""
