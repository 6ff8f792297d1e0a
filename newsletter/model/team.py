"""The team of newsletter.yml: who looks after customers, when they are away, and who has left."""

from __future__ import annotations

import re

from pydantic import Field

from newsletter.model.channels import Channel
from newsletter.model.permalink import DEVICE
from newsletter.model.strict import Strict
from newsletter.model.values import (
    Absences,
    ADay,
    Day,
    Email,
    Language,
    Localised,
)

Capacity = dict[Channel, ADay]
"""Channel → touchpoints a day: 5, or `5 a day`. A channel that is not named has no limit."""


_ID = re.compile(r"[^\W_][\w-]{0,40}")
"""An id that is a file name on every system."""
_PAGES = re.compile(r"index|gifts|.*-(?:calls|handwritten)", re.I)
"""Other pages beside those of the team, and further pages of a member."""


class TeamMember(Strict):
    """An account manager: the named contact a customer has."""

    id: str
    name: str
    role: Localised = Localised("")
    phone: str = ""
    email: Email | None = None
    photo: str = ""
    """A picture below content/, as written in Markdown: images/maya.png."""
    languages: tuple[Language, ...] = ()
    capacity: Capacity = Field(default_factory=dict)
    """Overrides that of the etiquette, channel by channel."""
    away: Absences = ()
    """Days on which the deputy does their work."""
    deputy: str = ""
    """Id of another member; empty: the first of the team who is there."""
    left: Day | None = None
    """Their last day; after it their customers have another account manager."""
    handed_to: str = ""
    """Id of that one; empty: the first of the team."""


def checked_team(team: tuple[TeamMember, ...]) -> tuple[TeamMember, ...]:
    """Return the team; raises ValueError(message, hint) for ids that are wrong."""
    ids = [member.id for member in team]
    for key in ids:
        message = f"'{key}' cannot be the id of a team member"
        if not _ID.fullmatch(key):
            hint = "write letters, digits and hyphens, such as nora: it becomes the name of a page"
            raise ValueError(message, hint)
        if _PAGES.fullmatch(key) or DEVICE.fullmatch(key):
            hint = "it becomes the name of a page, and this one is taken; add a letter or a digit"
            raise ValueError(message, hint)
    folded = [key.casefold() for key in ids]
    twice = sorted(key for key in ids if folded.count(key.casefold()) > 1)
    if twice:
        raise ValueError(
            f"two team members have the id '{twice[0]}'", "give each member an id of their own"
        )
    for member in team:
        _check_others(member, ids)
    if team and all(member.left for member in team):
        raise ValueError("everybody has left the team", "name somebody who looks after them")
    return team


def _check_others(member: TeamMember, ids: list[str]) -> None:
    """Raise ValueError if deputy or successor are no other members."""
    for key, other in (("deputy", member.deputy), ("handed_to", member.handed_to)):
        if other and (other not in ids or other == member.id):
            others = ", ".join(name for name in ids if name != member.id)
            hint = f"name another member of the team: {others}"
            raise ValueError(f"'{other}' cannot be '{key}' of {member.id}", hint)
    if member.handed_to and not member.left:
        hint = "write the last day: left: 2026-11-30"
        raise ValueError(f"'handed_to' of {member.id} needs 'left'", hint)
