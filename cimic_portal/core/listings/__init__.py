"""The lists of core's own nouns."""
