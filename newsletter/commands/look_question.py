"""Asks at `newsletter init` which of the packaged themes a new project should have."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

LOOKS: Mapping[str, str] = {
    "awning": "for shops: one loud colour, thick type, large pictures",
    "margin": "for practices and studios: white and exact, dates beside the text",
    "programme": "for clubs and communities: one ink on coloured paper, large dates",
}
"""Theme → whom it is for, and what it looks like; the first is the default."""


def chosen_look() -> str:
    """Return the theme that the user chooses by number or name; the first without a terminal."""
    names = list(LOOKS)
    if not on_terminal():
        return names[0]
    click.echo("\nHow should your messages and your website look?")
    for number, (name, description) in enumerate(LOOKS.items(), start=1):
        click.echo(f"  {number}  {name:<10} {description}")
    click.echo("You can change it later: theme: in content/newsletter.yml.")
    numbers = {str(number): name for number, name in enumerate(names, start=1)}
    answers = numbers | {name: name for name in names}
    answer = _answer()
    while answer not in answers:
        click.echo(f"Please answer 1, 2 or 3, or {', '.join(names[:-1])} or {names[-1]}.")
        answer = _answer()
    return answers[answer]


def on_terminal() -> bool:
    """Return whether somebody can answer."""
    return sys.stdin.isatty()


def _answer() -> str:
    answer: str = click.prompt("Number or name", default="1")
    return answer.strip().lower()
