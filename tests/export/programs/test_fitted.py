"""What is in the columns is packed if a program takes few of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
import pytest
from export_reading import ours, theirs, written
from hypothesis import given
from hypothesis import strategies as st
from mailchimp_tags import merged
from support import EXAMPLE_DAY, ROOT

from newsletter.errors import NewsletterError
from newsletter.export.columns import Condition, Piece
from newsletter.export.programs import PROGRAMS
from newsletter.export.programs.contact_rows import plain
from newsletter.export.programs.exported import Exported
from newsletter.export.programs.exports import exported_mailings
from newsletter.export.programs.fitted import Fitter, part
from newsletter.export.programs.print_template import TemplatePrinter
from newsletter.export.programs.profile import UNSEEN, Limits
from newsletter.model.care import CarePlan
from newsletter.model.project import Project
from newsletter.plan.planning import plan_day
from newsletter.read.assembly import read_project

FLAGS = [f"show_{n}" for n in range(6)]


@pytest.fixture(scope="module")
def project() -> Project:
    """Return the example."""
    return read_project(ROOT, today=EXAMPLE_DAY)


@pytest.fixture(scope="module")
def plan(project: Project) -> CarePlan:
    """Return its plan with an issue."""
    return plan_day(project, today=EXAMPLE_DAY, issue="2026-11")


def _exported(project: Project, plan: CarePlan, name: str) -> Exported:
    return next(exported_mailings(project, plan, PROGRAMS[name], issue="2026-11"))


@given(rows=st.lists(st.tuples(*[st.sampled_from(["", "1"])] * 6), min_size=1, max_size=9))
def test_packed_conditions_hold_for_the_same_people(rows: list[tuple[str, ...]]) -> None:
    """Branches, what is for all others, and conditions in conditions, in any number of columns."""
    inner = Condition((("show_3", ("d",)), ("show_4", ("e",))), ("f",))
    pieces: Sequence[Piece] = (
        Condition((("show_0", ("a",)), ("show_1", ("b", inner)), ("show_2", ("c",))), ("o",)),
        Condition((("show_5", ("g",)),), ()),
    )
    frame = pl.DataFrame(rows, schema=dict.fromkeys(FLAGS, pl.String()), orient="row")
    for columns in (1, 2, 3, 6):
        fitter = Fitter(
            limits=Limits(columns=columns, cell=255),
            fixed=(),
            flags=FLAGS,
            also=0,
            people=len(rows),
            frames=lambda: [frame],
        )
        fitted = fitter.fitted({"text": pieces})
        names = {name: name for name in fitted.columns}
        program = PROGRAMS["mailchimp"]
        printer = TemplatePrinter(program=program, names=names, fallbacks={}, codes=fitted.codes)
        template = printer.text(fitted.pieces["text"])
        packed = fitted.frame(frame).rows(named=True)
        texts = [_mailchimp(template, row) for row in packed]
        assert texts == [_expected(row) for row in rows]


def _mailchimp(template: str, row: dict[str, str]) -> str:
    return merged(template.replace("show_", "SHOW").replace("flags_", "FLAGS"), _upper(row))


def _upper(row: dict[str, str]) -> dict[str, str]:
    return {name.upper().replace("_", ""): cell for name, cell in row.items()}


def _expected(row: Sequence[str]) -> str:
    inner = "d" if row[3] else "e" if row[4] else "f"
    first = "a" if row[0] else f"b{inner}" if row[1] else "c" if row[2] else "o"
    return first + ("g" if row[5] else "")


@given(st.text(max_size=60), st.integers(4, 20))
def test_parts_of_a_cell_are_the_cell(cell: str, most: int) -> None:
    """Each is short enough."""
    parts = [part(cell, number, most) for number in range(len(cell) + 1)]
    assert "".join(parts) == cell
    assert all(len(text.encode()) <= most for text in parts)


def test_long_cells_go_on_in_further_columns(project: Project, plan: CarePlan) -> None:
    """The template prints them one after the other."""
    limits = Limits(columns=27, cell=40)
    program = replace(PROGRAMS["mailchimp"], limits=limits)
    exported = replace(_exported(project, plan, "mailchimp"), program=program)
    assert "services_1_detail_part_3" in exported.fitted.columns
    [frame] = exported.frames()
    cells = [cell for name in exported.fitted.columns for cell in frame[name]]
    assert max(len(cell.encode()) for cell in cells) <= 40
    assert theirs(exported, written(exported)) == ours(exported)


def test_too_many_columns_are_refused_by_name(project: Project, plan: CarePlan) -> None:
    """With what is in them, and whose cells are too long."""
    limits = Limits(columns=5, cell=40)
    program = replace(PROGRAMS["mailchimp"], limits=limits)
    exported = replace(_exported(project, plan, "mailchimp"), program=program)
    with pytest.raises(NewsletterError) as raised:
        list(exported.artifacts())
    *others, first = [problem.message for problem in raised.value.problems]
    assert first.startswith("Mailchimp takes 5 columns besides the address and the names, and ")
    assert "greeting" in first
    assert "for its conditions" in first
    assert any("'services_1_detail' of customer " in message for message in others)
    assert any("has 101 bytes, and Mailchimp takes 40 in a column" in text for text in others)


def test_columns_of_one_customer_stay(project: Project, plan: CarePlan) -> None:
    """What is the same for all stands in the template; of a single customer that is all."""
    for name in ("klaviyo", "mailchimp"):
        exported = _exported(project, plan, name)
        alone = replace(exported, people=exported.people.head(1))
        assert "Aoife" not in "".join(alone.texts.values())
        assert theirs(alone, written(alone)) == ours(alone)


def test_what_is_the_same_for_all_stands_in_the_template(project: Project, plan: CarePlan) -> None:
    """Texts, and branches of conditions; values in text and HTML share a column."""
    exported = _exported(project, plan, "klaviyo")
    assert {"formality", "show_winter_hours", "greeting_2"} < exported.columns.cells.keys()
    assert not {"formality", "show_winter_hours", "greeting_2"} & exported.headers.keys()
    assert "Kind regards," in exported.texts["text"]
    assert "has_winter" not in exported.texts["text"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("O'Brien & <Co>", "O’Brien ＆ ‹Co›"),
        ("see https://a.example/?a=1&b='2'", "see https://a.example/?a=1&b=%272%27"),
        (" a\n", f"{UNSEEN} a\n{UNSEEN}"),
        ("plain", "plain"),
    ],
)
def test_plain_cells(cell: str, expected: str) -> None:
    """They look the same, whether or not a program escapes or trims them."""
    assert plain(cell) == expected
