"""Vouchers on slips: a slip for each code, with the customer's name."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from on_paper import Read, items_of, touch
from support import EXAMPLE_DAY, content_of

from newsletter.export.print.slips import slips
from newsletter.export.print.typst import Press
from newsletter.model.project import Project


def test_each_voucher_has_a_slip(project: Project, press: Press, words: Read) -> None:
    """With what it is, its code, its last day and whose it is; without a voucher there is none."""
    with_code = replace(
        touch("Ann"), gift="a coffee", code="04KD-8M2Z-Q9RT", expires=dt.date(2026, 12, 5)
    )
    items = items_of(project, [with_code, touch("Bob")])
    (artifact,) = slips(project, items, press=press, day=EXAMPLE_DAY, folder="x")
    text = " ".join(word.text for word in words(content_of(artifact)))
    assert artifact.path == "x/slips.pdf"
    assert "a coffee 04KD-8M2Z-Q9RT" in text
    assert "5 December 2026" in text
    assert "Ann" in text
    assert "Bob" not in text


def test_without_vouchers_there_are_no_slips(project: Project, press: Press) -> None:
    """No file is written."""
    items = items_of(project, [touch("Bob")])
    assert [*slips(project, items, press=press, day=EXAMPLE_DAY, folder="x")] == []
