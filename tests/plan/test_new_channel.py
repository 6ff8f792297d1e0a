"""A row in the table of channels and an exporter add a channel for practices."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

PRACTICE = """---
title: Thank you
on: order
channel: whatsapp
---
Thank you for {{ customer.order_product }}!
"""
CUSTOMERS = """id,email,last_name,phone,consent_whatsapp
1,ada@example.com,Marsh,+352 1,yes
2,ben@example.com,Berg,+352 2,no
3,cy@example.com,Coy,,yes
4,dee@example.com,Day,+352 4,
"""
ORDERS = "customer,date,product\n" + "".join(f"{n},2026-11-03,Ink\n" for n in (1, 2, 3, 4))

ROW = """
    "whatsapp": ChannelKind(
        noun="WhatsApp",
        plural="WhatsApps",
        how="by WhatsApp",
        aliases="whatsapp wa",
        needs=("phone",),
        lacking="no phone number",
        consent="consent_whatsapp",
        refused="said no to WhatsApp",
        not_asked="has not agreed to WhatsApp",
        turn=6,
        longest=500,
    ),
"""

PROGRAM = """
import datetime as dt, sys
from pathlib import Path
from urllib.parse import quote
from newsletter.model import channels

# The row must be there before anything else reads the table.
begin = '    "visit": ChannelKind('
exec(Path(channels.__file__).read_text().replace(begin, sys.argv[2] + begin), channels.__dict__)

from newsletter.export.lists import worklists
from newsletter.mailing.mailings import practice_mailings
from newsletter.mailing.touches import tasks_of
from newsletter.model.artifact import Artifact
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project

def whatsapps(touches):
    for touch in touches:
        if touch.channel == "whatsapp":
            number = "".join(c for c in touch.phone if c.isdigit())
            link = f"https://wa.me/{number}?text={quote(touch.text)}"
            yield Artifact("private/care/whatsapp.txt", link.encode())

day = dt.date(2026, 11, 3)
project = read_project(Path(sys.argv[1]), today=day)
plan = plan_day(project, today=day)
for row in plan.table.select("customer", "channel", "skipped_because").iter_rows():
    print(*row, sep="|")
touches = tasks_of(project, plan, practice_mailings(project, plan).mailings).touches
for artifact in whatsapps(touches):
    print(artifact.content.decode())
print(*(artifact.path for artifact in worklists(project, plan, touches)))
"""


@pytest.mark.slow
def test_a_new_channel_needs_a_row_and_an_exporter(tmp_path: Path) -> None:
    """The row of `whatsapp` gives keys, consent, address and nouns; a touchpoint is exported."""
    root = tmp_path / "shop"
    shutil.copytree(ROOT / "tests/projects/valid/minimal", root)
    config = root / "content/newsletter.yml"
    config.write_text(config.read_text() + "start: 2026-11-01\n")
    (root / "content/practices").mkdir()
    (root / "content/practices/thank-you.md").write_text(PRACTICE)
    (root / "content/customers/customers.csv").write_text(CUSTOMERS)
    (root / "content/customers/orders.csv").write_text(ORDERS)

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(root), ROW],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "1|whatsapp|None",
        "2|None|said no to WhatsApp",
        "3|None|no phone number",
        "4|None|has not agreed to WhatsApp",
        "https://wa.me/3521?text=Thank%20you%20for%20Ink%21",
        "private/care/lists/2026-11-03-ann.csv private/care/lists/2026-11-03-ann.xlsx",
    ]
