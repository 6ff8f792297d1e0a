"""Sets what a command found as text for a terminal: tables, counts, the end of a build."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from textwrap import indent

from newsletter.model.channels import CHANNELS
from newsletter.model.report import BuildReport


def columns(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Return rows as aligned columns, two spaces apart; *right*: the columns set flush right."""
    count = max((len(row) for row in rows), default=0)
    widths = [
        max((width_of(row[n]) for row in rows if n < len(row)), default=0) for n in range(count)
    ]
    lines = []
    for row in rows:
        cells = []
        for n, cell in enumerate(row):
            space = " " * (widths[n] - width_of(cell))
            cells.append(space + cell if n in right else cell + space)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def width_of(text: str) -> int:
    """Return the number of terminal cells: CJK letters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    marks = sum(unicodedata.combining(letter) > 0 for letter in text)
    return len(text) + wide - marks


def wrapped(text: str, width: int, *, most: int = 0) -> list[str]:
    """Return the text in lines of at most *width* cells; what more than *most* lines hold is …"""
    lines = [""]
    for word in _pieces(" ".join(text.split()), width):
        if width_of(lines[-1] + word.rstrip()) > width:
            lines.append("")
        lines[-1] += word
    lines = [line.rstrip() for line in lines]
    if not most or len(lines) <= most:
        return lines
    last = lines[most - 1]
    while width_of(last) >= width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,;:')}…"]


def _pieces(text: str, width: int) -> Iterator[str]:
    """Yield the words with the space behind them; letter by letter what fits on no line."""
    for word in re.findall(r"\S+ ?", text):
        yield from [word] if width_of(word) <= width else word


def counted(number: int, one: str, many: str = "") -> str:
    """Return `1 customer` or `1,200 customers`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def by_channel(channel: str) -> str:
    """Return how something is done: by email, by hand."""
    return CHANNELS[channel].how if channel in CHANNELS else f"by {channel}"


def build_text(report: BuildReport, *, output: str) -> str:
    """Return the end of a build: who gets what, who does not and why, which files, how long."""
    parts = [
        _editions(report),
        _left_out(report),
        _care(report),
        _files(report, output),
        _remarks(report, output),
        "open next:\n" + "\n".join(f"  {output}/{path}" for path in report.open_first),
    ]
    return "\n\n".join(part for part in parts if part)


def build_json(report: BuildReport) -> str:
    """Return the report for programs."""
    found = asdict(report)
    found["remarks"] = [str(remark) for remark in report.remarks]
    return json.dumps(found, ensure_ascii=False, indent=1)


def _care(report: BuildReport) -> str:
    care = report.care
    if care is None:
        return ""
    kept = ", ".join(f"{n:,} {CHANNELS[channel].task}" for channel, n in care.kept.items())
    skipped = sum(care.skipped.values())
    line = f"care plan of {care.day}: {kept or 'nothing to do'}"
    more = f"; {skipped:,} held back or left out, newsletter plan says why" if skipped else ""
    return line + more


def _editions(report: BuildReport) -> str:
    if not report.editions:
        return "no issue is waiting" if not report.issue else ""
    rows = [["issue", "edition", "recipients"]]
    for edition in report.editions:
        by_channel = [
            f"{number:,} by {name}" for name, number in edition.recipients.items() if number
        ]
        rows.append([report.issue, edition.language, ", ".join(by_channel) or "nobody"])
    return columns(rows)


def _left_out(report: BuildReport) -> str:
    total = sum(report.left_out.values())
    left_out = f"; {total:,} left out" if report.editions else ""
    bad = f", {counted(report.bad_rows, 'bad row')} not used" if report.bad_rows else ""
    lines = [f"{counted(report.customers_used, 'customer')}{bad}{left_out}"]
    rows = [[f"  {number:,}", reason] for reason, number in report.left_out.items()]
    if rows:
        lines.append(columns(rows, right=[0]))
    return "\n".join(lines)


def _files(report: BuildReport, output: str) -> str:
    numbers = (
        f"{report.written:,} written, {report.unchanged:,} unchanged, {report.removed:,} removed"
    )
    return f"{output}: {numbers}, in {report.seconds:.1f} s"


def _remarks(report: BuildReport, output: str) -> str:
    if not report.remarks:
        return ""
    most = 5
    lines = [indent(str(remark), "  ") for remark in report.remarks[:most]]
    more = len(report.remarks) - most
    if more > 0:
        lines.append(f"  … and {more:,} more: {output}/private/remarks.txt")
    return "\n".join([f"{counted(len(report.remarks), 'remark')}:", *lines])
