"""Reads content/ and themes/: what the user writes, without the customers."""
