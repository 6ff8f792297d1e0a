"""JSONL for programs of your own: a line with an object for each contact, a template in Jinja."""

from newsletter.export.programs.contact_files import json_rows
from newsletter.export.programs.families import JINJA, snake_case
from newsletter.export.programs.profile import Fields, Program

PROGRAM = Program(
    name="jsonl",
    title="JSONL",
    dialect=JINJA,
    fields=Fields(known={"email": "email"}, called=snake_case),
    contacts=json_rows(),
    sources=("jinja.palletsprojects.com/en/stable/templates",),
)
