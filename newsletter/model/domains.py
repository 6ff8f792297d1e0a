"""Email addresses as they are compared, and international domain names as servers take them."""

from __future__ import annotations

import re
from urllib.parse import quote

import polars as pl

_FULL_STOPS = re.compile("[.\u3002\uff0e\uff61]")
_HOST = re.compile(r"(?:https?://(?:[^/?#@]*@)?|mailto:[^?@]*@)([^/?#:,]+)")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


UNSEEN_BUT_SPACES = (
    r"[\p{C}\u{A0}\u{2000}-\u{200F}\u{2028}-\u{202F}\u{205F}\u{3000}"
    r"\u{34F}\u{115F}\u{1160}\u{17B4}\u{17B5}\u{180B}-\u{180F}\u{3164}\u{FE00}-\u{FE0F}"
    r"\u{FFA0}\u{E0100}-\u{E01EF}]"
)
"""Regular expression of what nobody sees in an address: controls, formats, fillers."""
_ADDRESS_LETTERS = r"\p{L}\p{N}!#$%&'*+/=?^_`{|}~.@-"
"""What an address may hold (RFC 5322, RFC 6531), its domain included."""


def folded_address(column: str) -> pl.Expr:
    """
    Return addresses as they are compared: somebody who said no as Anna@… gets nothing as anna@….

    In compatible forms (NFKC) and lower case, without anything that no address has, and without
    signs around it: a quote of Excel, a bracket, `mailto:` and `?subject=…`.
    """
    text = pl.col(column).str.normalize("NFKC").str.to_lowercase()
    return (
        text.str.replace(r"^\s*mailto:", "")
        .str.replace_all(rf"[^{_ADDRESS_LETTERS}]", "")
        .str.replace(r"^[^\p{L}\p{N}_]+", "")
        .str.replace(r"[^\p{L}\p{N}_]+@", "@")
        .str.replace(r"(@[\p{L}\p{N}.-]*[\p{L}\p{N}]).*$", "${1}")
    )


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


def ascii_url(url: str) -> str:
    """Return an https: or mailto: address in ASCII, as headers need it; `{token}` stays."""
    host = _HOST.match(url)
    if host:
        url = url[: host.start(1)] + ascii_domain(host[1]) + url[host.end(1) :]
    return _NOT_ASCII.sub(lambda letters: quote(letters[0]), url)


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    import idna  # noqa: PLC0415  # rarely needed, and its tables take a while to load

    try:
        mapped = idna.uts46_remap(label, std3_rules=False)
        return mapped if mapped.isascii() else idna.alabel(mapped).decode("ascii")
    except idna.IDNAError:
        return label
