"""Vouchers on slips: a slip for each code, with the customer's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from on_paper import Read, items_of, touch
from support import EXAMPLE_DAY, content_of

from newsletter.export.print import printed
from newsletter.export.print.cards import CARDS
from newsletter.export.print.leaves import Leaves, leaves_data
from newsletter.export.print.post import PostItem
from newsletter.export.print.slips import SLIPS
from newsletter.export.print.typst import Press
from newsletter.model.artifact import Artifact
from newsletter.model.project import Project


def test_each_voucher_has_a_slip(project: Project, press: Press, words: Read) -> None:
    """With what it is, its code, its last day and whose it is; without a voucher there is none."""
    with_code = replace(
        touch("Ann"), gift="a coffee", code="04KD-8M2Z-Q9RT", expires=dt.date(2026, 12, 5)
    )
    items = items_of(project, [with_code, touch("Bob")])
    artifact = _printed(project, items, press)["x/slips.pdf"]
    text = " ".join(word.text for word in words(content_of(artifact)))
    assert "a coffee 04KD-8M2Z-Q9RT" in text
    assert "5 December 2026" in text
    assert "Ann" in text
    assert "Bob" not in text


def test_without_vouchers_there_are_no_slips(project: Project, press: Press) -> None:
    """No file is written."""
    items = items_of(project, [touch("Bob")])
    assert "x/slips.pdf" not in _printed(project, items, press)


def _printed(project: Project, items: Sequence[PostItem], press: Press) -> dict[str, Artifact]:
    artifacts = printed(project, items, press=press, day=EXAMPLE_DAY, folder="x")
    return {artifact.path: artifact for artifact in artifacts}


@pytest.mark.parametrize("kind", [CARDS, SLIPS], ids=lambda kind: kind.name)
def test_nobody_reads_their_customer_number(project: Project, kind: Leaves) -> None:
    """Without a name, the street says which envelope a card or slip belongs to."""
    home = ("3 Road", "1113 Luxembourg")
    nameless = touch("PB-3", customer="PB-3", address=home, code="04KD-8M2Z-Q9RT")
    named = replace(nameless, name="Ann")
    items = items_of(project, [replace(t, channel="handwritten") for t in (nameless, named)])
    assert [leaf["name"] for leaf in leaves_data(project, items, kind)[kind.name]] == [
        "3 Road",
        "Ann",
    ]
