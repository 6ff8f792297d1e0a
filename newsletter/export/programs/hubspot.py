"""HubSpot: HubL, which is Jinja's language, and a CSV of contacts."""

from __future__ import annotations

from dataclasses import replace

from newsletter.export.programs.contact_files import addresses_file, csv_file
from newsletter.export.programs.families import JINJA, snake_case
from newsletter.export.programs.profile import Fields, Program

_ANNOTATIONS = """\
<!--
  templateType: email
  isEnabledForEmailV3Rendering: true
-->
"""
"""A coded template for email, whose conditions may read contacts."""
_FIRM = (
    '<p style="font-size:11px;text-align:center">'
    + " ".join(
        f"{{{{ site_settings.company_{part} }}}}"
        for part in (
            "name",
            "street_address_1",
            "street_address_2",
            "zip",
            "city",
            "state",
            "country",
        )
    )
    + "</p>"
)
"""HubSpot publishes no template without these."""


def _template(html: str) -> str:
    body, end, rest = html.rpartition("</body>")
    return f"{_ANNOTATIONS}{body}{_FIRM}{end}{rest}" if end else f"{_ANNOTATIONS}{html}{_FIRM}"


PROGRAM = Program(
    name="hubspot",
    title="HubSpot",
    dialect=replace(
        JINJA,
        cell="{{ <name>|safe }}",
        fallback='{{ personalization_token("<name>", "<words>")|safe }}',
    ),
    fields=Fields(
        known={"email": "Email", "first_name": "First Name", "last_name": "Last Name"},
        called=snake_case,
        in_template="contact.{}".format,
        known_in_template={
            "email": "contact.email",
            "first_name": "contact.firstname",
            "last_name": "contact.lastname",
        },
    ),
    contacts=csv_file(),
    tags={
        "unsubscribe_url": "{{ unsubscribe_link_all }}",
        "page_url": "{{ view_as_page_url }}",
    },
    required=frozenset({"unsubscribe_url"}),
    keeps=True,
    around=_template,
    blocklist=addresses_file("Email"),
    sources=(
        "knowledge.hubspot.com/import-and-export/set-up-your-import-file",
        "knowledge.hubspot.com/articles/kcs_article/contacts/how-do-i-import-contacts",  # keeps
        "developers.hubspot.com/docs/cms/reference/hubl/if-statements",
        "developers.hubspot.com/docs/cms/reference/hubl/variables",  # required; the two addresses
        "developers.hubspot.com/docs/cms/reference/hubl/functions",  # personalization_token
        "developers.hubspot.com/docs/cms/start-building/features/data-driven-content/"
        "emails-with-programmable-content",
        "knowledge.hubspot.com/marketing-email/import-an-opt-out-list",
    ),
)
