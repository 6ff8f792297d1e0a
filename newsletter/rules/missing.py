"""The missing value of templates: it equals nothing and cannot be printed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from jinja2 import Undefined
from jinja2.exceptions import UndefinedError

ASK_FOR_IT = frozenset({"default", "d"})
"""Filters that replace a missing value, so they must receive it."""


class MissingValue(UndefinedError):  # noqa: N818 -- says what it is, not that it is an error
    """A missing value was about to be printed. `name` is empty if it was calculated."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"'{name}' is missing" if name else "a value is missing")


class Missing(Undefined):
    """
    A missing value: comparisons and `in` are false, `!=` and `not in` true.

    It is false and empty. Arithmetic with it, its attributes and its items are missing, too.
    Printing it raises MissingValue. Jinja takes it for undefined, so `default` and `is defined`
    work on it.
    """

    __slots__ = ()

    def _print(self, *_: object) -> NoReturn:
        raise MissingValue(str(self._undefined_name or ""))

    def _pass_on(self, *_: object, **__: object) -> Missing:
        return self

    def _no(self, _: object) -> bool:
        return False

    def __getattr__(self, name: str) -> Missing:
        if name.startswith("__"):  # Python's own probing: __html_format__, __copy__ …
            raise AttributeError(name)
        return self

    __str__ = __html__ = __format__ = __int__ = __float__ = _print
    # Jinja types the methods it overrides as never returning; these do.
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = _no  # type: ignore[assignment]
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _pass_on  # type: ignore[assignment]
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _pass_on  # type: ignore[assignment]
    __pow__ = __rpow__ = __pos__ = __neg__ = __abs__ = _pass_on  # type: ignore[assignment]
    __call__ = __getitem__ = _pass_on  # type: ignore[assignment]

    def __ne__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return id(Missing)

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __repr__(self) -> str:
        return f"Missing({self._undefined_name!r})"


MISSING = Missing()


@functools.cache
def missing(name: str) -> Missing:
    """Return a missing value with the name for the error when it is printed."""
    return Missing(name=name)


def missing_aware(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return the filters wrapped to return a missing input unchanged (except `default`)."""
    return {
        name: call if name in ASK_FOR_IT else _passing_on(call) for name, call in filters.items()
    }


def _passing_on(call: Callable[..., Any]) -> Callable[..., Any]:
    # Filters that take Jinja's environment or context get it before the value.
    position = 1 if hasattr(call, "jinja_pass_arg") else 0

    @functools.wraps(call)
    def filtered(*args: Any, **kwargs: Any) -> Any:
        value = args[position]
        return value if value is None or isinstance(value, Undefined) else call(*args, **kwargs)

    return filtered
