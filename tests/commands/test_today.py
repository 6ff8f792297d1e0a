"""`newsletter today`: the day's tasks in the terminal, owed tasks first, with their texts."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter import commands
from newsletter.commands.terminal import Bars
from newsletter.commands.today import today_text

MINIMAL = Path(__file__).parents[1] / "projects/valid/minimal"
CUSTOMERS = """\
id,email,name,phone,street,postcode,city,country,consent_phone,consent_post,not_to_mention,\
account_manager,newsletter
1,zoe@example.com,Zoë Miller,+352 621 1,1 Hill Road,1234,Bridel,LU,yes,yes,the divorce,ann,yes
2,sam@example.com,Sam O'Brien,+352 621 2,2 Hill Road,1234,Bridel,LU,yes,yes,,ben,yes
3,,Kim Lee,+352 621 3,3 Hill Road,1234,Bridel,LU,yes,yes,,ben,
4,eve@example.com,Eve Adams,,,,,LU,,,,ann,yes
"""
TALKS = """\
customer,date,channel,text,promise,promised_by
1,2026-11-03,call,Looks for a blue pen.,A blue pen,2026-11-05
"""
PRACTICES = {
    "promise": """\
---
title: A promise
on: promise
channel: call
priority: 10
owed: yes
---
Say that {{ customer.promise | lower }} is here.
""",
    "tea": """\
---
title: Tea day
on: 11-05
when: id != "1"
channel: [email, letter]
priority: 90
gift: {kind: item, name: a tea egg, worth: 2 EUR, conditions: one each}
---
# Email
Today is tea day.
# Letter
Today is **tea** day,
and there is a cup for you.
""",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project of a team of two."""
    folder = Path(shutil.copytree(MINIMAL, tmp_path / "project"))
    config = folder / "content/newsletter.yml"
    text = config.read_text(encoding="utf-8").replace(
        "    name: Ann Archer\n", "    name: Ann Archer\n  - id: ben\n    name: Ben Baker\n"
    )
    start = "start: 2026-11-01\netiquette:\n  post_days: 0\n"
    config.write_text(text + start, encoding="utf-8")

    # Without an issue on that day, customers are free for other tasks.
    issue = folder / "content/issues/2026-11.md"
    issue.write_text(issue.read_text(encoding="utf-8").replace("2026-11-05", "2026-11-20"))
    (folder / "content/practices").mkdir()
    for name, practice in PRACTICES.items():
        (folder / f"content/practices/{name}.md").write_text(practice, encoding="utf-8")
    (folder / "content/customers/customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "content/customers/conversations.csv").write_text(TALKS, encoding="utf-8")
    return folder


def today(root: Path, *arguments: str) -> Result:
    """Run `newsletter today`."""
    where = ["--project", str(root), "--today", "2026-11-05", "--output", str(root / "output")]
    return CliRunner().invoke(commands.main, ["today", *where, *arguments])


def test_each_member_sees_their_tasks(root: Path) -> None:
    """With text, agenda and gift; emails are only counted."""
    result = today(root)
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "Ann Archer, Thursday 2026-11-05: 1 task; newsletter build writes 1 email\n"
        f"{'=' * 72}\n"
        "\n"
        "OWED · CALL · Zoë Miller (1) · +352 621 1\n"
        "    A promise: promised by Nov 5, 2026 (A blue pen)\n"
        "    · Do not mention: the divorce\n"
        "    · Last contact November 3, 2026 (by phone): Looks for a blue pen.\n"
        "    · Promised by November 5, 2026: A blue pen\n"
        "    Say that a blue pen is here.\n"
        "\n"
        "Ben Baker, Thursday 2026-11-05: 1 task; newsletter build writes 1 email\n"
        f"{'=' * 71}\n"
        "\n"
        "LETTER · Kim Lee (3)\n"
        "    Tea day: Nov 5, 2026; customer number is not 1\n"
        "    To: Kim Lee, 3 Hill Road, 1234 Bridel, LUXEMBOURG\n"
        "    Hello Kim Lee,\n"
        "    Today is tea day, and there is a cup for you.\n"
        "    With it: a tea egg (one each)\n"
        "\n"
        f"wrote {root}/output/private/care/index.html and a page for each\n"
        "\n"
        "next: newsletter jot CUSTOMER TEXT, as you go along\n"
    )


def test_owed_emails_are_named(root: Path) -> None:
    """An email only says that a promise is due; a person must fulfil it, so it comes first."""
    customers = root / "content/customers/customers.csv"
    text = customers.read_text(encoding="utf-8")
    customers.write_text(text.replace("+352 621 1", ""), encoding="utf-8")
    promise = root / "content/practices/promise.md"
    changed = promise.read_text(encoding="utf-8").replace(
        "channel: call", "channel: [call, email]"
    )
    promise.write_text(changed + "\n# Email\n\nIt is on its way.\n", encoding="utf-8")
    text = today(root, "--member", "ann").stdout
    assert (
        "\n\nOWED · EMAIL · Zoë Miller (1)\n    A promise: promised by Nov 5, 2026 (A blue pen)\n"
        in text
    )


def test_member_limits_the_output_to_one_page(root: Path) -> None:
    """With --member one page is printed; the pages of all members are written."""
    text = today(root, "--member", "Ben Baker").stdout
    assert text.startswith("Ben Baker, Thursday 2026-11-05: 1 task")
    assert "Ann Archer, Thursday" not in text
    assert f"wrote {root}/output/private/care/ben.html\n\nnext: " in text
    assert (root / "output/private/care/ann.html").is_file()


def test_pages_link_to_files_of_the_last_build(root: Path) -> None:
    """The files of a build stay beside the pages."""
    lists = root / "output/private/care/lists"
    assert today(root).exit_code == 0
    lists.mkdir()
    (lists / "2026-11-05-ann.csv").write_text("x", encoding="utf-8")
    assert today(root).exit_code == 0
    assert (lists / "2026-11-05-ann.csv").read_text(encoding="utf-8") == "x"
    page = (root / "output/private/care/ann.html").read_text(encoding="utf-8")
    assert 'href="lists/2026-11-05-ann.csv"' in page


def test_it_begins_with_what_lapsed_while_nothing_was_recorded(root: Path) -> None:
    """After two weeks, for the members asked for; once something is recorded it does not."""
    talks = root / "content/customers/conversations.csv"
    talks.write_text("customer,date,text\n1,2026-11-04,Looks for a blue pen.\n", encoding="utf-8")
    late = ("--today", "2026-11-25")
    shown = today(root, *late).stdout
    assert shown.startswith("While you were away\n===================\n")
    assert "Nothing was recorded from 2026-11-05 to 2026-11-24." in shown
    assert "Over, and better left." in shown
    assert "  Eve Adams    Tea day  for 2026-11-05\n" in shown
    assert "Sam O'Brien  Tea day" in shown
    assert "Sam O'Brien  Tea day" not in today(root, *late, "--member", "ann").stdout
    with talks.open("a", encoding="utf-8") as file:
        file.write("1,2026-11-25,Found one.\n")
    assert "While you were away" not in today(root, *late).stdout


def test_a_small_terminal_gets_the_tasks_without_their_texts(root: Path) -> None:
    """Each on a line, as many as fit; the last line says where the words are."""
    with (root / "content/customers/customers.csv").open("a", encoding="utf-8") as file:
        for number in range(10, 20):
            file.write(f"{number},,Kim {number},,{number} Hill Road,1234,Bridel,LU,,yes,,ben,\n")
    day, output = dt.date(2026, 11, 5), root / "output"
    shown = today_text(
        root, output=output, member="ben", today=day, progress=Bars(quiet=True), lines=14
    )
    assert shown == (
        "Ben Baker, Thursday 2026-11-05: 11 tasks; newsletter build writes 1 email\n"
        f"{'=' * 73}\n"
        "LETTER · Kim 10 (10)  Tea day\n"
        "LETTER · Kim 11 (11)  Tea day\n"
        "LETTER · Kim 12 (12)  Tea day\n"
        "LETTER · Kim 13 (13)  Tea day\n"
        "LETTER · Kim 14 (14)  Tea day\n"
        "… and 6 tasks more\n"
        "\n"
        f"the words: {output}/private/care/ben.html, or newsletter today --all\n"
        "\n"
        "next: newsletter jot CUSTOMER TEXT, as you go along"
    )


def test_an_unknown_member_suggests_the_nearest_name(root: Path) -> None:
    """The name may be misspelt."""
    result = today(root, "--member", "bne")
    assert (result.exit_code, "did you mean 'ben'?" in result.stderr) == (1, True)


def test_a_letter_to_a_household_is_written_once(root: Path) -> None:
    """The other says with whose letter it goes, and needs no words."""
    with (root / "content/customers/customers.csv").open("a", encoding="utf-8") as file:
        file.write("5,,Jo Lee,,3 Hill Road,1234,Bridel,LU,,yes,,ben,\n")
    shown = today(root).output
    assert "Kim Lee and Jo Lee" in shown
    assert "Goes with the letter or card to Kim Lee." in shown
    assert shown.count("there is a cup for you") == 1
