"""The table of channels: their names, what they need, and whose consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal


@dataclass(frozen=True, kw_only=True)
class ChannelKind:
    """One way to reach a customer. To add a channel, add a row to CHANNELS and an exporter."""

    noun: str
    """Name of a single message or meeting: letter."""
    plural: str
    how: str
    """How somebody is reached: by letter."""
    aliases: str
    """Names of it in customer files, in lower case, separated by spaces."""
    needs: tuple[str, ...]
    """Columns of the customers that it cannot do without."""
    lacking: str
    """The reason shown if one of `needs` is empty."""
    consent: str = ""
    """Column with the customer's yes or no; empty: choosing the channel is their yes."""
    refused: str
    """The reason shown if the customer refused it."""
    not_asked: str
    """The reason shown if nobody asked and the country requires asking."""
    opt_in: bool = False
    """Whether it needs a yes in every country; suppressed addresses have none."""
    posted: bool = False
    """Whether it travels by post, so that it is sent before the day it is for."""
    spoken: bool = False
    """Whether people talk: there is an agenda, and an appointment in the calendar."""
    penned: bool = False
    """Whether somebody writes it by hand, with prompts for what to mention."""
    turn: int = 0
    """Its place in the team's work of a day, people first, post last; 0: sent automatically."""
    longest: int | None = None
    """Characters that one message may have; None: any number."""


_POST = ("street", "postcode", "city")

CHANNELS: Mapping[str, ChannelKind] = {
    "email": ChannelKind(
        noun="email",
        plural="emails",
        how="by email",
        aliases="email e-mail mail newsletter courriel",
        needs=("email",),
        lacking="no email address",
        consent="consent_email",
        refused="no consent to email",
        not_asked="no consent to email",
        opt_in=True,
    ),
    "letter": ChannelKind(
        noun="letter",
        plural="letters",
        how="by letter",
        aliases="letter post brief postal lettre courrier mailing",
        needs=_POST,
        lacking="no complete postal address",
        consent="consent_post",
        refused="said no to post",
        not_asked="has not agreed to post",
        posted=True,
        turn=5,
    ),
    "call": ChannelKind(
        noun="call",
        plural="calls",
        how="by call",
        aliases="call phone telephone telefon anruf appel téléphone phone-call",
        needs=("phone",),
        lacking="no phone number",
        consent="consent_phone",
        refused="said no to calls",
        not_asked="has not agreed to calls",
        spoken=True,
        turn=1,
    ),
    "handwritten": ChannelKind(
        noun="handwritten note",
        plural="handwritten notes",
        how="by hand",
        aliases="handwritten card karte handschriftlich carte manuscrit note",
        needs=_POST,
        lacking="no complete postal address",
        consent="consent_post",
        refused="said no to post",
        not_asked="has not agreed to post",
        posted=True,
        penned=True,
        turn=4,
    ),
    "text": ChannelKind(
        noun="text message",
        plural="text messages",
        how="by text",
        aliases="text sms whatsapp message textnachricht",
        needs=("phone",),
        lacking="no phone number",
        consent="consent_text",
        refused="said no to text messages",
        not_asked="has not agreed to text messages",
        turn=3,
        longest=300,  # phones send it in two or three parts
    ),
    "visit": ChannelKind(
        noun="visit",
        plural="visits",
        how="by visit",
        aliases="visit besuch visite in-person persönlich",
        needs=_POST,
        lacking="no complete postal address",
        refused="said no to visits",
        not_asked="has not chosen visits",
        spoken=True,
        turn=2,
    ),
}
"""By name, in the default order in which channels are tried."""

POSTED = tuple(name for name, kind in CHANNELS.items() if kind.posted)
BY_HAND = tuple(
    sorted((name for name, kind in CHANNELS.items() if kind.turn), key=lambda n: CHANNELS[n].turn)
)
"""Channels that the team carries out, in the order of a day's work."""
IN_ORDER = (*BY_HAND, *(name for name, kind in CHANNELS.items() if not kind.turn))
"""Every channel: those that the team carries out, then the automatic ones."""
SPOKEN = tuple(name for name, kind in CHANNELS.items() if kind.spoken)
PENNED = tuple(name for name, kind in CHANNELS.items() if kind.penned)
AT_LENGTH = tuple(
    name for name, kind in CHANNELS.items() if not (kind.spoken or kind.penned or kind.longest)
)
"""Channels with room for whole texts. Text without a heading is written for these."""
WITHOUT_ASKING = tuple(name for name, kind in CHANNELS.items() if not kind.opt_in)
"""Channels that the customs of a country may allow until somebody objects."""

if TYPE_CHECKING:
    Channel = str
    Preference = str
    UnaskedChannel = str
else:
    Channel = Literal[tuple(CHANNELS)]
    Preference = Literal[("preferred", *CHANNELS)]
    """What a practice may list."""
    UnaskedChannel = Literal[WITHOUT_ASKING]
