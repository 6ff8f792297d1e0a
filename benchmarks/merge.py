"""Merging: CPU time per message of this program and of mailmerge, over one body and its fields."""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
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
from newsletter.read.assembly import read_project
from newsletter.render.filters import language_filters
from newsletter.render.issue import render_edition

ROOT = Path(__file__).parent.parent
TODAY = dt.date(2026, 11, 3)
KILOBYTES = 25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--mailmerge", type=int, default=200, help="messages for mailmerge")
    parser.add_argument("--rounds", type=int, default=5, help="the fastest counts")
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

    envelope = envelope_of(plan, project.config)
    rival = mailmerge(template, few, filters, options.mailmerge)

    def null_sink() -> None:
        sum(map(len, messages()))

    def mbox() -> None:
        with tempfile.TemporaryFile() as file:
            chunks = mbox_chunks(
                messages(), sender=envelope.sender_email, date=envelope.date, quoted=True
            )
            sum(map(file.write, chunks))

    best = fastest(
        options.rounds,
        {
            "null sink": (options.customers, null_sink),
            ".mbox": (options.customers, mbox),
            "mailmerge 2.3.0": (options.mailmerge, rival),
        },
    )
    assert not failures, failures[:3]
    theirs = best["mailmerge 2.3.0"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"ratio: {theirs / best['null sink']:,.0f} to a null sink, "
        f"{theirs / best['.mbox']:,.0f} to .mbox; peak {peak} MB"
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
    name = pl.when(pl.int_range(number) % 10 == 0).then(pl.lit("Zoë")).otherwise(pl.lit("Anna"))
    return copies.with_columns(
        id=index.str.zfill(8),
        token=index.str.zfill(32),
        email="customer" + index + "@example.com",
        name="Customer " + index,
        first_name=name + index,
        greeting="Hello " + name + index,
        unsubscribe_url="https://paperandbean.example/u/" + index.str.zfill(32),
    )


def mailmerge(
    template: MessageTemplate, recipients: pl.DataFrame, filters: dict, number: int
) -> Callable[[], None]:
    """Return what lets mailmerge fill in *number* messages: the same text, HTML and values."""
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

    return run


def fastest(
    rounds: int, programs: Mapping[str, tuple[int, Callable[[], None]]]
) -> dict[str, float]:
    """
    Return each program's CPU seconds per message: the fastest of some rounds.

    All take turns, so that a busy machine slows all alike.
    """
    best = dict.fromkeys(programs, float("inf"))
    for _ in range(rounds):
        for name, (number, run) in programs.items():
            started = time.process_time()
            run()
            best[name] = min(best[name], (time.process_time() - started) / number)
    for name, seconds in best.items():
        print(f"{name:16} {programs[name][0]:>8,} messages {seconds * 1e6:>9,.1f} µs each")
    return best


if __name__ == "__main__":
    main()
