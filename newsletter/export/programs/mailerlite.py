"""MailerLite: variables, and a CSV of subscribers. Its texts know no conditions."""

from newsletter.export.programs.contact_files import csv_file
from newsletter.export.programs.families import snake_case
from newsletter.export.programs.profile import Dialect, Fields, Program

PROGRAM = Program(
    name="mailerlite",
    title="MailerLite",
    dialect=Dialect(cell="{$<name>}", opens={"{": r"\$"}),
    fields=Fields(
        known={"email": "email", "first_name": "name", "last_name": "last_name"},
        called=snake_case,
    ),
    contacts=csv_file(),
    tags={"unsubscribe_url": "{$unsubscribe}", "page_url": "{$url}"},
    required=frozenset({"unsubscribe_url"}),
    keeps=True,  # no page says what an empty cell does to a subscriber that is known
    same_for_all=frozenset({"subject", "preheader"}),
    plain_cells=True,
    clicks={
        "contacts": "Subscribers › Add subscribers",
        "text": "Campaigns › Drafts › … › Plain-text version: Edit",
    },
    sources=(
        "mailerlite.com/help/how-to-edit-the-plain-text-version-of-a-campaign",  # the variables
        "mailerlite.com/help/how-to-import-subscribers",
        "mailersend.com/help/how-to-use-variables",  # {$name}; letters of a name
    ),
)
