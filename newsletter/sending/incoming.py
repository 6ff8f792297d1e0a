"""What a message that came in means: a bounce, a complaint, a no, an answer, or nothing to do."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

from flufl.bounce import all_failures
from mailparser_reply import EmailReplyParser

from newsletter.read.yaml import packaged_yaml

_WORDS: Any = packaged_yaml("replies.yml").data
_TOKEN = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_SCORE = re.compile(r"(?<![\w.])(10|\d)(?![\w.])")
_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_LONGEST = 4000
"""Characters of a reply that are kept."""
_SHORT = 200
"""Characters of a reply that may be nothing but a wish to leave: longer ones tell more."""


class Kind(Enum):
    """What a message is."""

    DEAD = "bounce: there is no such address"
    SOFT = "bounce: the mailbox is full, or not reached for now"
    POLICY = "bounce: the provider refuses what we send"
    COMPLAINT = "complaint: marked as spam"
    LEAVE = "asks by its token to get no more"
    MAYBE_LEAVE = "seems to ask for no more, in words"
    SCORE = "an answer to the survey"
    REPLY = "a reply"
    AUTOMATIC = "an automatic reply"
    OTHER = "not about our messages"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A message, read."""

    kind: Kind
    sender: str
    """The address in From, in small letters; nobody has checked it."""
    ids: frozenset[str] = frozenset()
    """Message-IDs of messages that it is about."""
    addresses: frozenset[str] = frozenset()
    """Of a bounce or complaint: the recipients it names, in small letters."""
    tokens: tuple[str, ...] = ()
    status: str = ""
    """Of a bounce: 5.1.1 (RFC 3463)."""
    text: str = ""
    """Of a reply: its words without what it quotes."""
    score: int | None = None
    date: dt.datetime | None = None
    message_id: str = ""


def read_incoming(content: bytes) -> Incoming:
    """
    Return what a message is.

    No sender is trusted; what nobody can read is not about our messages.
    """
    try:
        return _read(content)
    except Exception:  # noqa: BLE001  # strangers write it, and parsers of mail raise anything
        return Incoming(kind=Kind.OTHER, sender="")


def _read(content: bytes) -> Incoming:
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    about = {
        "sender": _address(message),
        "date": _date(message),
        "message_id": str(message.get("Message-ID", "")).strip(),
    }
    return (
        _complaint(message, about)
        or _bounce(message, about)
        or _automatic(message, about)
        or _personal(message, about)
    )


def _complaint(message: EmailMessage, about: dict[str, Any]) -> Incoming | None:
    """Read a report of abuse (ARF, RFC 5965)."""
    reports = [p for p in message.walk() if p.get_content_type() == "message/feedback-report"]
    if not reports:
        return None
    fields = _fields(reports[0])
    named = [v for k, v in fields if k in ("original-rcpt-to", "removal-recipient")]
    return Incoming(
        kind=Kind.COMPLAINT, ids=_ids(message), addresses=_addresses_in(named), **about
    )


def _bounce(message: EmailMessage, about: dict[str, Any]) -> Incoming | None:
    """Read a notice of what did not arrive: a DSN (RFC 3464), or one in a form of its own."""
    reports = [p for p in message.walk() if p.get_content_type() == "message/delivery-status"]
    fields = [field for report in reports for field in _fields(report)]
    status = next((v.split()[0] for k, v in fields if k == "status" and v.strip()), "")
    named = [
        v.rpartition(";")[2] for k, v in fields if k in ("final-recipient", "original-recipient")
    ]
    if fields and any(k == "action" and v.strip().lower() == "failed" for k, v in fields):
        kind = _kind_of(status)
    elif fields:
        kind = Kind.SOFT if any(v.strip().lower() == "delayed" for _, v in fields) else Kind.OTHER
        if kind is Kind.SOFT:
            kind = Kind.AUTOMATIC  # it is still on its way
    else:
        temporary, permanent = all_failures(message) if about["sender"] else ((), ())
        if not (temporary or permanent):
            return None
        kind = Kind.DEAD if permanent else Kind.SOFT
        named = [address.decode("ascii", "replace") for address in permanent or temporary]
    return Incoming(
        kind=kind, ids=_ids(message), addresses=_addresses_in(named), status=status, **about
    )


def _kind_of(status: str) -> Kind:
    """Return the kind of a bounce by its status (RFC 3463)."""
    if re.match(r"5\.7\.", status):
        return Kind.POLICY
    if re.match(r"5\.1\.", status) or status in ("5.2.1", "5.0.0"):
        return Kind.DEAD
    return Kind.SOFT


def _automatic(message: EmailMessage, about: dict[str, Any]) -> Incoming | None:
    """Recognise replies that no person wrote (RFC 3834, and older habits)."""
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    older = any(message.get(name) for name in ("X-Autoreply", "X-Autorespond"))
    precedence = str(message.get("Precedence", "")).strip().lower()
    if submitted != "no" or older or precedence in ("auto_reply", "bulk", "junk", "list"):
        return Incoming(kind=Kind.AUTOMATIC, **about)
    return None


def _personal(message: EmailMessage, about: dict[str, Any]) -> Incoming:
    """Read what a person wrote."""
    to = " ".join(str(v) for name in ("To", "Delivered-To") for v in message.get_all(name, []))
    subject, text = str(message.get("Subject", "")), _reply(message)
    tokens = tuple(dict.fromkeys(_TOKEN.findall(f"{to} {subject} {text}")))
    words = " ".join(f"{subject} {text}".casefold().split())
    ids = frozenset(
        _ID.findall(f"{message.get('In-Reply-To', '')} {message.get('References', '')}")
    )
    kind, score = Kind.REPLY if text else Kind.OTHER, None
    wants = any(phrase in words for phrase in _WORDS["leave"])
    if tokens and (wants or "unsubscribe" in f"{to} {subject}".casefold()):
        kind = Kind.LEAVE
    elif tokens and (number := _SCORE.search(subject)):
        kind, score = Kind.SCORE, int(number[1])
    elif wants and len(text) <= _SHORT:
        kind = Kind.MAYBE_LEAVE
    return Incoming(kind=kind, ids=ids, tokens=tokens, text=text, score=score, **about)


def _reply(message: EmailMessage) -> str:
    """Return the words of a message, without what it quotes."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeError):
        text = (body.get_payload(decode=True) or b"").decode("latin-1")  # type: ignore[union-attr]
    if body.get_content_subtype() == "html":
        text = re.sub(r"(?is)<(style|script)\b.*?</\1>|<blockquote\b.*", " ", text)
        text = re.sub(r"(?i)<br\s*/?>|</p>|</div>", "\n", text)
        text = re.sub(r"<[^>]*>", "", text)
    parsed = EmailReplyParser(languages=_WORDS["languages"]).parse_reply(text=text) or ""
    return parsed.strip()[:_LONGEST]


def _ids(message: EmailMessage) -> frozenset[str]:
    """Return the Message-IDs of the message that comes back with a report, whole or its header."""
    texts: list[str] = []
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            texts += [str(each.get("Message-ID", "")) for each in inner]  # type: ignore[union-attr]
        elif part.get_content_type() == "text/rfc822-headers":
            texts += re.findall(r"(?im)^Message-ID:\s*(<[^>]+>)", str(part.get_payload()))
    return frozenset(_ID.findall(" ".join(texts)))


def _fields(report: EmailMessage) -> Iterator[tuple[str, str]]:
    """Yield the fields of a report in small letters, those of all its blocks."""
    payload = report.get_payload()
    blocks = payload if isinstance(payload, list) else [report]
    for block in blocks:
        if isinstance(block, Message):
            yield from ((name.lower(), str(value)) for name, value in block.items())
    if isinstance(payload, str):
        for name, value in re.findall(r"(?m)^([\w-]+):[ \t]*(.*)$", payload):
            yield name.lower(), value


def _addresses_in(values: list[str]) -> frozenset[str]:
    addresses = (re.search(r"[^\s<>;]+@[^\s<>;]+", value) for value in values)
    return frozenset(match[0].lower() for match in addresses if match)


def _address(message: EmailMessage) -> str:
    addresses = getattr(message.get("From"), "addresses", ())
    return addresses[0].addr_spec.lower() if addresses else ""


def _date(message: EmailMessage) -> dt.datetime | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", "")))
    except (TypeError, ValueError):
        return None
