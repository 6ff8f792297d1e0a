"""listmonk: Go's html/template with sprig, and a CSV with a column of JSON."""

from __future__ import annotations

import re

from newsletter.export.programs.contact_files import addresses_file, csv_with_json
from newsletter.export.programs.families import snake_case
from newsletter.export.programs.profile import Conditions, Dialect, Fields, Program


def _as_it_is(text: str) -> str:
    """
    Return what prints a text letter by letter.

    html/template leaves out comments, which Outlook needs, and escapes values by the tags before
    them. It sees no tags where `Safe` prints them.
    """
    if "<" not in text:
        return text
    parts = re.split("(`+)", text)
    return "".join(f'{{{{ Safe "{p}" }}}}' if "`" in p else f"{{{{ Safe `{p}` }}}}" for p in parts)


PROGRAM = Program(
    name="listmonk",
    title="listmonk",
    dialect=Dialect(
        cell="{{ Safe <name> }}",
        fallback='{{ Safe (<name> | default "<words>") }}',
        not_in_words='"\\{}\r\n',
        conditions=Conditions(
            begin='{{ if eq <name> "1" }}',
            also='{{ else if eq <name> "1" }}',
            otherwise="{{ else }}",
            end="{{ end }}",
        ),
        opens={"{": r"\{", "@": "TrackLink"},
        literal={"{": '{{ "{" }}'},
        static=_as_it_is,
    ),
    fields=Fields(
        known={"email": "email"},
        called=snake_case,
        in_template=".Subscriber.Attribs.{}".format,
        known_in_template={"email": ".Subscriber.Email"},
    ),
    contacts=csv_with_json({"email": "email", "name": "first_name last_name"}, into="attributes"),
    tags={"unsubscribe_url": "{{ UnsubscribeURL }}", "page_url": "{{ MessageURL }}"},
    required=frozenset({"unsubscribe_url"}),
    blocklist=addresses_file("email"),
    sources=(
        "listmonk.app/docs/templating",
        "listmonk.app/docs/apis/import",
        "github.com/knadh/listmonk/blob/master/models/campaigns.go",  # html/template, both parts
        "github.com/knadh/listmonk/blob/master/models/common.go",  # @TrackLink
        "github.com/knadh/listmonk/blob/master/internal/subimporter/importer.go",
    ),
)
