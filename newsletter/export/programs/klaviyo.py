"""Klaviyo: Django's template language, and a CSV of profiles."""

from newsletter.export.programs.contact_files import csv_file
from newsletter.export.programs.families import DJANGO
from newsletter.export.programs.profile import Fields, Program

PROGRAM = Program(
    name="klaviyo",
    title="Klaviyo",
    dialect=DJANGO,
    fields=Fields(
        known={"email": "Email", "first_name": "First Name", "last_name": "Last Name"},
        known_in_template={
            "email": "email",
            "first_name": "first_name",
            "last_name": "last_name",
        },
        in_template="person|lookup:'{}'".format,
    ),
    contacts=csv_file(),
    tags={"unsubscribe_url": "{% unsubscribe_link %}", "page_url": "{% web_view %}"},
    required=frozenset({"unsubscribe_url"}),
    clicks={"contacts": "Lists & Segments › Create List/Segment › List › Upload from File"},
    sources=(
        "help.klaviyo.com/hc/articles/115005078967",
        "help.klaviyo.com/hc/articles/360043841811",
    ),
)
