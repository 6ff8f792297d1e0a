"""Amazon SES: Handlebars, and requests for 50 contacts each (API v2)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from newsletter.export.programs.contact_files import json_lines, with_template
from newsletter.export.programs.families import HANDLEBARS, handlebars_name
from newsletter.export.programs.profile import Contacts, Fields, Program


def _template(contacts: Contacts) -> object:
    parts = {"Subject": "subject", "Text": "text", "Html": "html"}
    content = {theirs: contacts.template[ours] for theirs, ours in parts.items()}
    return {"TemplateName": contacts.template_name, "TemplateContent": content}


def _request(rows: Sequence[Mapping[str, str]], contacts: Contacts) -> object:
    # A variable without a value stops the message, so that all are there for everybody.
    nothing = _data(dict.fromkeys(contacts.headers.values(), ""))
    template = {"TemplateName": contacts.template_name, "TemplateData": nothing}
    return {
        "FromEmailAddress": contacts.sender,
        "DefaultContent": {"Template": template},
        "BulkEmailEntries": [
            {
                "Destination": {"ToAddresses": [row["email"]]},
                "ReplacementEmailContent": {
                    "ReplacementTemplate": {"ReplacementTemplateData": _data(row)}
                },
            }
            for row in rows
        ],
    }


def _data(row: Mapping[str, str]) -> str:
    return json.dumps(row, ensure_ascii=False)


PROGRAM = Program(
    name="ses",
    title="Amazon SES",
    dialect=HANDLEBARS,
    fields=Fields(known={"email": "email"}, called=handlebars_name),
    contacts=with_template(json_lines(_request, most=50), _template),
    files={"subject": "subject.txt", "text": "text.txt", "html": "html.html"},
    sources=(
        "docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html",
        "docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailTemplate.html",
        "docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendBulkEmail.html",
    ),
)
