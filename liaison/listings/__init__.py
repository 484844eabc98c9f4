"""The lists of liaison's nouns."""
