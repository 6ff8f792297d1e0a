"""Reads customer files and the tables beside them, whatever program wrote them."""
