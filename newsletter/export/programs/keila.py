"""Keila: Liquid, and a CSV with a column of JSON."""

from newsletter.export.programs.contact_files import csv_with_json
from newsletter.export.programs.families import LIQUID, snake_case
from newsletter.export.programs.profile import Fields, Program

PROGRAM = Program(
    name="keila",
    title="Keila",
    dialect=LIQUID,
    fields=Fields(
        known={"email": "Email"},
        called=snake_case,
        in_template="contact.data.{}".format,
        known_in_template={
            "email": "contact.email",
            "first_name": "contact.first_name",
            "last_name": "contact.last_name",
        },
    ),
    contacts=csv_with_json(
        {"Email": "email", "First name": "first_name", "Last name": "last_name"}, into="Data"
    ),
    # campaign.public_link is empty unless the owner has switched it on: our page stays.
    tags={"unsubscribe_url": "{{ unsubscribe_link }}"},
    required=frozenset({"unsubscribe_url"}),
    sources=(
        "github.com/pentacent/keila/blob/main/lib/keila/contacts/import.ex",
        "github.com/pentacent/keila/blob/main/lib/keila/mailings/renderer.ex",
        "github.com/pentacent/keila/blob/main/lib/keila/mailings/campaign_renderer.ex",
    ),
)
