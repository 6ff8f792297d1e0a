"""Reads what comes back from output/: filled-in work lists, plans and records of what went out."""
