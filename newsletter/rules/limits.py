"""What templates and expressions may take, so that every build ends: turns, characters, digits."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from typing import Any

from jinja2.exceptions import TemplateRuntimeError, TemplateSyntaxError

MOST_TURNS = 50_000
"""Turns of loops, calls and filters in a text."""
MOST_CHARACTERS = 2_000_000
"""Characters that the loops, calls and filters of a text work through and print."""
MOST_OF_VALUE = 500_000
"""Characters of a text, or items of a list, that an operator, filter or call makes."""
MOST_DIGITS = 250
"""Digits of a whole number: it can still be divided and rounded."""
_MOST_BITS = MOST_DIGITS * 10 // 3
_MOST_WIDTH = 10_000
"""Numbers that say how wide, deep or exact a filter writes."""
_MOST_SLOWLY = 50_000
"""Characters of a text for filters that take time in the square of its length."""
_DEEPEST = 50
"""Lists inside lists."""
MOST_TAGS, MOST_VALUES, MOST_IN_TAG = 500, 2_000, 5_000
"""`{% … %}` and `{{ … }}` in a text or layout, and tokens inside one of them."""
LENGTH_OF_ITEM = 10
"""Characters that an item of a list counts for."""
MOST_COMPARED = MOST_OF_VALUE // LENGTH_OF_ITEM
"""Items of a list that a text can make; longer ones are data, whose items are compared as one."""

_SIZED = frozenset({
    "batch", "center", "expandtabs", "indent", "ljust", "rjust", "round", "slice", "to_bytes",
    "tojson", "wordwrap", "zfill",
})  # fmt: skip
"""Filters and methods that take a width, an indent or a number of places."""
_SLOW = frozenset({"pprint", "striptags", "urlize", "wordwrap"})
_CHECKED = frozenset({*_SIZED, *_SLOW, "format", "join", "replace", "sum", "translate"})


_TIMES_READ = {
    **dict.fromkeys(_SLOW, 36),
    **dict.fromkeys(("dictsort", "groupby", "max", "min", "sort", "unique"), 20),
}
"""How often such a filter reads a short text or list, in the time in which others do so once."""


def times_read(name: str) -> int:
    """Return how often a filter reads its text or list."""
    return _TIMES_READ.get(name, 1)


class TooMuchError(TemplateRuntimeError):
    """A template would take too much time or memory; the hint says what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class TooLongNumberError(TemplateSyntaxError):
    """A number is written with too many digits."""


class TooManyTagsError(TemplateSyntaxError):
    """A text has too many tags, or too much in one, to be looked at further."""


def short_numbers(
    tokens: Iterator[tuple[int, str, str]], name: str | None
) -> Iterator[tuple[int, str, str]]:
    """Yield the tokens of Jinja's lexer. Raises TooLongNumberError."""
    for line, kind, text in tokens:
        if kind in ("integer", "float") and len(text) > MOST_DIGITS:
            message = f"a number has more than {MOST_DIGITS:,} digits"
            raise TooLongNumberError(message, line, name)
        yield line, kind, text


def few_tags(
    tokens: Iterator[tuple[int, str, str]], name: str | None
) -> Iterator[tuple[int, str, str]]:
    """
    Yield the tokens of Jinja's lexer, whose compiler takes time in the square of their number.

    Raises:
        TooManyTagsError: also for too much in one tag.
    """
    tags = {"block_begin": 0, "variable_begin": 0}
    most = {"block_begin": (MOST_TAGS, "{% … %}"), "variable_begin": (MOST_VALUES, "{{ … }}")}
    inside = 0
    for line, kind, text in tokens:
        inside += 1
        if kind in tags:
            inside = 0
            tags[kind] += 1
            limit, written = most[kind]
            if tags[kind] > limit:
                message = f"there are more than {limit:,} {written} in one text"
                raise TooManyTagsError(message, line, name)
        elif kind == "data":
            inside = 0
        elif inside > MOST_IN_TAG:
            message = f"a tag has more than {MOST_IN_TAG:,} names, values and signs"
            raise TooManyTagsError(message, line, name)
        yield line, kind, text


class Budget:
    """What is left of the turns and characters of a text or page."""

    def __init__(self, *, turns: int = MOST_TURNS, characters: int = MOST_CHARACTERS) -> None:
        self._turns, self._characters = turns, characters
        self._most = turns, characters

    def take(self, turns: int, characters: int) -> None:
        """Count turns and characters. Raises TooMuchError if none are left."""
        self._turns -= turns
        self._characters -= characters
        if self._turns < 0:
            message = f"loops, calls and filters take more than {self._most[0]:,} turns"
            raise TooMuchError(message, "loop over fewer items, and not over each for each other")
        if self._characters < 0:
            message = f"loops, calls and filters make more than {self._most[1]:,} characters"
            raise TooMuchError(message, "print fewer items, or shorter texts")


def length_of(value: Any) -> int:
    """Return about how many characters a value has. Raises TooMuchError if it holds too much."""
    if isinstance(value, str):
        return str.__len__(value)  # an open text refuses to tell its length
    if not isinstance(value, list | tuple | dict):
        return 1
    length, waiting = 0, [(value, 0)]
    while waiting:
        inner, depth = waiting.pop()
        if isinstance(inner, list | tuple | dict):
            items = (*inner, *inner.values()) if isinstance(inner, dict) else inner
            length += len(items) * LENGTH_OF_ITEM
            refuse_length(length + len(waiting))
            if depth == _DEEPEST:
                message = f"lists are nested more than {_DEEPEST} deep"
                raise TooMuchError(message, "join lists with `+`")
            waiting += [(item, depth + 1) for item in items]
        elif isinstance(inner, str):
            length += str.__len__(inner)
    return length


def items_of(value: Any) -> int:
    """Return how many items a list, tuple or mapping has, and 0 for other values."""
    return len(value) if isinstance(value, _COLLECTIONS) else 0


_VIEWS: tuple[type[Sized], ...] = (type({}.keys()), type({}.values()), type({}.items()))
_COLLECTIONS: tuple[type[Sized], ...] = (list, tuple, dict, *_VIEWS)


def refuse_large(operator: str, left: Any, right: Any) -> None:
    """Raise TooMuchError if the result of an operator would be too large."""
    if operator == "%" and isinstance(left, str):
        refuse_arguments("format", (left, *(right if isinstance(right, tuple) else (right,))))
    elif operator == "+" and isinstance(left, _SEQUENCES) and isinstance(right, _SEQUENCES):
        refuse_length(length_of(left) + length_of(right))
    elif operator == "*" and isinstance(left, int) and isinstance(right, int):
        _refuse_bits(left.bit_length() + right.bit_length())
    elif operator == "*":
        for items, times in ((left, right), (right, left)):
            if isinstance(items, _SEQUENCES) and isinstance(times, int):
                refuse_length(length_of(items) * times)
    elif operator == "**" and isinstance(left, int) and isinstance(right, int):
        _refuse_bits(left.bit_length() * right)


_SEQUENCES = (str, list, tuple)


def limited(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter so that it refuses what would take too much time or memory."""
    if name not in _CHECKED:
        return call
    first = 1 if hasattr(call, "jinja_pass_arg") else 0

    @functools.wraps(call)
    def checked(*args: Any, **kwargs: Any) -> Any:
        passed, given = args[:first], list(args[first:])
        if name == "join" and not isinstance(given[0], Sized):
            given[0] = list(given[0])
        refuse_arguments(f"|{name}", (*given, *kwargs.values()))
        return call(*passed, *given, **kwargs)

    return checked


def refuse_arguments(name: str, args: Sequence[Any]) -> None:
    """Raise TooMuchError if a filter (`|join`) or method (`join`) would make too much."""
    value, arguments = args[0], args[1:]
    plain = name.removeprefix("|")
    numbers = [abs(number) for number in arguments if isinstance(number, int)]
    if plain in _SLOW and length_of(value) > _MOST_SLOWLY:
        message = f"a text for {plain} has more than {_MOST_SLOWLY:,} characters"
        raise TooMuchError(message, "shorten it")
    if plain in _SIZED and max(numbers, default=0) > _MOST_WIDTH:
        message = f"{plain} gets the number {max(numbers):,}; it takes at most {_MOST_WIDTH:,}"
        raise TooMuchError(message, "write a smaller number")
    if plain in _SIZED and isinstance(value, str):
        refuse_length((1 + value.count("\n") + value.count("\t")) * max(numbers, default=1))
    if plain == "sum" and any(isinstance(start, list | tuple) for start in arguments):
        raise TooMuchError("sum adds numbers", "join texts and lists with join")
    if length := _LENGTHS.get(name if name == "|join" else plain):
        refuse_length(length(value, *arguments))


def _length_of_joined(separator: Any, items: Any = ()) -> int:
    """Return the length of items joined by the method of a text."""
    return length_of(list(items)) + len(items) * length_of(separator) if items else 0


def _length_of_replaced(text: Any, old: Any, new: Any, count: Any = None) -> int:
    if not (isinstance(text, str) and isinstance(old, str) and isinstance(new, str)):
        return 0
    return len(text) + text.count(old) * len(new)


def _length_of_formatted(text: Any, *values: Any) -> int:
    """Return about how long a text with `%5d` or `{:>5}` is at most."""
    if not isinstance(text, str):
        return 0
    fields = _FIELD.findall(text)
    widths = [digits for field in fields for digits in re.findall(r"\d+", field)]
    width = sum(int(digits) if len(digits) < 10 else MOST_OF_VALUE for digits in widths)
    if any("*" in field or "{" in field[1:] for field in fields):
        width += sum(abs(value) for value in values if isinstance(value, int))
    return len(text) + width + len(fields) * sum(map(length_of, values))


_FIELD = re.compile(r"%(?:\([^)]*\))?[-+ #0-9.*]*|\{[^}]*")
"""A place of `%5d` or `{:>5}` in a text."""


_LENGTHS: Mapping[str, Callable[..., int]] = {
    "join": _length_of_joined,
    "|join": lambda items, separator="", *_: _length_of_joined(separator, items),
    "replace": _length_of_replaced,
    "format": _length_of_formatted,
    "translate": lambda text, table: length_of(text) * (1 + length_of(table)),
}


def refuse_length(length: int) -> None:
    """Raise TooMuchError for a text or list that is too long."""
    if length > MOST_OF_VALUE:
        message = f"a value has more than {MOST_OF_VALUE:,} characters or items"
        raise TooMuchError(message, "make a shorter one")


def _refuse_bits(bits: int) -> None:
    if bits > _MOST_BITS:
        raise too_many_digits()


def too_many_digits() -> TooMuchError:
    """Return the error for a number that is too large."""
    message = f"a number has more than {MOST_DIGITS:,} digits"
    return TooMuchError(message, "calculate with smaller numbers")


def short_range(*bounds: int) -> range:
    """Return the numbers of a loop."""
    numbers = range(*bounds)
    if numbers and (abs(numbers[-1] - numbers[0]) // abs(numbers.step)) >= MOST_TURNS:
        message = f"range gives more than {MOST_TURNS:,} numbers"
        raise TooMuchError(message, "loop over fewer numbers")
    return numbers
