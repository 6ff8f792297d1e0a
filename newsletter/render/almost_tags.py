"""Finds what looks like a field but would be printed as it is: `{ customer.city }`, `[[city]]`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.errors import Problem
from newsletter.model.source import Source
from newsletter.model.tables import CUSTOMERS
from newsletter.read.people.header_names import CUSTOMER_HEADERS, key
from newsletter.render.markdown import is_in_code

_SPACE = r"[^\S\n]*"
_NAME = r"(?P<{}>(?:customer *[.．] *)?[^\W\d][\w-]*(?: [\w-]+)*)"
_FORMS = (
    rf"(?<!\{{)\$?\{{(?!\{{){_SPACE}(?:\{{{_SPACE})?\$?{_NAME}{_SPACE}\}}(?:{_SPACE}\}})?",
    rf"｛{_SPACE}｛?{_SPACE}{_NAME}{_SPACE}｝{_SPACE}｝?",
    rf"\[\[{_SPACE}{_NAME}{_SPACE}\]\]",
    rf"\*\|{_NAME}\|\*",
    rf"<<{_SPACE}{_NAME}{_SPACE}>>",
    rf"%%?{_NAME}%%?",
)
"""Marks of this program with a slip, and those of others."""
_ALMOST = re.compile(
    "|".join(form.replace("?P<{}>", f"?P<n{n}>") for n, form in enumerate(_FORMS))
)


_AS_IT_IS = "to print it as it is, put it in a code span or set `template: false`"


def almost_tags(source: Source) -> Iterator[Problem]:
    """Yield a problem for each name of a field, outside code, between marks other than `{{ }}`."""
    for match in _ALMOST.finditer(source.text):
        field = _field(next(name for name in match.groups() if name))
        if field and not is_in_code(source.text, match.start()):
            hint = f"write {{{{ customer.{field} }}}}; {_AS_IT_IS}"
            at = source.place_of(match.start())
            yield Problem(f"'{match[0]}' would be printed as it is", at, hint=hint)


def _field(name: str) -> str:
    """Return the field of customers that a name means; nothing if it is some other word."""
    whole, _, part = name.replace("．", ".").rpartition(".")
    usual = CUSTOMER_HEADERS.get(key(part), ("", 0))[0]
    return usual if usual in CUSTOMERS else part.strip() if whole else ""
