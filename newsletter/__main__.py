"""Makes `python -m newsletter` run the `newsletter` command."""

from newsletter.commands import main

main(prog_name="newsletter")
