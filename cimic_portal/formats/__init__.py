"""How dates and times are written where a library writes them, as in the administration."""
