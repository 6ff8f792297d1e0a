"""Lets `python -m newsletter` do what the `newsletter` command does."""

from newsletter.commands import main

main(prog_name="newsletter")
