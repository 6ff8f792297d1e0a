"""`newsletter build`: writes all output, and reports who gets what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from textwrap import indent

import click

from newsletter.commands.console import as_json
from newsletter.commands.options import (
    today_in,
    with_given_day,
    with_json,
    with_output,
    with_projects,
)
from newsletter.commands.terminal import Bars, columns, counted
from newsletter.model.channels import CHANNELS
from newsletter.model.report import BuildReport
from newsletter.write.last_build import unchanged_build
from newsletter.write.ledger import forget

_MOST_REMARKS = 5


@click.command("build")
@click.option("--issue", metavar="NAME", help="The issue to build (default: the newest not sent).")
@with_output
@click.option("--quiet", is_flag=True, help="Print nothing if all is well.")
@click.option("--clean", is_flag=True, help="Make everything again, and forget earlier builds.")
@with_json
@with_projects
@with_given_day
def command(
    *,
    roots: Sequence[Path],
    output: Path | None,
    issue: str | None,
    quiet: bool,
    clean: bool,
    as_json: bool,
    today: dt.date | None,
) -> None:
    """Write the messages and merge files of an issue, the site, and the work of the day."""
    roots = list(dict.fromkeys(roots))
    if output and len(roots) > 1:
        raise click.UsageError("--output is for one project; of several, each has its own.")
    bars = Bars(quiet=quiet or as_json)
    built = partial(_built, output=output, issue=issue, today=today, clean=clean, bars=bars)
    if len(roots) > 1:
        from newsletter.commands.build_each import build_each  # noqa: PLC0415 - few have several

        build_each(roots, built, quiet=quiet, as_json=as_json)
        return
    report, unchanged = built(roots[0])
    if as_json:
        click.echo(build_json(report))
    elif not quiet:
        if unchanged:
            click.echo("nothing has changed since the last build\n")
        shown = click.format_filename(output or roots[0] / "output")
        click.echo(build_text(report, output=shown))


def _built(
    root: Path,
    *,
    output: Path | None,
    issue: str | None,
    today: dt.date | None,
    clean: bool,
    bars: Bars,
) -> tuple[BuildReport, bool]:
    """Return the report of a build, and whether nothing had changed since the last one."""
    output, today = output or root / "output", today or today_in(root)
    if clean:
        forget(output)
    if unchanged := unchanged_build(root, output, issue=issue, today=today):
        return unchanged, True
    from newsletter.build import build  # noqa: PLC0415 - takes longer than to see what changed

    return build(root, output=output, today=today, issue=issue, progress=bars), False


def build_text(report: BuildReport, *, output: str) -> str:
    """Return recipients, customers left out and why, the files, and the time it took."""
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
    return as_json(report_fields(report))


def report_fields(report: BuildReport) -> dict[str, object]:
    """Return the report as values of JSON."""
    return asdict(report) | {"remarks": [str(remark) for remark in report.remarks]}


def _editions(report: BuildReport) -> str:
    if not report.editions:
        return "no issue is left to send" if not report.issue else ""
    rows = [["issue", "edition", "recipients"]]
    for edition in report.editions:
        numbers = [
            f"{number:,} by {name}" for name, number in edition.recipients.items() if number
        ]
        rows.append([report.issue, edition.language, ", ".join(numbers) or "nobody"])
    return columns(rows)


def _left_out(report: BuildReport) -> str:
    total = sum(report.left_out.values())
    left_out = f"; {total:,} left out" if report.editions else ""
    bad = f", {counted(report.bad_rows, 'bad row')} not used" if report.bad_rows else ""
    head = f"{counted(report.customers_used, 'customer')}{bad}{left_out}"
    rows = [[f"  {number:,}", reason] for reason, number in report.left_out.items()]
    return f"{head}\n{columns(rows, right=[0])}" if rows else head


def _care(report: BuildReport) -> str:
    care = report.care
    if care is None:
        return ""
    tasks = ", ".join(f"{number:,} {CHANNELS[name].task}" for name, number in care.planned.items())
    skipped = sum(care.skipped.values())
    more = f"; {skipped:,} left out (newsletter plan says why)" if skipped else ""
    return f"care plan of {care.day}: {tasks or 'nothing to do'}{more}"


def _files(report: BuildReport, output: str) -> str:
    numbers = (
        f"{report.written:,} written, {report.unchanged:,} unchanged, {report.removed:,} removed"
    )
    return f"{output}: {numbers}, in {report.seconds:.1f} s"


def _remarks(report: BuildReport, output: str) -> str:
    if not report.remarks:
        return ""
    lines = [indent(str(remark), "  ") for remark in report.remarks[:_MOST_REMARKS]]
    more = len(report.remarks) - _MOST_REMARKS
    if more > 0:
        lines.append(f"  … and {more:,} more: {output}/private/remarks.txt")
    return "\n".join([f"{counted(len(report.remarks), 'remark')}:", *lines])
