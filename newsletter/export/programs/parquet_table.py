"""Parquet for programs of your own: a table in Parquet, and a template in Jinja."""

from newsletter.export.programs.contact_files import parquet_file
from newsletter.export.programs.families import JINJA, snake_case
from newsletter.export.programs.profile import Fields, Program

PROGRAM = Program(
    name="parquet",
    title="Parquet",
    dialect=JINJA,
    fields=Fields(known={"email": "email"}, called=snake_case),
    contacts=parquet_file(),
    sources=("jinja.palletsprojects.com/en/stable/templates",),
)
