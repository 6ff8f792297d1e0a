"""Dialects that several programs share: those of a template language."""

from __future__ import annotations

import re
from dataclasses import replace

from newsletter.export.programs.profile import UNSEEN, Conditions, Dialect

_IF = Conditions(
    begin='{% if <name> == "1" %}',
    also='{% elif <name> == "1" %}',
    otherwise="{% else %}",
    end="{% endif %}",
)
DJANGO = Dialect(
    cell="{{ <name>|safe }}",
    fallback='{{ <name>|default:"<words>"|safe }}',
    conditions=_IF,
    opens={"{": r"[{%#]"},
    literal={"{": '{{ "{" }}'},
)
"""Django's template language: docs.djangoproject.com/en/5.2/ref/templates/builtins/."""
LIQUID = replace(
    DJANGO,
    cell="{{ <name> }}",
    fallback='{{ <name> | default: "<words>" }}',
    conditions=replace(_IF, also='{% elsif <name> == "1" %}'),
)
"""Liquid: shopify.github.io/liquid. It escapes nothing by itself."""
JINJA = replace(DJANGO, cell="{{ <name> }}", fallback='{{ <name>|default("<words>", true) }}')
"""Jinja: jinja.palletsprojects.com/en/stable/templates/."""
_LONELY = re.compile(r"^[ \t]*\{\{(?:#if|else|/if)[^{}]*\}\}(?=[ \t]*$)", re.MULTILINE)
_BEFORE_BRACE = re.compile(r"(?<!\{)(?:\{\{[^{}]*\}\}|\{\{\{[^{}]*\}\}\})(?=\})")


def _with_all_signs(text: str) -> str:
    """
    Return a text in which Handlebars takes no line break and no brace for a part of a tag.

    It prints no line in which a tag is alone, and ends a tag with the last of several braces.
    """
    text = _BEFORE_BRACE.sub(lambda tag: f"{tag[0]}{{{{!}}}}", text)
    return _LONELY.sub(lambda tag: f"{tag[0]}{UNSEEN}", text)


HANDLEBARS = Dialect(
    cell="{{{<name>}}}",
    fallback="{{#if <name>}}{{{<name>}}}{{else}}<words>{{/if}}",
    not_in_words="{}\\\r\n",
    conditions=Conditions(
        begin="{{#if <name>}}",
        also="{{else if <name>}}",
        otherwise="{{else}}",
        end="{{/if}}",
    ),
    opens={"{": r"\{", "\\": "(?!)"},
    finished=_with_all_signs,
)
"""Handlebars: handlebarsjs.com/guide. A text that is `1` is true; `\\` before a tag prints it."""
_HELPERS = {
    *("and", "each", "else", "equals", "if", "insert", "length", "log", "lookup", "or", "this"),
    *("unless", "with"),
}


def handlebars_name(name: str) -> str:
    """Return a name of small letters, digits and `_`, which is no helper of Handlebars."""
    name = snake_case(name)
    return f"{name}_" if name in _HELPERS else name


def snake_case(name: str) -> str:
    """Return a name of small letters, digits and `_`, which begins with a letter."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "field"
