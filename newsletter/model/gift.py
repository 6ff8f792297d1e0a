"""A gift: a thing or a voucher that goes with a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Gift:
    """The gift of a touchpoint."""

    kind: Literal["voucher", "item"]
    name: str
    """Of an item: what it is. Of a voucher: empty, or what it is for."""
    worth: float
    """Its value to the customer, in *currency*; 0 where it is a share of the price."""
    cost: float
    """Its cost to the business; by default the worth."""
    currency: str
    """ISO 4217."""
    valid_days: int
    """Of a voucher: days from the day it is for until it expires."""
    conditions: str
    """Printed beside the code; may be empty."""
    percent: float = 0
    """Of a voucher that takes a share off the price: 10 for 10 %."""
    category: str = ""
    """Only for customers who bought something in this category; empty: for all."""
    segment: str = ""
    """Only for customers of this segment, a yes/no fact; empty: for all."""
