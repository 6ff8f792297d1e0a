"""Dialects that several programs share: those of a template language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from newsletter.export.programs.profile import Conditions, Dialect

_CURLY: Mapping[str, str] = {"{": r"[{%#]"}
DJANGO = Dialect(
    cell="{{ <name>|safe }}",
    fallback='{{ <name>|default:"<words>"|safe }}',
    conditions=Conditions(
        begin='{% if <name> == "1" %}',
        also='{% elif <name> == "1" %}',
        otherwise="{% else %}",
        end="{% endif %}",
    ),
    opens=_CURLY,
    literal={"{": '{{ "{" }}'},
)
"""Django's template language: docs.djangoproject.com/en/5.2/ref/templates/builtins/."""
LIQUID = Dialect(
    cell="{{ <name> }}",
    fallback='{{ <name> | default: "<words>" }}',
    conditions=Conditions(
        begin='{% if <name> == "1" %}',
        also='{% elsif <name> == "1" %}',
        otherwise="{% else %}",
        end="{% endif %}",
    ),
    opens=_CURLY,
    literal={"{": '{{ "{" }}'},
)
"""Liquid: shopify.github.io/liquid. It escapes nothing by itself."""


def snake_case(name: str) -> str:
    """Return a name of small letters, digits and `_`, which begins with a letter."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "field"
