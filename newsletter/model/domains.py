"""International domain names in the form that mail servers and browsers exchange."""

from __future__ import annotations

import re

_FULL_STOPS = re.compile("[.\u3002\uff0e\uff61]")


def ascii_domain(domain: str) -> str:
    """
    Return *domain* in lower case and A-labels: `Müll.example` → `xn--mll-hoa.example`.

    Letters are mapped as in browsers (UTS 46, IDNA 2008): `ß` stays distinct, full-width letters
    and ligatures become plain ones. A label that no registry accepts stays unchanged, so the
    caller's check for ASCII refuses it. ASCII labels are not checked here.
    """
    if domain.isascii():
        return domain.lower()
    return ".".join(_ascii_label(label.lower()) for label in _FULL_STOPS.split(domain))


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    import idna  # noqa: PLC0415  # rarely needed, and its tables take a while to load

    try:
        mapped = idna.uts46_remap(label, std3_rules=False)
        return mapped if mapped.isascii() else idna.alabel(mapped).decode("ascii")
    except idna.IDNAError:
        return label
