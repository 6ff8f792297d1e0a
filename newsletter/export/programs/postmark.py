"""Postmark: Mustachio, whose conditions only ask whether there is a text, and batches of 500."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsletter.export.programs.contact_files import json_lines, with_template
from newsletter.export.programs.families import snake_case
from newsletter.export.programs.profile import Conditions, Contacts, Dialect, Fields, Program


def _template(contacts: Contacts) -> object:
    return {
        "Name": contacts.template_name,
        "Alias": contacts.template_name,
        "Subject": contacts.template["subject"],
        "HtmlBody": contacts.template["html"],
        "TextBody": contacts.template["text"],
    }


def _request(rows: Sequence[Mapping[str, str]], contacts: Contacts) -> object:
    return {
        "Messages": [
            {
                "From": contacts.sender,
                "To": row["email"],
                "MessageStream": "broadcast",
                "TemplateAlias": contacts.template_name,
                "InlineCss": False,
                "TemplateModel": row,
            }
            for row in rows
        ]
    }


PROGRAM = Program(
    name="postmark",
    title="Postmark",
    dialect=Dialect(
        cell="{{{<name>}}}",
        fallback="{{#<name>}}{{{.}}}{{/<name>}}{{^<name>}}<words>{{/<name>}}",
        not_in_words="{}",
        # A section opens a scope: fields outside are one step up.
        conditions=Conditions(begin="{{#<name>}}", end="{{/<name>}}", outer="../"),
        opens={"{": r"\{"},
    ),
    fields=Fields(known={"email": "email"}, called=snake_case),
    contacts=with_template(json_lines(_request, most=500), _template),
    files={"subject": "subject.txt", "text": "text.txt", "html": "html.html"},
    tags={"unsubscribe_url": "{{{ pm:unsubscribe }}}"},
    required=frozenset({"unsubscribe_url"}),
    sources=(
        "postmarkapp.com/support/article/1077-template-syntax",
        "github.com/ActiveCampaign/mustachio",  # ../ in paths
        "postmarkapp.com/support/article/1208-how-to-add-an-unsubscribe-link",
        "postmarkapp.com/developer/api/templates-api",
    ),
)
