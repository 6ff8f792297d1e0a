"""Asks at `newsletter init` which of the packaged themes a new project should have."""

from __future__ import annotations

import click

from newsletter.commands.options import RUNS
from newsletter.commands.terminal import on_terminal

if RUNS:
    from newsletter.commands.screen import Screen

LOOKS = ("awning", "margin", "programme")
"""The themes to choose from; the first is the default. screens/*.yml say how they look."""


def chosen_look(screen: Screen) -> str:
    """Return the theme that the user chooses by number or name; the first without a terminal."""
    if not on_terminal():
        return LOOKS[0]
    click.echo(f"\n{screen('init_look')}")
    for number, name in enumerate(LOOKS, start=1):
        click.echo(f"  {number}  {name:<10} {screen(f'init_look_{name}')}")
    click.echo(screen("init_look_later"))
    numbers = {str(number): name for number, name in enumerate(LOOKS, start=1)}
    answers = numbers | {name: name for name in LOOKS}
    answer = _answer(screen)
    while answer not in answers:
        click.echo(screen("init_look_again", names=", ".join(LOOKS[:-1]), last=LOOKS[-1]))
        answer = _answer(screen)
    return answers[answer]


def _answer(screen: Screen) -> str:
    answer: str = click.prompt(screen("init_look_number"), default="1")
    return answer.strip().lower()
