"""Messages that could not be made → what the user must mend, and who is left out meanwhile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from newsletter.errors import Problem
from newsletter.merge.merge import Failure
from newsletter.model.template import Slot


def problems_of(
    failures: Iterable[Failure], slots: Sequence[Slot], total: int
) -> Iterator[Problem]:
    """Yield one problem for each open part that says nothing to some of *total* customers."""
    by_slot: dict[int, list[str]] = defaultdict(list)
    for failure in failures:
        if failure.empty:
            by_slot[failure.slot].append(failure.customer)
    for number, customers in sorted(by_slot.items()):
        slot = slots[number]
        yield Problem(
            message=f"{slot.expression} is empty for {len(customers):,} of {total:,} customers, "
            f"for example {customers[0]}, and nothing is said instead",
            at=slot.at,
            hint=f'write {{{{ {slot.expression} | default("…") }}}} '
            f"or put it under {{% if {slot.expression} %}}",
        )


def left_out_of(failures: Iterable[Failure]) -> Iterator[tuple[str, str]]:
    """Yield the customers whose own value stopped their message, and the reason."""
    for failure in failures:
        if not failure.empty:
            yield failure.customer, f"a value in the row {failure.message}"
