"""Reads files that come back: work lists, plans, records of issues, exports of services."""
