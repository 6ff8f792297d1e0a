"""Merging: CPU time per message of this program and of mailmerge, over one body and its fields."""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import polars as pl
from mailmerge.template_message import TemplateMessage

from newsletter.build import facts_of
from newsletter.export.columns import Columns, cells_of
from newsletter.export.edition import envelope_of
from newsletter.export.eml import message_writer
from newsletter.export.mbox import mbox_chunks
from newsletter.export.merge_file import jinja
from newsletter.merge.merge import Failure, Merger
from newsletter.merge.rows import rows
from newsletter.model.plan import EditionPlan
from newsletter.model.project import Project
from newsletter.model.template import MessageTemplate
from newsletter.plan.issue import plan_issue
from newsletter.read.project import read_project
from newsletter.render.filters import language_filters
from newsletter.render.issue import render_edition

ROOT = Path(__file__).parent.parent
TODAY = dt.date(2026, 11, 3)
KILOBYTES = 25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--mailmerge", type=int, default=200, help="messages for mailmerge")
    options = parser.parse_args()
    project = read_project(ROOT, today=TODAY)
    plan, template = edition(project)
    few = plan.recipients.filter(pl.col("via") == "email")
    many = multiplied(few, options.customers)
    filters = language_filters("en", business=project.config.business)
    failures: list[Failure] = []
    merger = Merger(template, many, filters=filters)
    first = next(merger.messages(few, failures))
    print(
        f"text {len(first.text):,} bytes, HTML {len(first.html):,} bytes, "
        f"{len(template.slots)} open parts"
    )

    def messages() -> Iterable[bytes]:
        write = message_writer(envelope_of(plan, project.config), secret=project.secret)
        return map(write, merger.messages(many, failures))

    null = per_message("null sink", options.customers, lambda: sum(map(len, messages())))
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "x.mbox").open("wb") as file:
        sender = envelope_of(plan, project.config)
        chunks = mbox_chunks(messages(), sender=sender.sender_email, date=sender.date, quoted=True)
        mbox = per_message(".mbox", options.customers, lambda: sum(map(file.write, chunks)))
    assert not failures, failures[:3]
    rival = mailmerge(template, few, filters, options.mailmerge)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"ratio: {rival / null:,.0f} to a null sink, {rival / mbox:,.0f} to .mbox; peak {peak} MB"
    )


def edition(project: Project) -> tuple[EditionPlan, MessageTemplate]:
    """Return the English edition with as many entries as fit into 25 KB."""
    plan = plan_issue(
        project, facts_of(project, name="2026-11", today=TODAY), name="2026-11", today=TODAY
    )
    english = next(edition for edition in plan.editions if edition.issue.language == "en")
    template = render_edition(project, english, today=TODAY)
    while len(template.html) > KILOBYTES * 1100 and english.entries:
        english = replace(english, entries=english.entries[:-1], answers=())
        template = render_edition(project, english, today=TODAY)
    return english, template


def multiplied(recipients: pl.DataFrame, number: int) -> pl.DataFrame:
    """Return *number* customers: the recipients over and over, with names and addresses."""
    copies = pl.concat([recipients] * (number // recipients.height + 1)).head(number)
    index = pl.int_range(number).cast(pl.String)
    return copies.with_columns(
        id=index.str.zfill(8),
        token=index.str.zfill(32),
        email="customer" + index + "@example.com",
        name="Customer " + index,
        first_name="Anna" + index,
        greeting="Hello Anna" + index,
        unsubscribe_url="https://paperandbean.example/u/" + index.str.zfill(32),
    )


def mailmerge(
    template: MessageTemplate, recipients: pl.DataFrame, filters: dict, number: int
) -> float:
    """Return mailmerge's CPU seconds per message for the same text and HTML."""
    columns = Columns()
    text, html = (
        "".join(map(jinja, columns.parts(source, keep_conditions=True)))
        for source in (template.text, template.html)
    )
    source = (
        "TO: {{ email }}\nSUBJECT: {{ subject }}\nFROM: hello@example.com\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="border"\n\n'
        f'--border\nContent-Type: text/plain; charset="utf-8"\n\n{text}\n'
        f'--border\nContent-Type: text/html; charset="utf-8"\n\n{html}\n--border--\n'
    )
    fields = [*template.fields, "email"]
    cells = list(cells_of(columns.sources, recipients, fields=fields, filters=filters))
    names = list(columns.sources)
    contexts = [
        {**dict(zip(names, cell, strict=True)), "email": row.email, "subject": "November"}
        for cell, row in zip(cells, rows(recipients, fields), strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.txt"
        path.write_text(source, encoding="utf-8")
        message = TemplateMessage(path)

        def run() -> None:
            for i in range(number):
                str(message.render(contexts[i % len(contexts)])[2])

        return per_message("mailmerge 2.3.0", number, run)


def per_message(name: str, number: int, run) -> float:
    """Run, print and return the CPU seconds per message."""
    started = time.process_time()
    run()
    seconds = (time.process_time() - started) / number
    print(f"{name:16} {number:>8,} messages {seconds * 1e6:>9,.1f} µs each")
    sys.stdout.flush()
    return seconds


if __name__ == "__main__":
    main()
