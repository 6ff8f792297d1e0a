"""CSV for programs of your own: a CSV of contacts, and a template in Jinja."""

from newsletter.export.programs.contact_files import csv_file
from newsletter.export.programs.families import JINJA, snake_case
from newsletter.export.programs.profile import Fields, Program

PROGRAM = Program(
    name="csv",
    title="CSV",
    dialect=JINJA,
    fields=Fields(known={"email": "email"}, called=snake_case),
    contacts=csv_file(),
    sources=("jinja.palletsprojects.com/en/stable/templates",),
)
