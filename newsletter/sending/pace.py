"""How many messages a provider takes, and when the next may go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.model.account import MailAccount
from newsletter.read.mail_providers import provider_with

_MINUTE, _HOUR, _DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Messages that a provider takes; 0: no limit is known."""

    per_minute: int = 0
    per_hour: int = 0
    per_day: int = 0
    source: str = ""
    """The page of the provider that says so; empty: newsletter.yml does."""


def limits_of(account: MailAccount) -> Limits:
    """Return the limits that newsletter.yml names, else those that the provider publishes."""
    limits = Limits(
        per_minute=account.per_minute, per_hour=account.per_hour, per_day=account.per_day
    )
    provider = provider_with(account.smtp)
    if limits != Limits() or not provider:
        return limits
    return Limits(
        per_minute=provider.per_minute,
        per_hour=provider.per_hour,
        per_day=provider.per_day,
        source=provider.limits,
    )


class Pace:
    """Keeps to the limits of a provider."""

    def __init__(self, limits: Limits | None = None, times: Iterable[dt.datetime] = ()) -> None:
        """*times* are those at which messages went out, of all mailings."""
        self._limits, self._times = limits or Limits(), sorted(times)

    def note(self, time: dt.datetime) -> None:
        """Count a message that has gone out."""
        self._times.append(time)

    def in_a_day(self, now: dt.datetime) -> int:
        """Return how many messages went out in the last 24 hours."""
        return sum(time > now - _DAY for time in self._times)

    def seconds(self, now: dt.datetime) -> float:
        """Return how long to wait until the next message of this minute may go."""
        free = self._free(self._limits.per_minute, _MINUTE)
        return max(0.0, (free - now).total_seconds()) if free else 0.0

    def full(self, now: dt.datetime) -> tuple[str, dt.datetime] | None:
        """Return which limit is reached, and when the next message may go; None: none is."""
        limits = self._limits
        for count, span, words in (
            (limits.per_day, _DAY, "in 24 hours"),
            (limits.per_hour, _HOUR, "an hour"),
        ):
            free = self._free(count, span)
            if free and free > now:
                source = limits.source or "account: in newsletter.yml"
                messages = f"{count:,} message{'s' if count > 1 else ''}"
                return f"your provider takes {messages} {words} ({source})", free
        return None

    def _free(self, count: int, span: dt.timedelta) -> dt.datetime | None:
        """Return when fewer than *count* messages lie in the span; None: they always do."""
        return self._times[-count] + span if count and len(self._times) >= count else None
