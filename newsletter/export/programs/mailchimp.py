"""Mailchimp: merge tags, and the CSV of an audience, which has 30 fields."""

import re

from newsletter.export.programs.contact_files import csv_file
from newsletter.export.programs.profile import Conditions, Dialect, Fields, Limits, Program

PROGRAM = Program(
    name="mailchimp",
    title="Mailchimp",
    dialect=Dialect(
        cell="*|<name>|*",
        conditions=Conditions(
            begin="*|IF:<name>=1|*",
            also="*|ELSEIF:<name>=1|*",
            otherwise="*|ELSE:|*",
            end="*|END:IF|*",
            holds="*|IF:<name>=<words>|*",
            holds_not="*|IF:<name>!=<words>|*",
        ),
        # A | at the beginning may follow the end of a tag of ours: *|FNAME|*|X|*
        opens={"*": r"\|", "|": r"(?<=\A\|)"},
    ),
    fields=Fields(
        known={"email": "Email Address", "first_name": "FNAME", "last_name": "LNAME"},
        known_in_template={"email": "EMAIL"},
        called=lambda name: re.sub(r"[^A-Z0-9]", "", name.upper()) or "FIELD",
        longest=10,
    ),
    contacts=csv_file(),
    tags={"unsubscribe_url": "*|UNSUB|*", "page_url": "*|ARCHIVE|*"},
    required=frozenset({"unsubscribe_url"}),
    keeps=True,  # no page says what an empty cell does to a contact that is known
    plain_cells=True,
    limits=Limits(columns=27, cell=255),  # of 30 fields, three are the address and the names
    dates="%m/%d/%Y",
    birthdays="%m/%d",
    sources=(
        "mailchimp.com/help/format-guidelines-for-your-import-file",  # 255 bytes; birthdays
        "kb.mailchimp.com/article/introduction-to-mailchimp-list-management",  # 30 fields
        "mailchimp.com/developer/marketing/docs/merge-fields",  # FNAME, LNAME, *|FNAME|*
        "mandrill.zendesk.com/hc/articles/360038786414",  # letters of a tag
        "mandrill.zendesk.com/hc/articles/360039278713",  # conditions
        "kb.mailchimp.com/tag/unsubscribe",  # no message without *|UNSUB|*
    ),
)
