"""Messages that could not be made → what the user must mend, and who is left out meanwhile."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError

from newsletter.errors import Problem
from newsletter.merge.compiled import MergeEnvironment
from newsletter.merge.escape import BadValue
from newsletter.model.template import Slot
from newsletter.rules.missing import MissingValue

_TYPE = "a column may have been read as another type: `newsletter look` shows how"

RAISED = (BadValue, TemplateError, TypeError, ValueError, ArithmeticError, LookupError)
"""What rendering raises for a value that it cannot take."""


@dataclass(frozen=True)
class Failure:
    """A customer whose message could not be made, because of one value."""

    customer: str
    """The customer's id."""
    slot: int
    """The open part at fault; -1 where it is none of them."""
    message: str
    empty: bool
    """The value is missing and the text gives nothing instead."""


class Blame:
    """Says which of *slots* is at fault when a message fails in the middle of a calculation."""

    def __init__(
        self, slots: Sequence[Slot], *, filters: Mapping[str, Callable[..., Any]]
    ) -> None:
        self._slots = slots
        self._environment = MergeEnvironment(dict(filters), encoded=False)
        self._known: dict[tuple[type, str], int] = {}

    def failure(self, key: str, customer: object, error: Exception) -> Failure:
        """Return the failure of a customer with that key, a row, from what it raised."""
        if isinstance(error, BadValue):
            message = f"{as_written(error.slot, self._slots)} {error.message}"
            return Failure(key, error.slot, message, error.empty)
        kind = (type(error), str(error))
        if kind not in self._known:
            self._known[kind] = self._slot(customer, kind)
        slot = self._known[kind]
        what = f"{as_written(slot, self._slots)} cannot be worked out: " if slot >= 0 else ""
        return Failure(key, slot, f"{what}{error}", isinstance(error, MissingValue))

    def _slot(self, customer: object, kind: tuple[type, str]) -> int:
        """Return the first open part that raises the same by itself, or else names the field."""
        for number, slot in enumerate(self._slots):
            try:
                # Printed into nothing: a missing value raises when it becomes a text.
                self._environment.renderer(f"{{% if ({slot.expression}) %}}{{% endif %}}")(
                    customer
                )
            except RAISED as error:
                if (type(error), str(error)) == kind:
                    return number
        missing = kind[1].partition("'")[2].partition("'")[0]
        named = (i for i, slot in enumerate(self._slots) if f".{missing}" in slot.expression)
        return next(named, -1) if missing else -1


def problems_of(
    failures: Iterable[Failure], slots: Sequence[Slot], total: int
) -> Iterator[Problem]:
    """
    Yield one problem for each open part that says nothing to some of *total* customers.

    Also for one that can be worked out for none of them: then the text is wrong, not the values.
    """
    empty: dict[int, list[str]] = defaultdict(list)
    bad: dict[int, list[Failure]] = defaultdict(list)
    for failure in failures:
        if failure.empty:
            empty[failure.slot].append(failure.customer)
        elif failure.slot >= 0:
            bad[failure.slot].append(failure)
    for number, customers in sorted(empty.items()):
        yield _empty(number, slots, customers, total)
    for number, failed in sorted(bad.items()):
        if len(failed) == total > 1:
            message = f"{failed[0].message} (for all {total:,} customers)"
            yield Problem(message=message, at=slots[number].at, hint=_TYPE)


def left_out_of(failures: Iterable[Failure]) -> Iterator[tuple[str, str]]:
    """Yield the customers whose own value stopped their message, and the reason."""
    for failure in failures:
        if not failure.empty:
            yield failure.customer, failure.message


def as_written(number: int, slots: Sequence[Slot]) -> str:
    """Return the expression of a slot as the user wrote it: `service.title`."""
    names = {name: name.rpartition("_")[0] for slot in slots for name in slot.names}
    return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), slots[number].expression)


def _empty(number: int, slots: Sequence[Slot], customers: Sequence[str], total: int) -> Problem:
    what = as_written(number, slots) if number >= 0 else "a value"
    return Problem(
        message=f"{what} is empty for {len(customers):,} of {total:,} customers, "
        f"for example {customers[0]}, and nothing is said instead",
        at=slots[number].at if number >= 0 else None,
        hint=f'write {{{{ {what} | default("…") }}}} or put it under {{% if {what} %}}',
    )
