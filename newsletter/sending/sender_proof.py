"""What DNS says of who may send for a domain: SPF, DKIM, DMARC (RFC 7208, 6376, 7489)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsletter.sending.mail_dns import has_names_below, texts

_MOST_LOOKUPS = 10
"""RFC 7208, 4.6.4."""
_ASKING = re.compile(r"[+?~-]?(include:|a\b|mx\b|ptr\b|exists:)|redirect=", re.I)
_INCLUDING = re.compile(r"(?:[+?~-]?include:|redirect=)([^%\s]+)", re.I)
_NAMING = re.compile(r"[+?~-]?(?:a|mx|ptr|exists|ip4|ip6)\b|.*%", re.I)
_SELECTORS = ("default", "dkim", "mail", "google", "selector1", "s1", "k1", "fm1")
"""Usual names of keys, for name servers that deny a name with names below it (RFC 8020)."""
_POLICY = re.compile(r"v\s*=\s*DMARC1\s*;(?:.*;)?\s*p\s*=\s*(none|quarantine|reject)\b", re.I)


@dataclass(frozen=True)
class Spf:
    """What the SPF records of a domain come to."""

    records: list[str]
    lookups: int
    """Questions to DNS that a receiver has to ask, at least."""

    @property
    def fault(self) -> str:
        """What is wrong: none, several, all, long; empty: nothing."""
        if len(self.records) != 1:
            return "several" if self.records else "none"
        if re.search(r"(?:^|\s)\+?all(?:\s|$)", self.records[0], re.I):
            return "all"
        return "long" if self.lookups > _MOST_LOOKUPS else ""

    @property
    def included(self) -> list[str]:
        """The domains whose servers may send; empty if it names servers in other ways, too."""
        terms = self.records[0].split()[1:] if len(self.records) == 1 else []
        if any(_NAMING.match(term) for term in terms):
            return []
        return [match[1].lower() for term in terms if (match := _INCLUDING.fullmatch(term))]


def spf_of(domain: str) -> Spf:
    """Return what the SPF records of a domain come to, with those that they include."""
    records = _spf_records(domain)
    lookups, waiting, included = 0, records[:1], set[str]()
    while waiting and lookups <= _MOST_LOOKUPS:
        for term in waiting.pop().split()[1:]:
            lookups += bool(_ASKING.match(term))
            match = _INCLUDING.fullmatch(term)
            if match and match[1] not in included and lookups <= _MOST_LOOKUPS:
                included.add(match[1])
                waiting += _spf_records(match[1])[:1]
    return Spf(records, lookups)


def has_dkim(domain: str) -> bool:
    """Return whether a domain has keys with which its messages may be signed."""
    place = f"_domainkey.{domain}"
    return has_names_below(place) or any(has_names_below(f"{name}.{place}") for name in _SELECTORS)


def dmarc_of(domain: str) -> tuple[list[str], bool]:
    """Return the DMARC records of a domain, or of the next above it, and whether they count."""
    labels = domain.split(".")
    for first in range(len(labels) - 1):
        if records := texts(f"_dmarc.{'.'.join(labels[first:])}", beginning="v=dmarc1"):
            return records, len(records) == 1 and bool(_POLICY.match(records[0]))
    return [], False


def _spf_records(domain: str) -> list[str]:
    records = texts(domain, beginning="v=spf1")
    return [text for text in records if text.lower().split()[0] == "v=spf1"]
