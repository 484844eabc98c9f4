"""The plan over time, reckoned: order, critical path, what fits, conflicts, and the picture's geometry."""
