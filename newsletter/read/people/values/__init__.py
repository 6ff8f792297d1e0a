"""Columns of text → columns of values, one file per kind; unreadable cells are findings."""
