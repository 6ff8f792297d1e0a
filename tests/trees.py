"""Trees of message templates for tests: made, printed, and read by a customer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

from newsletter.errors import Place
from newsletter.merge.compile import compile_message, compile_texts
from newsletter.merge.expressions import MergeEnvironment
from newsletter.merge.failures import Failure
from newsletter.merge.quoted_printable import decode
from newsletter.merge.rows import written_for
from newsletter.model.template import Condition, Output, Position, Repeat, Slot, Tree


def slot(expression: str, *names: str, line: int = 0, records: bool = False) -> Slot:
    """Return an open part of x.md."""
    return Slot(expression, Place(path="x.md", line=line), names, records, expression)


def value(expression: str, position: Position = "plain", *, line: int = 0) -> Output:
    """Return a value that is printed."""
    return Output(slot(expression, line=line), position)


def as_jinja(tree: Tree) -> str:
    """Return a tree as Jinja text, each value with its position as the last filter."""
    return "".join(map(_shown, tree))


def _shown(part: Any) -> str:
    match part:
        case Output():
            return f"{{{{ {part.slot.expression} | {part.position} }}}}"
        case Condition():
            tags = ["if", *["elif"] * (len(part.branches) - 1)]
            branches = "".join(
                f"{{% {tag} {test.expression} %}}{as_jinja(then)}"
                for tag, (test, then) in zip(tags, part.branches, strict=True)
            )
            else_part = f"{{% else %}}{as_jinja(part.otherwise)}" if part.otherwise else ""
            return f"{branches}{else_part}{{% endif %}}"
        case Repeat():
            names = ", ".join(part.slot.names)
            begin = f"{{% for {names} in {part.slot.expression} %}}"
            return f"{begin}{as_jinja(part.body)}{{% endfor %}}"
    return str(part)


def read(tree: Tree, customer: Any = None, *, encoded: bool = False, **fields: Any) -> str:
    """Return the text that a customer reads (an object or fields); raise errors of values."""
    person = customer if customer is not None else SimpleNamespace(**fields)
    environment = MergeEnvironment({})
    if encoded:
        compiled = compile_message(tree, (), environment, between=(b"", b"", b""))
    else:
        (compiled,) = compile_texts([tree], environment)
    texts = written_for(compiled, partial(getattr, person))
    if isinstance(texts, Exception):
        raise texts
    return decode(texts.decode()) if encoded else str(texts)


class Bare:
    """No header, and a mark between text and HTML."""

    between = (b"", b"\x1e", b"")

    def of(self, recipients: Any, subjects: Sequence[str | Failure]) -> list[bytes | Failure]:
        """Return no header for each, and the failures."""
        return [subject if isinstance(subject, Failure) else b"" for subject in subjects]
