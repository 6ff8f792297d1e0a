"""
Header fields of usual values, written a column at a time, equal to those of headers.py.

An expression is null for values that need more care; headers.py writes these fields.
"""

from __future__ import annotations

import polars as pl

from newsletter.export.headers import ATEXT, WIDTH

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = rf"^{ATEXT}(?:\.{ATEXT})*@(?:{_LABEL}\.)+{_LABEL}$"
_LONGEST_LOCAL = 64
_NAME = rf"^(?:{ATEXT}(?: {ATEXT})*)?$"
_LINE = r"^[!-~]+(?: [!-~]+)*$"
_URL = r"^(?:https://|mailto:)[!#-;=?-Z\[\]_a-z~]+$"

_MAILBOX = r'[^"<>\s@,;:()]+@[a-z0-9.-]+'
_PHRASE = r'(?:"[^"\\\n]*"|(?:[^"\\<>@,;:()\[\]\n]|\n )+)'
EXPECTED = (
    rf"\ATo:(?:\n? {_PHRASE}\n? <{_MAILBOX}>|\n? {_MAILBOX})\n"
    r"Subject:(?:\n? [!-~][ -~]*)+\n"
    r"Message-ID: <[0-9a-f]{32}@[a-z0-9.-]+>\n"
    r"(?:List-Unsubscribe:\n? <[!-;=?-~]+>\n"
    r"(?:List-Unsubscribe-Post: List-Unsubscribe=One-Click\n)?)?\z"
)
"""The fields of one message, each once, with exactly one recipient."""


def simple_to() -> pl.Expr:
    """Return `To` of the columns `name` and `email`; null if the name needs quotes."""
    name, email = pl.col("name"), pl.col("email")
    marked = name.str.contains("=?", literal=True) | email.str.contains("=?", literal=True)
    bracket = pl.when(name == "").then(email).otherwise(name + " <" + email + ">")
    simple = (
        email.str.contains(_ADDRESS)
        & (email.str.len_bytes() <= _LONGEST_LOCAL)  # so its local part is not too long
        & name.str.contains(_NAME)
        & ~marked
        & (bracket.str.len_bytes() + len("To: ") <= WIDTH)
    )
    return pl.when(simple).then("To: " + bracket + "\n")


def simple_subject() -> pl.Expr:
    """Return `Subject` of the column `subject`; null unless it is short and ASCII."""
    subject = pl.col("subject")
    simple = (
        subject.str.contains(_LINE)
        & ~subject.str.contains("=?", literal=True)
        & (subject.str.len_bytes() + len("Subject: ") <= WIDTH)
    )
    return pl.when(simple).then("Subject: " + subject + "\n")


def simple_unsubscribe(one_click: bool) -> pl.Expr:
    """Return `List-Unsubscribe` of the column `unsubscribe_url`; empty if there is none."""
    url = pl.col("unsubscribe_url")
    fits = url.str.len_bytes() + len("List-Unsubscribe: <>") <= WIDTH
    field = (
        pl.when(fits)
        .then(pl.lit("List-Unsubscribe: <"))
        .otherwise(pl.lit("List-Unsubscribe:\n <"))
    )
    post = pl.lit("List-Unsubscribe-Post: List-Unsubscribe=One-Click\n" if one_click else "")
    posted = pl.when(url.str.starts_with("https://")).then(post).otherwise(pl.lit(""))
    lines = field + url + ">\n" + posted
    return pl.when(url == "").then(pl.lit("")).when(url.str.contains(_URL)).then(lines)
