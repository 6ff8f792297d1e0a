"""Failed messages → the problems that the user must fix, and the customers left out meanwhile."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from newsletter.errors import Problem
from newsletter.merge.compile import compile_texts, compile_value
from newsletter.merge.escape import PRINT_IT, BadValue
from newsletter.merge.expressions import MergeEnvironment
from newsletter.merge.rows import Slice, joined
from newsletter.model.reasons import Reasons
from newsletter.model.template import Output, Slot
from newsletter.rules.limits import TooMuchError
from newsletter.rules.missing import MissingValue

_TYPE = "a column may have been read as another type: `newsletter look` shows how"


@dataclass(frozen=True)
class Failure:
    """A customer whose message could not be made, because of one value."""

    customer: str
    """The customer's id."""
    slot: Slot | None
    """The open part at fault; None if it is none of them."""
    message: str
    empty: bool
    """The value is missing and the text has no fallback."""
    kind: str = "calculation"
    """How it is told to the team: the end of a phrase of reasons."""
    hint: str = _TYPE
    """The cure if it fails for all customers: then the text is wrong."""


class Blame:
    """Finds which of *slots* is at fault when a message fails during a calculation."""

    def __init__(self, slots: Sequence[Slot], environment: MergeEnvironment) -> None:
        self._slots, self._environment = slots, environment
        self._blamed: dict[tuple[type, str], Slot | None] = {}

    def failure(self, recipient: pl.DataFrame, error: Exception) -> Failure:
        """Return the failure of a recipient, a frame of one row, from the exception raised."""
        key = str(recipient["id"].item())
        if isinstance(error, BadValue):
            assert error.slot is not None
            return Failure(
                key, error.slot, f"{error.slot.written} {error}", error.empty, error.kind
            )
        kind = (type(error), str(error))
        if kind[1].startswith("unhashable type"):  # the value was a list instead of a text
            slot = self._printing(recipient, kind)
            what = slot.written if slot else "a value"
            return Failure(key, slot, f"{what} is a list; {PRINT_IT}", empty=False, kind="list")
        if kind not in self._blamed:
            self._blamed[kind] = self._at_fault(recipient, kind)
        slot = self._blamed[kind]
        what = f"{slot.written} cannot be worked out: " if slot else ""
        hint = error.hint if isinstance(error, TooMuchError) else _TYPE
        return Failure(key, slot, f"{what}{error}", isinstance(error, MissingValue), hint=hint)

    def _printing(self, recipient: pl.DataFrame, kind: tuple[type, str]) -> Slot | None:
        """Return the first open part that raises the same error when printed."""
        return next((slot for slot in self._slots if self._raises(slot, recipient, kind)), None)

    def _raises(self, slot: Slot, recipient: pl.DataFrame, kind: tuple[type, str]) -> bool:
        (printed,) = compile_texts([(Output(slot, "plain"),)], self._environment)
        (result,) = joined(printed, Slice(recipient))
        return isinstance(result, Exception) and (type(result), str(result)) == kind

    def _at_fault(self, recipient: pl.DataFrame, kind: tuple[type, str]) -> Slot | None:
        """Return the first open part that raises the same error, else one that names the field."""
        for slot in self._slots:
            tested = compile_value(slot, self._environment)
            (result,) = tested.fill(Slice(recipient).rows(tested.columns))
            if isinstance(result, Exception) and (type(result), str(result)) == kind:
                return slot
        missing = kind[1].partition("'")[2].partition("'")[0]
        named = (slot for slot in self._slots if f".{missing}" in slot.expression)
        return next(named, None) if missing else None


def problems_of(failures: Iterable[Failure], total: int) -> Iterator[Problem]:
    """
    Yield one problem for each open part that is empty for some of *total* customers.

    Also yields one for a part that fails for all customers: then the text is wrong, not the
    values.
    """
    empty: dict[Slot | None, list[str]] = defaultdict(list)
    bad: dict[Slot, list[Failure]] = defaultdict(list)
    for failure in failures:
        if failure.empty:
            empty[failure.slot].append(failure.customer)
        elif failure.slot:
            bad[failure.slot].append(failure)
    for slot, customers in empty.items():
        yield _empty(slot, customers, total)
    for slot, failed in bad.items():
        if len(failed) == total > 1:
            message = f"{failed[0].message} (for all {total:,} customers)"
            yield Problem(message=message, at=slot.at, hint=failed[0].hint)


def left_out_of(failures: Iterable[Failure], reasons: Reasons) -> Iterator[tuple[Failure, str]]:
    """Yield the failures because of a customer's own value, with the reason in words."""
    for failure in failures:
        if not failure.empty:
            yield failure, _in_words(failure, reasons)


def _in_words(failure: Failure, reasons: Reasons) -> str:
    """Return the reason as the team reads it; a calculation is `a value`."""
    name = _FIELD.fullmatch(failure.slot.written) if failure.slot else None
    what = reasons.heading(name[1]) if name else reasons.etiquette["value"]
    return reasons.etiquette[f"value_{failure.kind}"].replace("{what}", what)


_FIELD = re.compile(r"customer\.(\w+)")


def _empty(slot: Slot | None, customers: Sequence[str], total: int) -> Problem:
    what = slot.written if slot else "a value"
    return Problem(
        message=f"{what} is empty for {len(customers):,} of {total:,} customers, "
        f"for example {customers[0]}, and the text gives no default",
        at=slot.at if slot else None,
        hint=f'write {{{{ {what} | default("…") }}}} or put it under {{% if {what} %}}',
    )
