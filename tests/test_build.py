"""A build of the example: complete, private, and the same every time."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from support import EXAMPLE_DAY, ROOT, Built, Silent

from newsletter.build import build
from newsletter.commands.init import begin
from newsletter.errors import NewsletterError
from newsletter.read.starter import read_starter

pytestmark = pytest.mark.slow


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_customer_is_reached_or_listed(example: Built) -> None:
    """Recipients and customers left out are together all customers of the file."""
    reached = sum(sum(edition.recipients.values()) for edition in example.report.editions)
    left_out = sum(example.report.left_out.values())

    assert reached + left_out == example.report.customers_used == 40
    assert len(example.messages()) == sum(
        edition.recipients.get("email", 0) for edition in example.report.editions
    )


def test_second_build_writes_nothing(tmp_path: Path, example: Built) -> None:
    """Every file keeps its time and its inode."""
    output = Path(shutil.copytree(example.output, tmp_path / "output"))
    before = {path: path.stat() for path in output.rglob("*")}

    report = build(ROOT, output=output, today=EXAMPLE_DAY, issue=None, progress=Silent())

    after = {path: path.stat() for path in output.rglob("*")}
    assert (report.written, report.removed) == (0, 0)
    assert {p: (s.st_ino, s.st_mtime_ns) for p, s in before.items()} == {
        p: (s.st_ino, s.st_mtime_ns) for p, s in after.items()
    }


def test_builds_are_identical_whatever_the_machine(tmp_path: Path, example: Built) -> None:
    """Another process, hash seed, time zone and locale change no byte."""
    environment = {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "tr_TR"}
    arguments = ["build", "--today", str(EXAMPLE_DAY), "--quiet", "--output", tmp_path / "other"]

    subprocess.run(
        [sys.executable, "-m", "newsletter", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
    )

    assert _hashes(tmp_path / "other") == _hashes(example.output)


def test_nobody_suppressed_or_without_consent_is_in_an_email_file(example: Built) -> None:
    """No file for sending email contains the address of a customer who must not be emailed."""
    with (ROOT / "content/customers/customers.csv").open(encoding="utf-8", newline="") as file:
        no = {row["email"] for row in csv.DictReader(file) if row["newsletter"] != "yes"}
    with (ROOT / "content/customers/suppressed.csv").open(encoding="utf-8", newline="") as file:
        no |= {row["email"] for row in csv.DictReader(file)}
    files = [
        path
        for pattern in ("**/*.eml", "**/*.mbox", "**/recipients.csv")
        for path in example.output.glob(f"private/{pattern}")
    ]

    addresses = {
        address
        for path in files
        for address in no
        if address and address.lower().encode() in path.read_bytes().lower()
    }

    assert len(files) > 20
    assert len(no) >= 4
    assert addresses == set()


def test_an_empty_value_without_fallback_stops_the_build(tmp_path: Path, example: Built) -> None:
    """The error names field, file, line and a customer; the previous output stays whole."""
    project = _copy(tmp_path)
    output = Path(shutil.copytree(example.output, tmp_path / "output"))
    before = _hashes(output)
    update = project / "content/updates/winter-hours.md"
    text = update.read_text().replace("---\n", "---\npublic: no\n", 1)
    update.write_text(text + "\nYour drink is {{ customer.favourite_drink }}.\n")
    line = len(update.read_text().splitlines())

    with pytest.raises(NewsletterError) as error:
        build(project, output=output, today=EXAMPLE_DAY, issue=None, progress=Silent())

    assert f"content/updates/winter-hours.md:{line}" in str(error.value)
    assert "customer.favourite_drink is empty for" in str(error.value)
    assert 'default("' in str(error.value)
    assert _hashes(output) == before


def test_the_order_of_rows_changes_nothing(tmp_path: Path, example: Built) -> None:
    """A customer file with its rows reversed gives the same bytes."""
    project = _copy(tmp_path)
    file = project / "content/customers/customers.csv"
    pl.read_csv(file, infer_schema=False).reverse().write_csv(file)

    build(project, output=tmp_path / "output", today=EXAMPLE_DAY, issue=None, progress=Silent())

    named = {"private/remarks.txt", "private/manifest.json"}  # remarks name lines of the file
    turned, straight = _hashes(tmp_path / "output"), _hashes(example.output)
    assert {path: turned[path] for path in turned.keys() - named} == {
        path: straight[path] for path in straight.keys() - named
    }


def test_problems_of_messages_and_site_are_reported_at_once(tmp_path: Path) -> None:
    """A rule of one entry, the public text of another, links of a page, files that are no YAML."""
    project = _copy(tmp_path)
    rule = project / "content/updates/winter-hours.md"
    rule.write_text(rule.read_text().replace("---\n", "---\naudience: citty == 'Berlin'\n", 1))
    body = project / "content/updates/school-lists-packed.md"
    body.write_text(body.read_text() + "\nYours is {{ customer.favourite_drink }}.\n")
    broken = [
        "practices/thank-you.md",  # others wait for it
        "issues/2026-11.fr.md",
        "stories/a-choir-and-its-folders.md",  # the issues name it
    ]
    for name in broken:
        file = project / "content" / name
        file.write_text(file.read_text().replace("---\n", "---\nx: [\n", 1))
    link = project / "content/pages/about.md"
    link.write_text(link.read_text() + "\n[Gone](gone.md) ![Gone](../images/gone.png)\n")

    with pytest.raises(NewsletterError) as error:
        build(project, output=tmp_path / "o", today=EXAMPLE_DAY, issue=None, progress=Silent())

    paths = [problem.at.path for problem in error.value.problems if problem.at]
    others = ("pages/about.md", "updates/school-lists-packed.md", "updates/winter-hours.md")
    assert sorted(set(paths)) == sorted(f"content/{name}" for name in (*broken, *others))
    assert "there is no file content/pages/gone.md" in str(error.value)
    assert "there is no picture content/images/gone.png" in str(error.value)
    assert "unknown name 'citty'" in str(error.value)
    assert "customer.favourite_drink is empty on the public page" in str(error.value)


def _copy(folder: Path) -> Path:
    """Return a copy of the example project."""
    project = folder / "project"
    subprocess.run(["cp", "-r", str(ROOT / "content"), str(folder / "content")], check=True)
    project.mkdir()
    (folder / "content").rename(project / "content")
    return project


@pytest.mark.parametrize("formats", ["[eml, mbox, mailmerge]", "[mbox]", "[mailmerge]", "[]"])
@pytest.mark.parametrize("most", [0, 5000])
def test_an_empty_value_is_found_for_every_output_format(
    tmp_path: Path, formats: str, most: int
) -> None:
    """Also if messages have no files of their own, or are not written at all."""
    project = _started(tmp_path, f"\noutput: {{formats: {formats}, most_single_files: {most}}}\n")

    with pytest.raises(NewsletterError, match=r"customer\.birthday is empty for 1 of 2"):
        build(project, output=tmp_path / "o", today=EXAMPLE_DAY, issue=None, progress=Silent())


@pytest.mark.parametrize(
    ("formats", "most", "mbox", "single"),
    [
        ("[eml, mailmerge]", 5000, False, True),
        ("[eml, mailmerge]", 0, True, False),
        ("[mailmerge]", 0, False, False),
        ("[mbox]", 5000, True, False),
    ],
)
def test_only_the_chosen_formats_are_written(
    tmp_path: Path, formats: str, most: int, *, mbox: bool, single: bool
) -> None:
    """Too many single files become one .mbox; merge files may be the only format."""
    project = _started(tmp_path, f"\noutput: {{formats: {formats}, most_single_files: {most}}}\n")
    issue = next((project / "content/issues").glob("*.md"))
    issue.write_text(issue.read_text().replace(_BARE, ""))

    build(project, output=tmp_path / "o", today=EXAMPLE_DAY, issue=None, progress=Silent())

    assert bool(list((tmp_path / "o").rglob("*.mbox"))) == mbox
    assert bool(list((tmp_path / "o").rglob("*.eml"))) == single


def test_an_international_domain_works_in_every_output(tmp_path: Path) -> None:
    """As sender and in the address to unsubscribe at: everybody is reached."""
    project = Path(shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "p"))
    config = project / "content/newsletter.yml"
    config.write_text(re.sub(r"@example\.com", "@exämple.de", config.read_text()))

    output = tmp_path / "o"
    report = build(project, output=output, today=EXAMPLE_DAY, issue=None, progress=Silent())

    assert report.left_out == {}
    (mbox,) = output.rglob("*.mbox")
    written = mbox.read_text()
    assert "\nFrom news@xn--exmple-cua.de " in written
    assert "List-Unsubscribe: <mailto:leave@xn--exmple-cua.de>" in written


def test_messages_of_which_gmail_hides_the_end_are_named(tmp_path: Path) -> None:
    """With their number and their largest parts, also if they were made by an earlier build."""
    project = Path(shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "p"))
    (issue,) = (project / "content/issues").glob("*.md")
    words = "Much about *ink* and paper.\n\n" * 1400
    issue.write_text(
        f"{issue.read_text()}\n{{% if customer.id == '1' %}}\n\n{words}{{% endif %}}\n"
    )
    config = project / "content/newsletter.yml"

    for _ in range(2):
        config.write_text(config.read_text() + "# another build\n")
        output = tmp_path / "o"
        report = build(project, output=output, today=EXAMPLE_DAY, issue=None, progress=Silent())

        (remark,) = report.remarks
        assert "1 message is too long for Gmail (2026-11, en): up to " in str(remark)
        sizes = dict(re.findall(r"(content/\S+|the layout) (\d+) KB", remark.hint))
        assert int(sizes["content/issues/2026-11.md"]) > 60
        assert 5 < int(sizes["the layout"]) < 40
        assert str(remark) in (output / "private/remarks.txt").read_text()


_BARE = "{{ customer.birthday }}"


def _started(folder: Path, settings: str) -> Path:
    """Return a new project in which one of two customers gets a letter and has no birthday."""
    project = folder / "started"
    begin(project, read_starter(EXAMPLE_DAY, customers=None), customers=None)
    (project / "content/customers/customers.csv").write_text(
        "id,email,last_name,street,postcode,city,birthday,orders_count,newsletter,letter consent\n"
        "1,ada@example.com,Marsh,Main 1,12345,Springfield,1990-01-02,1,yes,\n"
        "2,,Berg,Main 2,12345,Springfield,,1,,yes\n"
    )
    config = project / "content/newsletter.yml"
    config.write_text(config.read_text() + settings)
    issue = next((project / "content/issues").glob("*.md"))
    text = issue.read_text().replace("subject: '", f"subject: '{_BARE} ", 1)
    issue.write_text(text)
    return project
