"""Texts that `newsletter new` and `newsletter init` write for the user to replace."""

BODY = "Write here."
SUMMARY = "One sentence for lists and messages."
DOMAIN = "example.com"
"""Addresses there belong to nobody (RFC 2606)."""
