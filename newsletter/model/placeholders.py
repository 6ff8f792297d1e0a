"""What `newsletter new` and `newsletter init` write where the user is to write."""

BODY = "Write here."
SUMMARY = "One sentence for lists and messages."
DOMAIN = "example.com"
"""Addresses there belong to nobody (RFC 2606)."""
