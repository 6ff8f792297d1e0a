"""The table of channels: what each needs, who must agree, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal


@dataclass(frozen=True, kw_only=True)
class ChannelKind:
    """One way to reach a customer. To add a channel, add a row to CHANNELS and an exporter."""

    noun: str
    """What one touch by it is called: letter."""
    plural: str
    how: str
    """How somebody is reached: by letter."""
    task: str
    """What the team has to do: to call."""
    aliases: str
    """Words for it in customer files, in lower case, a space between two."""
    needs: tuple[str, ...]
    """Columns of the customers that must all have a value."""
    lacking: str
    """Why it is not possible where one of them is empty."""
    consent: str = ""
    """Column with the customer's yes or no; empty: choosing the channel is their yes."""
    refused: str
    """Why it is not possible where they said no."""
    not_asked: str
    """Why it is not possible where nobody asked, and their country does not allow it so."""
    opt_in: bool = False
    """Whether it needs a yes in every country; one on the suppression list does not count."""
    posted: bool = False
    """Whether it travels by post, and so leaves before the day it is for."""
    spoken: bool = False
    """Whether people talk: there is an agenda, and an appointment in the calendar."""
    penned: bool = False
    """Whether somebody writes it by hand, with prompts for what to mention."""
    turn: int = 0
    """Its place in a day's work by hand, people first, the post last; 0: nobody's handiwork."""
    longest: int | None = None
    """Characters that one message may have; None: any number."""


_POST = ("street", "postcode", "city")

CHANNELS: Mapping[str, ChannelKind] = {
    "email": ChannelKind(
        noun="email",
        plural="emails",
        how="by email",
        task="by email",
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
        task="by letter",
        aliases="letter post brief postal lettre courrier mailing",
        needs=_POST,
        lacking="no whole postal address",
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
        task="to call",
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
        task="to write by hand",
        aliases="handwritten card karte handschriftlich carte manuscrit note",
        needs=_POST,
        lacking="no whole postal address",
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
        task="by text message",
        aliases="text sms whatsapp message textnachricht",
        needs=("phone",),
        lacking="no phone number",
        consent="consent_text",
        refused="said no to text messages",
        not_asked="has not agreed to text messages",
        turn=3,
        longest=300,  # two or three of the pieces in which phones send them
    ),
    "visit": ChannelKind(
        noun="visit",
        plural="visits",
        how="by visit",
        task="to visit",
        aliases="visit besuch visite in-person persönlich",
        needs=_POST,
        lacking="no whole postal address",
        refused="said no to visits",
        not_asked="has not chosen visits",
        spoken=True,
        turn=2,
    ),
}
"""By name, in the order in which channels are tried where nothing else is said."""

POSTED = tuple(name for name, kind in CHANNELS.items() if kind.posted)
BY_HAND = tuple(
    sorted((name for name, kind in CHANNELS.items() if kind.turn), key=lambda n: CHANNELS[n].turn)
)
"""Channels that somebody carries out, in the order in which a day's work is done."""
IN_ORDER = (*BY_HAND, *(name for name, kind in CHANNELS.items() if not kind.turn))
"""Every channel: what people carry out, then what goes out by itself."""
SPOKEN = tuple(name for name, kind in CHANNELS.items() if kind.spoken)
PENNED = tuple(name for name, kind in CHANNELS.items() if kind.penned)
AT_LENGTH = tuple(
    name for name, kind in CHANNELS.items() if not (kind.spoken or kind.penned or kind.longest)
)
"""Channels with room for whole texts: what words without a heading are written for."""
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
