"""Brevo: a template language like Django's, and a CSV of contacts."""

from dataclasses import replace

from newsletter.export.programs.contact_files import addresses_file, csv_file
from newsletter.export.programs.families import DJANGO, snake_case
from newsletter.export.programs.profile import Fields, Program

PROGRAM = Program(
    name="brevo",
    title="Brevo",
    dialect=replace(
        DJANGO,
        cell="{% autoescape off %}{{ <name> }}{% endautoescape %}",
        fallback="{% autoescape off %}{{ <name>|default:'<words>' }}{% endautoescape %}",
    ),
    fields=Fields(
        known={"email": "EMAIL", "first_name": "FIRSTNAME", "last_name": "LASTNAME"},
        called=lambda name: snake_case(name).upper(),
        in_template="contact.{}".format,
    ),
    contacts=csv_file(separator=";"),
    tags={"unsubscribe_url": "{{ unsubscribe }}", "page_url": "{{ mirror }}"},
    required=frozenset({"unsubscribe_url"}),
    keeps=True,
    blocklist=addresses_file("EMAIL"),
    sources=(
        "help.brevo.com/hc/articles/208729849",  # the file, its separators
        "help.brevo.com/hc/articles/4402386448530",  # variables, unsubscribe, mirror
        "help.brevo.com/hc/articles/4405381108626",  # default
        "help.brevo.com/hc/articles/360001030599",  # if
        "help.sendinblue.com/hc/articles/360018252080",  # autoescape
        "help.sendinblue.com/hc/articles/208773869",  # blocklist
        "developers.brevo.com/reference/importcontacts-1",  # keeps: emptyContactsAttributes
    ),
)
