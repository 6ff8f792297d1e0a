"""The command line: parse, call, print. No decisions.

Each command imports what it needs when it runs, so that `newsletter --help` is there at once.
"""

from __future__ import annotations

import click

from newsletter.cli import ask, begin, make, note
from newsletter.cli.ends import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="newsletter")
def main() -> None:
    """Care for the customers you have: whom to write to, call and thank. Sends nothing."""


for _command in (
    *(begin.look, begin.init, begin.new),
    *(make.build, make.plan, make.today),
    *(ask.who, ask.explain, ask.segments, ask.voucher),
    *(note.jot, note.record),
):
    main.add_command(_command)
