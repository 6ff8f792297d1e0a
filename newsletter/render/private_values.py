"""Refuses texts for customers that would print what only the team may read of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Sequence

from jinja2 import Environment, nodes

from newsletter.model.private_columns import PRIVATE, is_private
from newsletter.model.template import Slot
from newsletter.render.late import RefusedError

_FIELD = re.compile(r"\bcustomer(?:\.(\w+)|\[['\"]([^'\"]+))")
_CURE = "take it out"
_CURE_OF_OWN = "take it out, or give the column another name if customers may read it"
_PARSER = Environment(autoescape=False)  # noqa: S701  # it only parses


def refuse_private(slots: Sequence[Slot], *, printed: Collection[int]) -> None:
    """
    Refuse private columns in the *printed* slots, and loops over them.

    Raises:
        RefusedError: with all others.
    """
    refused = [
        RefusedError(
            f"customer.{column} is for your team: it cannot be printed to customers",
            hint=f"{_CURE if column in PRIVATE else _CURE_OF_OWN}; {{% if customer.{column} %}} "
            "may ask for it, and the words of a call or visit may print it",
            at=slot.at,
        )
        for number, slot in enumerate(slots)
        if number in printed or slot.names
        for column in private_columns(slot.expression)
    ]
    if refused:
        refused[0].others = tuple(refused[1:])
        raise refused[0]


@functools.lru_cache(4096)
def private_columns(expression: str) -> tuple[str, ...]:
    """
    Return the private columns whose values are part of what *expression* prints.

    It may ask for others: `"a" if customer.x else "b"`.
    """
    named = [name for pair in _FIELD.findall(expression) for name in pair if is_private(name)]
    if not named:  # most expressions, some of them too deep to be parsed again
        return ()
    try:
        return tuple(dict.fromkeys(_printed(_PARSER.parse(f"{{{{ {expression} }}}}"))))
    except RecursionError:
        return tuple(dict.fromkeys(named))


def _printed(node: nodes.Node) -> Iterator[str]:
    match node:
        case nodes.Getattr(node=nodes.Name(name="customer"), attr=name):
            if is_private(name):
                yield name
        case nodes.Getitem(node=nodes.Name(name="customer"), arg=nodes.Const(value=str(name))):
            if is_private(name):
                yield name
        case nodes.Compare() | nodes.Test() | nodes.Not():
            return
        case nodes.CondExpr():
            for part in (node.expr1, node.expr2):
                if part is not None:
                    yield from _printed(part)
        case _:
            for child in node.iter_child_nodes():
                yield from _printed(child)
