"""Reads files that come back from output/: filled-in work lists, plans and records of issues."""
