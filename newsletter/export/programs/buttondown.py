"""Buttondown: Django's template language, and a CSV of subscribers."""

from newsletter.export.programs.contact_files import csv_file
from newsletter.export.programs.families import DJANGO, snake_case
from newsletter.export.programs.profile import Fields, Program

PROGRAM = Program(
    name="buttondown",
    title="Buttondown",
    dialect=DJANGO,
    fields=Fields(
        known={"email": "email"},
        called=snake_case,
        in_template="subscriber.metadata.{}".format,
        known_in_template={"email": "subscriber.email"},
    ),
    contacts=csv_file(),
    tags={"unsubscribe_url": "{{ unsubscribe_url }}", "page_url": "{{ email.absolute_url }}"},
    required=frozenset({"unsubscribe_url"}),
    dates="%m/%d/%Y",
    birthdays="%m/%d/%Y",
    sources=(
        "docs.buttondown.com/template-variables",
        "docs.buttondown.com/advanced-features/metadata",  # names without hyphens
        "docs.buttondown.com/api-imports-introduction",
    ),
)
