"""Columns of text → columns of values, one file per kind; what cannot be read is noted by line."""
