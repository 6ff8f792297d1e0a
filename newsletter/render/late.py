"""Open values: `customer`, and all that is made from it, while a text is bound."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, TypeVar

import polars as pl
from markupsafe import Markup, escape

from newsletter.errors import Place
from newsletter.render import tokens
from newsletter.rules.missing import ASK_FOR_IT

T = TypeVar("T")


class RefusedError(Exception):
    """
    Something cannot be left open or shown; the hint says what to write instead.

    Without a place (*at*), it is where the text *near* it is first written.
    """

    def __init__(
        self, message: str, *, hint: str = "", at: Place | None = None, near: str = ""
    ) -> None:
        self.message, self.hint, self.at, self.near = message, hint, at, near
        self.others: tuple[RefusedError, ...] = ()
        """Other refusals of the same text."""
        super().__init__(message)


class Open:
    """A value that differs from customer to customer. It can only be printed."""

    __slots__ = ()

    def refusal(self) -> RefusedError:
        """Return the error for any other use."""
        return RefusedError(
            "a text that differs from customer to customer can only be printed as it is",
            hint="print it without a filter, test or operator",
        )

    def _refuse(self, *_: object) -> NoReturn:
        raise self.refusal()

    __bool__ = __iter__ = __len__ = __contains__ = __call__ = __getitem__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = __hash__ = _refuse
    __add__ = __radd__ = __mul__ = __rmul__ = __mod__ = __int__ = __float__ = __index__ = _refuse


class Late(Open):
    """
    A value that only the merge knows. It prints its token; every other use is refused.

    Expressions of templates seldom use it directly: rewriting sends them to the record.
    """

    __slots__ = ("_print", "at", "dtype", "number", "source")

    def __init__(
        self,
        source: str,
        *,
        at: Place,
        printed: Callable[[Late], str],
        dtype: pl.DataType | None = None,
    ) -> None:
        self.source, self.at, self.dtype, self._print = source, at, dtype, printed
        self.number = -1
        """Its slot, once it has been printed, tested or repeated for."""

    def __str__(self) -> str:
        return self._print(self)

    __html__ = __str__

    def refusal(self) -> RefusedError:
        """Return the error for any other use."""
        return RefusedError(
            f"{self.source} differs from customer to customer and cannot be used in this way",
            hint="use it in the template itself: {{ … }}, {% if … %} or {% for … %}",
            at=self.at,
        )


class Torn(Open):
    """A name that was set in one branch of a condition only, and is undefined after it."""

    __slots__ = ("_at", "_message")

    def __init__(self, name: str, at: Place) -> None:
        self._at = at
        self._message = f"'{name}' was set inside a condition on customer and is used after it"

    def refusal(self) -> RefusedError:
        """Return the error for any use."""
        hint = "use it inside, or write {% set name = a if condition else b %}"
        return RefusedError(self._message, hint=hint, at=self._at)

    __str__ = __html__ = Open._refuse


class Body(Open):
    """Finished HTML with open parts. Its token goes through MJML; no filter may touch it."""

    __slots__ = ("_token", "content")

    def __init__(self, content: str, token: str) -> None:
        self.content, self._token = content, token

    def __html__(self) -> str:
        return self._token

    def __str__(self) -> str:
        raise RefusedError(
            "a body can only be printed", hint="write {{ entry.body }} without a filter"
        )


class TextBody(Open):
    """A body as plain text. Its token is printed in text layouts; no filter may touch it."""

    __slots__ = ("_token", "content")

    def __init__(self, content: str, token: str) -> None:
        self.content, self._token = content, token

    def __str__(self) -> str:
        return self._token

    def __html__(self) -> str:
        raise RefusedError("a text body is printed in HTML", hint="write {{ entry.body }}")

    def refusal(self) -> RefusedError:
        """Return the error for any other use."""
        return RefusedError(
            "the text of a body can only be printed",
            hint="write {{ entry.text_body }} without a filter",
        )


class OpenText(Open, str):
    """Text with tokens: a subject, or the result of a macro or a `set` block."""

    __slots__ = ()

    def __html__(self) -> Markup:
        return escape(str(self))


class OpenMarkup(Open, Markup):
    """Safe HTML with tokens."""

    __slots__ = ()


def guarded(value: T) -> T:
    """Return *value*; a text with tokens becomes one that can only be printed."""
    if not tokens.holds_token(value) or isinstance(value, Open):
        return value
    kind = OpenMarkup if isinstance(value, Markup) else OpenText
    return kind(value)  # type: ignore[return-value]  # a str, as it was


def is_open(value: object) -> bool:
    """Return whether *value* differs from customer to customer."""
    return isinstance(value, Open) or tokens.holds_token(value)


def is_filled(text: Open) -> bool:
    """
    Return whether an open text is never empty.

    Raises:
        RefusedError: if it may be empty for some customers only.
    """
    filled = is_never_empty(text.content if isinstance(text, Body | TextBody) else str(text))
    if filled is None:
        raise RefusedError(
            "a text that may be empty for some customers cannot be tested",
            hint="test what it depends on: {% if customer.… %}",
        )
    return filled


def is_never_empty(text: str) -> bool | None:
    """Return whether a text is never empty; None if it is empty for some customers only."""
    return None if text and not tokens.common_part(text) else bool(text)


def refusing_open(calls: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filters or tests so that they refuse values that differ by customer."""
    return {name: call if name in ASK_FOR_IT else _refusing(call) for name, call in calls.items()}


@functools.lru_cache(maxsize=1000)  # each environment asks again
def _refusing(call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def called(*args: Any, **kwargs: Any) -> Any:
        _refuse_open((*args, *kwargs.values()))
        return guarded(call(*args, **kwargs))

    return called


def _refuse_open(values: Iterable[object]) -> None:
    for value in values:
        if is_open(value):
            raise value.refusal() if isinstance(value, Open) else Open().refusal()
