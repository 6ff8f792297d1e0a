"""Merging: CPU time per message of this program and of mailmerge, over one body and its fields."""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
from mailmerge.template_message import TemplateMessage

from newsletter.export.columns import Columns, cells_of
from newsletter.export.eml import mbox_chunks, message_headers
from newsletter.export.merge_file import jinja
from newsletter.export.messages import envelope_of
from newsletter.export.senders import MessageSender
from newsletter.merge.failures import Failure
from newsletter.merge.merge import Merger
from newsletter.model.care import EditionPlan
from newsletter.model.project import Project
from newsletter.model.template import MessageTemplate
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project
from newsletter.render.language_filters import language_filters
from newsletter.render.message_template import render_edition
from newsletter.write.files import write_file

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
    envelope = envelope_of(project.config, name=plan.name, language="en", day=plan.issue.date)
    sender = MessageSender.of(project.config.sender)
    headers = message_headers(envelope, sender, secret=project.secret)
    _, text, html = next(Merger(template, filters=filters).texts(few))
    print(f"text {len(text):,} characters, HTML {len(html):,}, {len(template.slots)} open parts")

    def messages() -> Iterator[bytes]:
        for made in Merger(template, filters=filters).messages(many, headers):
            if isinstance(made, Failure):
                failures.append(made)
            else:
                yield made.content

    rival = mailmerge(template, few, filters, options.mailmerge)

    def null_sink() -> None:
        sum(map(len, messages()))

    def mbox() -> None:
        chunks = mbox_chunks(
            messages(), sender=envelope.sender_email, date=envelope.date, quoted=True
        )
        with tempfile.TemporaryDirectory() as folder:
            write_file(Path(folder) / "messages.mbox", chunks, mode=0o600)

    size = len(next(messages()))

    def same_bytes() -> None:
        block = memoryview(bytes(1 << 20))
        with tempfile.TemporaryFile(buffering=0) as file:
            for start in range(0, size * options.customers, len(block)):
                file.write(block[: size * options.customers - start])

    best = fastest(
        options.rounds,
        {
            "null sink": (options.customers, null_sink),
            ".mbox": (options.customers, mbox),
            "the same bytes": (options.customers, same_bytes),
            "mailmerge 2.3.0": (options.mailmerge, rival),
        },
    )
    assert not failures, failures[:3]
    theirs = best["mailmerge 2.3.0"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"ratio: {theirs / best['null sink']:,.0f} to a null sink, "
        f"{theirs / best['.mbox']:,.0f} to .mbox, which takes "
        f"{best['.mbox'] / best['the same bytes']:.1f} times the bytes alone; peak {peak} MB"
    )


def edition(project: Project) -> tuple[EditionPlan, MessageTemplate]:
    """Return the English edition with as many entries as fit into 25 KB."""
    plan = plan_day(project, today=TODAY, issue="2026-11").issues["2026-11"]
    english = next(edition for edition in plan.editions if edition.issue.language == "en")
    template = render_edition(project, english, today=TODAY)
    while len(str(template.html)) > KILOBYTES * 1100 and english.entries:
        english = replace(english, entries=english.entries[:-1], answers=())
        template = render_edition(project, english, today=TODAY)
    return english, template


def multiplied(recipients: pl.DataFrame, number: int) -> pl.DataFrame:
    """Return *number* customers who differ in every value that the issue prints."""
    chance = random.Random(7)  # the same people in every run
    copies = pl.concat([recipients] * (number // recipients.height + 1)).head(number).rechunk()
    index = pl.int_range(number).cast(pl.String)
    name = pl.when(pl.int_range(number) % 10 == 0).then(pl.lit("Zoë")).otherwise(pl.lit("Anna"))
    token = pl.int_range(number).hash(7).cast(pl.String).str.zfill(32)
    points = pl.Series("points", [chance.randrange(2_000) for _ in range(number)])
    flags = [name for name, dtype in recipients.schema.items() if dtype == pl.Boolean]
    return copies.with_columns(
        points,
        services(chance, number),
        pl.Series("years_as_customer", [chance.randrange(12) for _ in range(number)]),
        *(pl.Series(flag, [chance.random() < 0.5 for _ in range(number)]) for flag in flags),
        id=index.str.zfill(8),
        token=token,
        email="customer" + index + "@example.com",
        name="Customer " + index,
        first_name=name + index,
        greeting="Hello " + name + index,
        favourite_drink=pl.concat_str(pl.lit("coffee no. "), pl.int_range(number) % 5_000),
        points_to_next_reward=2_000 - points,
        unsubscribe_url="https://letters.example.com/leave/" + token,
        feedback_url="https://letters.example.com/tell-us/" + token,
    )


def services(chance: random.Random, number: int) -> pl.Series:
    """Return up to two services of each customer, as a table of services has them."""
    customers = [n for n in range(number) for _ in range(chance.randrange(3))]
    columns = {
        "customer": customers,
        "date": [TODAY - dt.timedelta(days=chance.randrange(90)) for _ in customers],
        "title": [f"Order {chance.randrange(1_000_000)} brought to you" for _ in customers],
        "detail": [chance.choice(["By bicycle, in the rain.", None]) for _ in customers],
    }
    lists = (
        pl.DataFrame(columns)
        .group_by("customer")
        .agg(services=pl.struct("date", "title", "detail"))
    )
    return (
        pl.DataFrame({"customer": range(number)})
        .join(lists, on="customer", how="left", maintain_order="left")
        .get_column("services")
    )


def mailmerge(
    template: MessageTemplate, recipients: pl.DataFrame, filters: dict, number: int
) -> Callable[[], None]:
    """Return a function that lets mailmerge fill in *number* messages: same text, HTML, values."""
    columns = Columns()
    text, html = (
        "".join(map(jinja, columns.pieces(tree, keep_conditions=True)))
        for tree in (template.text, template.html)
    )
    source = (
        "TO: {{ email }}\nSUBJECT: {{ subject }}\nFROM: hello@example.com\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="border"\n\n'
        f'--border\nContent-Type: text/plain; charset="utf-8"\n\n{text}\n'
        f'--border\nContent-Type: text/html; charset="utf-8"\n\n{html}\n--border--\n'
    )
    cells = cells_of(columns.cells, recipients, filters=filters).rows()
    contexts = [
        {**dict(zip(columns.cells, cell, strict=True)), "email": email, "subject": "November"}
        for cell, email in zip(cells, recipients["email"], strict=True)
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

    The programs take turns, so that a busy machine slows all of them alike.
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
