"""`newsletter preview`: one customer's message, without a build."""

from __future__ import annotations

from pathlib import Path

from support import ROOT, run

TODAY = ("--today", "2026-11-03", "--no-open")


def test_the_issue_of_one_customer_is_written(root: Path) -> None:
    """The name may be a part of it; nothing else is written."""
    result = run("preview", "zoe", "--project", root, *TODAY)
    page = root / "output/private/preview.html"
    assert result.exit_code == 0, result.stderr
    assert f"wrote {page}" in result.stdout
    assert "Zoë" in page.read_text(encoding="utf-8")
    assert not (root / "output/site").exists()


def test_the_task_of_a_practice_is_a_page_of_its_own(tmp_path: Path) -> None:
    """A letter or a call has no layout of an email; several customers are listed."""
    to = ("--output", tmp_path / "out", "--project", ROOT)
    call = run("preview", "PB-1010", "--practice", "promise", *to, *TODAY)
    page = (tmp_path / "out/private/preview.html").read_text(encoding="utf-8")
    told = f"Letters and cards with their greeting and layout: {tmp_path / 'out'}/private/print"
    assert told in page.replace("&#x27;", "'")
    assert call.exit_code == 0, call.stderr
    assert page.startswith("<!doctype html>")
    not_due = run("preview", "PB-1010", "--practice", "thank-you", *to, *TODAY)
    assert "PB-1010 does not get thank-you on 2026-11-03" in not_due.stderr
    several = run("preview", "a", *to, *TODAY)
    assert several.exit_code == 1
    assert "the id in the first column" in several.stderr
    assert "no customer matches" in run("preview", "qqqq", *to, *TODAY).stderr
