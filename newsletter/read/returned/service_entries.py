"""Reads the JSON in which mailing services tell what came of each message."""

from __future__ import annotations

import json
from collections.abc import Iterator

from newsletter.errors import NewsletterError, Place

Entry = dict[str, str | None]
_DEEPEST = 6
_EVENT = ("eventType", "notificationType")
"""Of Amazon SES: the name of the object with the rest."""
_ADDRESSES = ("email", "emailaddress", "recipient", "address")


def read_entries(data: bytes, *, shown: str) -> list[Entry]:
    """
    Return an entry for each address of each event: its texts by their names, without layers.

    The list may lie within objects, as in the answers of APIs. Raises NewsletterError.
    """
    entries = list(_entries(_parsed(data, shown), _DEEPEST))
    if not entries:
        hint = "export who left, bounced or complained"
        raise NewsletterError.at("no entry has an email address", Place(path=shown), hint=hint)
    return entries


def _parsed(data: bytes, shown: str) -> object:
    text = data.decode("utf-8-sig", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        at = Place(path=shown)
        raise NewsletterError.at("the file is no whole JSON", at, hint="export it again") from None


def _entries(value: object, deepest: int) -> Iterator[Entry]:
    if not deepest:
        return
    if isinstance(value, list):
        for each in value:
            yield from _entries(each, deepest - 1)
    elif isinstance(value, dict):
        message = value.get("Message")  # as Amazon SNS wraps it
        if isinstance(message, str) and message.startswith("{"):
            yield from _entries(_parsed(message.encode(), ""), deepest - 1)
        elif any(isinstance(value.get(name), str) for name in _EVENT):
            yield from _of_ses(value)
        elif any(name.replace("_", "").lower() in _ADDRESSES for name in value):
            yield _texts(value)
        else:
            for each in value.values():
                yield from _entries(each, deepest - 1)


def _of_ses(event: dict[str, object]) -> Iterator[Entry]:
    """Yield an entry for each recipient (docs.aws.amazon.com/ses/latest/dg/event-publishing)."""
    name = next(str(event[name]) for name in _EVENT if name in event)
    known = {key.lower(): value for key, value in event.items()}
    details, mail = known.get(name.replace(" ", "").lower()), known.get("mail")
    whole = _texts(event) | (_texts(details) if isinstance(details, dict) else {})
    lists = (
        [v for v in details.values() if isinstance(v, list)] if isinstance(details, dict) else []
    )
    recipients = [each for found in lists for each in found if isinstance(each, dict)]
    if recipients:
        yield from (whole | _texts(each) for each in recipients)
    elif isinstance(mail, dict) and isinstance(mail.get("destination"), list):
        yield from (whole | {"email": str(address)} for address in mail["destination"])


def _texts(entry: dict[str, object]) -> Entry:
    plain = {name: value for name, value in entry.items() if not isinstance(value, dict | list)}
    return {name: None if value is None else str(value) for name, value in plain.items()}
