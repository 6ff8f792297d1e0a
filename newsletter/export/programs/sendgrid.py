"""SendGrid: Handlebars, and requests with a personalization for each contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from email.header import decode_header, make_header
from email.utils import parseaddr

from newsletter.export.programs.contact_files import json_lines
from newsletter.export.programs.families import HANDLEBARS, handlebars_name
from newsletter.export.programs.profile import Contacts, Fields, Program


def _request(rows: Sequence[Mapping[str, str]], contacts: Contacts) -> object:
    name, address = parseaddr(contacts.sender)
    return {
        "from": {"email": address, "name": str(make_header(decode_header(name)))},
        "template_id": "the id that SendGrid shows for the template",
        "personalizations": [
            {"to": [{"email": row["email"]}], "dynamic_template_data": row} for row in rows
        ],
    }


PROGRAM = Program(
    name="sendgrid",
    title="SendGrid",
    dialect=replace(HANDLEBARS, opens={**HANDLEBARS.opens, "<": "%"}),
    fields=Fields(known={"email": "email"}, called=handlebars_name),
    contacts=json_lines(_request, most=1_000),
    files={"subject": "subject.txt", "text": "text.txt", "html": "html.html"},
    sources=(
        "twilio.com/docs/sendgrid/for-developers/sending-email/using-handlebars",
        "twilio.com/docs/sendgrid/api-reference/mail-send/errors",  # 1,000 in a request
    ),
)
