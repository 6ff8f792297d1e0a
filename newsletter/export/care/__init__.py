"""Practices by email."""
