"""Who of the team is there on a day, and who does the work of those who are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from newsletter.model.channels import CHANNELS
from newsletter.model.config import Config
from newsletter.model.team import TeamMember


def on_duty(config: Config, day: dt.date) -> dict[str, str]:
    """
    Return for each team member the id of the one who does their work on *day*.

    Members who are there do their own. Otherwise it is the deputy, or the successor of somebody
    who has left, then the first of the team who is there and has time for the same channels. If
    nobody is there, the account manager stays.
    """
    return {
        member.id: next(_in_their_place(member, config, day), managers_on(config, day)[member.id])
        for member in config.team
    }


def managers_on(config: Config, day: dt.date) -> dict[str, str]:
    """Return for each team member the account manager of their customers: a successor, if any."""
    return {member.id: _manager(member, config, day) for member in config.team}


def team_on(config: Config, day: dt.date) -> tuple[TeamMember, ...]:
    """Return the members who have not left by *day*."""
    return tuple(member for member in config.team if not has_left(member, day))


def has_left(member: TeamMember, day: dt.date) -> bool:
    """Return whether the last day of *member* is before *day*."""
    return member.left is not None and member.left < day


def is_there(member: TeamMember, day: dt.date) -> bool:
    """Return whether *member* works on *day*."""
    return not has_left(member, day) and not any(absence.holds(day) for absence in member.away)


def _manager(member: TeamMember, config: Config, day: dt.date) -> str:
    """Return the id of *member*, or of the successor of somebody who has left."""
    chain = [member]
    while has_left(chain[-1], day) and (successor := chain[-1].handed_to):
        following = config.member(successor)
        if following in chain:
            break
        chain.append(following)
    if not has_left(chain[-1], day):
        return chain[-1].id
    others = (other.id for other in config.team if not has_left(other, day))
    return next(others, member.id)


def _in_their_place(member: TeamMember, config: Config, day: dt.date) -> Iterator[str]:
    """Yield those who may do the work of *member* on that day, the best first."""
    chain = [config.member(_manager(member, config, day))]
    while not is_there(chain[-1], day) and (deputy := chain[-1].deputy):
        following = config.member(deputy)
        if following in chain:
            break
        chain.append(following)
    there = [chain[-1], *config.team]
    able = [other for other in there if _channels(chain[0], config) <= _channels(other, config)]
    yield from (other.id for other in (there[0], *able, *there) if is_there(other, day))


def _channels(member: TeamMember, config: Config) -> set[str]:
    """Return the channels for which *member* has time."""
    usual = config.etiquette.capacity
    return {c for c in CHANNELS if member.capacity.get(c, usual.get(c, 1)) != 0}
