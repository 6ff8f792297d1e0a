"""Writes each kind of output: messages, merge files, lists, pages, calendars and PDFs."""
