"""Thunderbird's add-on Mail Merge: fields in a draft, and a CSV. It knows no conditions here."""

from newsletter.export.programs.contact_files import csv_file
from newsletter.export.programs.families import snake_case
from newsletter.export.programs.profile import Dialect, Fields, Program

PROGRAM = Program(
    name="thunderbird",
    title="Thunderbird (add-on Mail Merge)",
    dialect=Dialect(cell="{{<name>}}", opens={"{": r"\{"}),
    fields=Fields(known={"email": "email"}, called=snake_case),
    contacts=csv_file(),
    files={"subject": "subject.txt", "text": "text.txt"},
    sources=("addons.thunderbird.net/thunderbird/addon/mail-merge",),
)
