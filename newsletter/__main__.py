"""Lets `python -m newsletter` do what the `newsletter` command does."""

from newsletter.cli import main

main()
