"""`newsletter build`: writes all output, and reports who gets what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from textwrap import indent

import click

from newsletter.commands.console import as_json
from newsletter.commands.options import (
    RUNS,
    today_in,
    with_given_day,
    with_json,
    with_output,
    with_projects,
)
from newsletter.commands.terminal import Bars, columns
from newsletter.model.report import BuildReport
from newsletter.write.last_build import unchanged_build
from newsletter.write.ledger import forget

if RUNS:
    from newsletter.commands.screen import Screen

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
            click.echo(f"{Screen(report.language)('build_unchanged')}\n")
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
    screen = Screen(report.language)
    parts = [
        _editions(report, screen),
        _left_out(report, screen),
        _care(report, screen),
        _files(report, output, screen),
        _remarks(report, output, screen),
        "\n".join([screen("build_open"), *(f"  {output}/{path}" for path in report.open_first)]),
    ]
    return "\n\n".join(part for part in parts if part)


def build_json(report: BuildReport) -> str:
    """Return the report for programs."""
    return as_json(report_fields(report))


def report_fields(report: BuildReport) -> dict[str, object]:
    """Return the report as values of JSON."""
    return asdict(report) | {"remarks": [str(remark) for remark in report.remarks]}


def _editions(report: BuildReport, screen: Screen) -> str:
    if not report.editions:
        return screen("build_no_issue") if not report.issue else ""
    rows = [[screen("build_issue"), screen("build_edition"), screen("build_recipients")]]
    for edition in report.editions:
        numbers = _by_channel(edition.recipients, screen)
        rows.append([report.issue, edition.language, numbers or screen("nobody")])
    return columns(rows)


def _by_channel(numbers: Mapping[str, int], screen: Screen) -> str:
    """Return the numbers above zero with the names of their channels."""
    return ", ".join(
        screen("build_by_channel", n=number, channel=screen.channel(name))
        for name, number in numbers.items()
        if number
    )


def _left_out(report: BuildReport, screen: Screen) -> str:
    total = sum(report.left_out.values())
    left_out = [screen.counted("build_left_out", total)] if report.editions else []
    bad = f", {screen.counted('build_bad_rows', report.bad_rows)}" if report.bad_rows else ""
    used = f"{screen.counted('customers', report.customers_used)}{bad}"
    head = screen.joined([used, *left_out])
    rows = [[f"  {screen.number(number)}", reason] for reason, number in report.left_out.items()]
    return f"{head}\n{columns(rows, right=[0])}" if rows else head


def _care(report: BuildReport, screen: Screen) -> str:
    care = report.care
    if care is None:
        return ""
    tasks = _by_channel(care.planned, screen) or screen("build_nothing")
    plan = screen("build_care", day=dt.date.fromisoformat(care.day), tasks=tasks)
    if skipped := sum(care.skipped.values()):
        left_out = screen.counted("plan_left_out", skipped)
        plan = screen("build_care_left_out", plan=plan, left_out=left_out)
    return plan


def _files(report: BuildReport, output: str, screen: Screen) -> str:
    numbers = {
        "written": report.written, "unchanged": report.unchanged, "removed": report.removed,
    }  # fmt: skip
    seconds = f"{report.seconds:.1f}".replace(".", screen("decimal"))
    files = screen("build_files", output=output, seconds=seconds, **numbers)
    return files if report.has_site else f"{files}\n{screen('build_no_site')}"


def _remarks(report: BuildReport, output: str, screen: Screen) -> str:
    """Return the first remarks, which are in English as errors are."""
    if not report.remarks:
        return ""
    lines = [indent(str(remark), "  ") for remark in report.remarks[:_MOST_REMARKS]]
    more = len(report.remarks) - _MOST_REMARKS
    if more > 0:
        file = f"{output}/private/remarks.txt"
        lines.append(f"  {screen('build_more_remarks', n=more, file=file)}")
    return "\n".join([screen.counted("build_remarks", len(report.remarks)), *lines])
