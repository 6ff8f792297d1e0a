"""What an answer of a server means for the message, and for those after it."""

from __future__ import annotations

import re
from enum import Enum

from newsletter.sending.smtp import Answer


class Meaning(Enum):
    """What to do after an answer."""

    SENT = "it went out"
    REFUSED = "this address is refused; the others are not"
    TOMORROW = "the server takes no more today"
    STOP = "it refuses what we send, not the address: a person must look"


_RATE = re.compile(
    r"rate|limit|quota|too many|too much|exceed|throttl|try again later|temporarily|volume", re.I
)
_RATE_STATUS = re.compile(r"\b5\.4\.5\b|\b4\.7\.\d+\b|\b4\.2\.1\b")
"""Enhanced status codes (RFC 3463) by which providers refuse for the day: 550 5.4.5 is Gmail's
`Daily user sending limit exceeded`."""
_OUR_FAULT = re.compile(r"\b5\.7\.\d+\b")
"""Policy and security (RFC 3463, 3.8): of the sender, not of an address."""


def meaning(answer: Answer) -> Meaning:
    """
    Return what an answer means.

    421, 450, 451, 452 and 454 and all that speak of a rate or a limit end the day: whoever goes
    on then is blocked for longer.
    """
    if answer.good:
        return Meaning.SENT
    if 400 <= answer.code < 500 or _RATE_STATUS.search(answer.text):
        return Meaning.TOMORROW
    if answer.to != "RCPT" or _OUR_FAULT.search(answer.text):
        return Meaning.TOMORROW if _RATE.search(answer.text) else Meaning.STOP
    return Meaning.REFUSED
