"""Names that programs and people give to columns of tables: header → field."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from newsletter.model.tables import TABLES
from newsletter.read.yaml import packaged_yaml

OBJECTION = "objection"
"""Columns that say a customer does not want email: they can only take consent away."""
CONSENT = "consent_email"

EXTRA_FIELDS = ("house_number", "street_2", "name_infix")
"""Read as parts of fields of CUSTOMERS; not columns of the result."""

ORDER_FIELDS = (
    "order_number",
    "status",
    "payment_status",
    "document_type",
    "cancelled",
    "paid",
    "refunded",
)
"""Columns of orders that say which rows are none; not columns of the result."""

_PUNCTUATION = re.compile(r"[\W_]+")


@lru_cache(4096)
def key(header: str) -> str:
    """
    Return the header for comparing: without case, accents, spaces and punctuation.

    `E-Mail` → email, `Straße` → strasse, `Prénom` → prenom, `E-mail 1 - Value` → email1value.
    """
    return _PUNCTUATION.sub("", without_accents(header.casefold()))


def plain_words(text: str) -> str:
    """Return the words of a cell, for comparing: `wc-on_hold` → on hold, `Annulé !` → annule."""
    words = " ".join(_PUNCTUATION.split(without_accents(text.casefold()))).strip()
    return words.removeprefix("wc ")


def without_accents(text: str) -> str:
    """Return the letters in compatibility form without the marks on them (NFKD)."""
    decomposed = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def by_key(aliases: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """
    Return header key → (field, rank). *aliases* are words: field → its headers, joined by `_`.

    Rank 0, the preferred header, is the field's own name.
    """
    fields: dict[str, tuple[str, int]] = {}
    for field, names in aliases.items():
        for rank, name in enumerate([field, *names.split()]):
            fields.setdefault(key(name), (field, rank))
    return fields


NAMES: Any = packaged_yaml("headers.yml").data
"""The words of headers.yml."""

CUSTOMER_HEADERS = by_key(NAMES["customers"])

_IN_ANY_TABLE = {
    **NAMES["tables"],
    "customer": f"{NAMES['tables']['customer']} {NAMES['customers']['email']}",
    "email": NAMES["customers"]["email"],
}


def _parts(words: str) -> tuple[str, ...]:
    """Return the words of headers.yml under this key, for finding them in headers."""
    return tuple(key(word) for word in NAMES[words].split())


_SUPPRESSION_LISTS = _parts("suppression_lists")
_MAYBE_OBJECTION, _NO_OBJECTION = _parts("maybe_objection"), _parts("no_objection")
_MAYBE_CLOSED, _NOT_THE_CUSTOMER = _parts("maybe_closed"), _parts("not_the_customer")
_MAYBE_CONSENT, _NOT_TO_EMAIL = _parts("maybe_consent"), _parts("not_to_email")
_EMAIL_STATUS = _parts("email_status")


SHEET_NAMES: Mapping[str, tuple[str, ...]] = {
    kind: tuple(words.split()) for kind, words in NAMES["sheets"].items()
}
"""Table, or `other`: how words in the names of sheets begin that say so."""


def is_suppression_list(name: str) -> bool:
    """Return whether a name of a file or sheet says that it lists who must get no email."""
    word = key(name)
    misspelt = difflib.SequenceMatcher(None, word, "suppressed").ratio() > 0.8
    return misspelt or any(part in word for part in _SUPPRESSION_LISTS)


def may_be_consent(header: str) -> bool:
    """Return whether a column may say who agreed to email: `Newsletter erlaubt`."""
    return _has(header, _MAYBE_CONSENT, unless=_NOT_TO_EMAIL)


def may_be_objection(header: str) -> bool:
    """Return whether a column says who wants no email: `Kein Newsletter`, `Abmeldedatum`."""
    return _has(header, _MAYBE_OBJECTION, unless=_NO_OBJECTION)


def says_deceased(header: str) -> bool:
    """Return whether a column says which customers have died: `Verstorben am`."""
    return _has(header, _MAYBE_CLOSED, unless=_NOT_THE_CUSTOMER)


def is_email_status(header: str) -> bool:
    """Return whether a column says how things stand between a customer and the newsletter."""
    return _has(header, _EMAIL_STATUS, unless=())


def is_about_email(header: str) -> bool:
    """Return whether a column does not name another way of contact, such as SMS."""
    return not _has(header, _NOT_TO_EMAIL, unless=())


def is_again(header: str, field: str) -> bool:
    """Return whether a column is a further one of a field: `Newsletter 2`."""
    return CUSTOMER_HEADERS.get(key(header).rstrip("0123456789"), ("", 0))[0] == field


def _has(header: str, parts: tuple[str, ...], *, unless: tuple[str, ...]) -> bool:
    word = key(header)
    return any(part in word for part in parts) and not any(part in word for part in unless)


TABLE_HEADERS = {
    table: by_key(
        {
            field: f"{_IN_ANY_TABLE.get(field, '')} {NAMES[table].get(field, '')}"
            for field in (*schema, *(ORDER_FIELDS if table == "orders" else ()))
        }
    )
    for table, schema in TABLES.items()
}
