"""Email addresses: what can be mailed, in the form in which it is compared and sent."""

from __future__ import annotations

import polars as pl

from newsletter.model.domains import ascii_domain
from newsletter.read.people.findings import Column, Findings, Reading, quoted, remark_each

# RFC 5322 dot-atom; RFC 5321 4.5.3.1: 64 octets before the @, 254 in all.
_LOCAL = r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$"
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = rf"^({_LABEL}\.)+([a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})$"
_CONTROLS = r"[\x00-\x20\x7F-\xA0\u{2028}\u{2029}\u{202A}-\u{202E}\u{2066}-\u{2069}]"
_HINT = "write one address such as name@example.com, or leave the cell empty"


def read_email(column: Column, findings: Findings) -> Reading:
    """
    Read addresses: the domain in lower case and A-labels (RFC 5890), the local part as written.

    A local part that is not ASCII is right but few servers take it (RFC 6531): it becomes null,
    with a remark.
    """
    frame = pl.DataFrame({"whole": column.text})
    parts = frame.select(
        local=pl.col("whole").str.extract(r"(?s)^(.*)@"),
        domain=pl.col("whole").str.extract(r"(?s)@([^@]*)$").str.to_lowercase(),
        foreign=pl.col("whole").str.contains(r"(?s)[^\x00-\x7F].*@").fill_null(False),
    )
    domain = _a_labels(parts["domain"])
    right = (
        domain.str.contains(_DOMAIN)
        & (parts["local"].str.len_bytes() <= 64)
        & (parts["local"].str.contains(_LOCAL) | parts["foreign"])
        & ~column.text.str.contains(_CONTROLS)
        & ~column.text.str.contains("=?", literal=True)
        & ~parts["local"].str.contains(r'[@,;<>()"\s]')
    ).fill_null(False)
    wrong = column.text.is_not_null() & ~right
    findings.bad(column, wrong, what="is not an email address", hint=_HINT)
    _remark_foreign(column, right & parts["foreign"], findings=findings)
    usable = right & ~parts["foreign"]
    address = pl.DataFrame({"l": parts["local"], "d": domain, "ok": usable}).select(
        pl.when("ok").then(pl.concat_str("l", pl.lit("@"), "d")).alias("email")
    )
    return Reading(address.to_series(), "email address")


def _a_labels(domain: pl.Series) -> pl.Series:
    """Return the domains in A-labels; only the few that are not ASCII pass through Python."""
    foreign = domain.filter(domain.str.contains(r"[^\x00-\x7F]")).unique().drop_nulls().to_list()
    if not foreign:
        return domain
    return domain.replace(foreign, [ascii_domain(text) for text in foreign])


def _remark_foreign(column: Column, mask: pl.Series, *, findings: Findings) -> None:
    rows, values = column.rows.filter(mask), column.text.filter(mask)
    remark_each(
        findings,
        (
            (row, f"column '{column.header}': {quoted(value)} cannot be mailed by every server")
            for row, value in zip(rows, values, strict=True)
        ),
        hint="the address was left out; ask for one with plain letters before the @",
        rest="addresses that cannot be mailed by every server",
    )
