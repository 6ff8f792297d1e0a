"""
Programs whose exports are read as they are: how each is recognised, and what of it is its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from newsletter.read.tables.aliases import OBJECTION, key

ADDRESS = ("street", "city", "region", "postcode", "country")


@dataclass(frozen=True, kw_only=True)
class Program:
    """What is special about one program's export. Headers are written as keys (aliases.key)."""

    name: str
    marks: tuple[frozenset[str], ...]
    """The export is recognised by all headers of one of these sets."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """
    Header → field, where the aliases do not know it or mean something else; empty: a further
    column.
    """
    consent: str = ""
    """The column that holds consent; empty: the program exports none."""
    values: tuple[str, ...] = ()
    """
    Its values that mean yes, lower case; empty: any value does (the time of the confirmation).
    """
    advice: str = ""
    """How to come by consent where the export has none."""
    birthday: str = ""
    """Order of day and month in birthdays."""
    json: str = ""
    """A column of JSON objects whose keys are columns too."""
    nothing: tuple[str, ...] = ()
    """What stands in the place of an empty cell."""
    several: str = ""
    """What separates several values in one cell; the first is the main one."""
    addresses: tuple[str, ...] = ()
    """Prefixes of postal addresses, the preferred one first; one of them is taken as a whole."""
    joined_address: str = ""
    """A column with a whole postal address."""


def _sets(*marks: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(mark.split()) for mark in marks)


def _addresses(**parts: str) -> dict[str, str]:
    """Return header → `home.city` and the like, for headers such as `homecity`."""
    return {
        f"{place}{part}": f"{place}.{name}"
        for place in ("home", "business", "other")
        for name, words in parts.items()
        for part in words.split()
    }


PROGRAMS = (
    Program(
        name="Mailchimp",
        marks=_sets(
            "emailaddress memberrating", "emailaddress leid euid", "emailaddress confirmtime"
        ),
        fields={
            "confirmtime": "consent_since",
            "region": "",  # of the reader's IP address, like CC
            "unsubtime": OBJECTION,
            "cleantime": OBJECTION,
            **{f"address{part}": part for part in ADDRESS},  # of the joined address
        },
        consent="confirmtime",
        birthday="MDY",
        joined_address="address",
    ),
    Program(
        name="Brevo",
        marks=_sets("email doubleoptin", "email addedtime modifiedtime"),
        fields={"extid": "id", "optin": ""},  # the firm's own number goes before Brevo's
        consent="doubleoptin",
        values=("yes", "1", "true", "oui", "ja"),
    ),
    Program(
        name="listmonk",
        marks=_sets("uuid email name attributes status", "email name attributes"),
        # `enabled` is said of the account, also after somebody left the list or never confirmed.
        advice=(
            "export one list with subscription status 'confirmed', and say under consent: in "
            "newsletter.yml column: status, values: [enabled]"
        ),
        json="attributes",
    ),
    Program(
        name="Keila",
        marks=_sets("email firstname lastname data externalid"),
        consent="status",
        values=("active",),
        json="data",
    ),
    Program(
        name="HubSpot",
        marks=_sets("recordid lifecyclestage", "recordid leadstatus", "recordidcontact"),
        fields={"emailhardbouncereason": OBJECTION},
        consent="marketingcontactstatus",
        values=("marketing contact", "marketing", "true", "yes"),
    ),
    Program(
        name="Shopify",
        marks=_sets("acceptsemailmarketing totalorders", "acceptsemailmarketing taxexempt"),
        consent="acceptsemailmarketing",
        values=("yes", "true"),
    ),
    Program(
        name="WooCommerce",
        marks=_sets("name username lastactive signup email aov"),
    ),
    Program(
        name="Stripe",
        marks=_sets("email createdutc delinquent"),
        fields={"createdutc": "customer_since", "status": "", "plan": ""},
    ),
    Program(
        name="Google Contacts",
        marks=_sets("email1value"),
        several=":::",
    ),
    Program(
        name="Outlook",
        marks=_sets("emailaddress homestreet businessstreet"),
        fields=_addresses(
            street="street",
            city="city",
            region="state",
            postcode="postalcode",
            country="country countryregion",
        )
        | dict.fromkeys(("businessphone", "homephone", "primaryphone"), "phone")
        | {"businessstreet2": "", "account": ""},
        nothing=("0/0/00", "0.0.00", "00.00.00"),
        addresses=("home", "business", "other"),
    ),
    Program(
        name="Excel (German)",
        marks=_sets("vorname nachname plz", "nachname strasse plz", "firma strasse plz"),
    ),
)


def recognised(headers: Collection[str]) -> Program | None:
    """Return the program whose export has these headers."""
    keys = {key(header) for header in headers}
    return next((p for p in PROGRAMS if any(mark <= keys for mark in p.marks)), None)
