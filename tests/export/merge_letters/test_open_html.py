"""Conditions, lists and values of a text as fields: for everybody what our letter says."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from letter_reading import lines_of, tidy
from trees import slot, value

from newsletter.export.merge_letters.letter_columns import LONGEST_CELL, LetterColumns
from newsletter.export.merge_letters.open_html import OpenHtml
from newsletter.export.merge_letters.paragraphs import BREAK, Field, Paragraph, Paragraphs
from newsletter.export.print.blocks import blocks_of
from newsletter.mailing.words import joined_lists
from newsletter.merge.failures import Failure
from newsletter.merge.merge import Merger
from newsletter.model.template import Condition, MessageTemplate, Repeat, Tree

ODD = (
    "{ MERGEFIELD x }",
    "«name»",
    "<b>",
    "a & b",
    "=1+1",
    "01067",
    "x" * 300,
    "{{ x }}",
    "'",
    '"',
)
WORD = st.sampled_from(ODD) | st.text("abc", min_size=1, max_size=3)
TESTS = st.sampled_from(["customer.flag", "customer.years > 2", "customer.city"]).map(slot)
VALUES = st.sampled_from(["customer.first_name", "customer.years", "customer.city or 'home'"]).map(
    lambda field: (value(field, "text"),)
)
STATIC = WORD.map(lambda word: (escape(word, quote=False),))
EACH = Repeat(slot("customer.interests", "each"), ("<b>", value("each", "text"), "</b>, "))
LINK: Tree = ('<a href="https://a.example/?b=1&amp;c=2">', "see", "</a>")


def together(parts: Sequence[Tree]) -> Tree:
    """Return parts with spaces between them."""
    return tuple(piece for part in parts for piece in (*part, " "))


def conditions(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """Return conditions around parts, with up to two branches and an else."""
    branches = st.lists(st.tuples(TESTS, inner), min_size=1, max_size=2).map(tuple)
    return st.builds(lambda made, other: (Condition(made, other),), branches, inner)


def wrapped(tag: str) -> st.SearchStrategy[Tree]:
    """Return an element around a word or a value."""
    return (STATIC | VALUES).map(lambda tree: (f"<{tag}>", *tree, f"</{tag}>"))


LEAVES = STATIC | VALUES | wrapped("strong") | wrapped("em") | st.just(LINK) | st.just((EACH,))
INLINE = st.lists(
    LEAVES | conditions(st.lists(LEAVES, max_size=3).map(together)) | st.just(("<br>",)),
    min_size=1,
    max_size=4,
).map(together)
ITEMS = Repeat(
    slot("customer.interests", "each"),
    (
        "<li>",
        "<b>",
        value("each", "text"),
        "</b>",
        " (",
        value("customer.years", "text"),
        ")</li>",
    ),
)
BLOCKS = st.one_of(
    INLINE.map(lambda tree: ("<p>", *tree, "</p>\n")),
    INLINE.map(lambda tree: ("<h2>", *tree, "</h2>\n")),
    st.lists(INLINE, min_size=1, max_size=3).map(
        lambda items: ("<ul>", *sum((("<li>", *item, "</li>") for item in items), ()), "</ul>\n")
    ),
    st.just(("<ol>", ITEMS, "</ol>\n")),
    INLINE.map(lambda tree: ("<blockquote><p>", *tree, "</p></blockquote>")),
)
SEVERAL = st.lists(BLOCKS, max_size=2).map(lambda blocks: sum(blocks, ()))
HTML = st.lists(BLOCKS | conditions(SEVERAL) | conditions(conditions(SEVERAL)), max_size=4).map(
    lambda blocks: sum(blocks, ())
)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "first_name": WORD,
            "city": st.none() | WORD,
            "years": st.integers(0, 5),
            "flag": st.booleans(),
            "interests": st.lists(WORD, max_size=2),
        }
    ),
    min_size=1,
    max_size=3,
).map(
    lambda rows: pl.DataFrame(
        [{"id": str(n), **row} for n, row in enumerate(rows)],
        schema_overrides={"interests": pl.List(pl.String()), "city": pl.String()},
    )
)


def paragraphs_of(
    html: Tree, people: pl.DataFrame, *, packed: bool = False
) -> tuple[list[Paragraph], pl.DataFrame]:
    """Return the paragraphs of a letter, and its table."""
    columns = LetterColumns(people.select("first_name"))
    whole = OpenHtml(html, ["first_name"], packed=packed)
    text, cells = whole.filled(people, filters={})
    named = [columns.of_cells(each) for each in cells]
    blocks = blocks_of(joined_lists(text), picture=lambda _: "")
    paragraphs = list(Paragraphs(named.__getitem__, columns.spaced).of(blocks))
    return paragraphs, columns.table()


def merged(paragraphs: Sequence[Paragraph], row: dict[str, str]) -> list[str]:
    """Return the lines for a customer; paragraphs of empty fields only are left out."""
    lines = []
    for paragraph in paragraphs:
        text = "".join(
            row[run.content.name] if isinstance(run.content, Field) else run.content
            for run in paragraph.runs
        )
        if text or not paragraph.may_vanish:
            assert text.strip() or paragraph.look in ("rule", "table")  # no empty line
            lines += text.split(str(BREAK.content))
        for cells in paragraph.rows:
            lines += [str(run.content) for cell in cells for run in cell]
    return lines


def ours(html: Tree, people: pl.DataFrame) -> list[list[str]]:
    """Return the lines of our own letters."""
    template = MessageTemplate(language="en", subject=(), text=(), html=html)
    texts = list(Merger(template, filters={}).texts(people))
    assert not any(isinstance(text, Failure) for text in texts)
    blocks = [blocks_of(joined_lists(text[2]), picture=lambda _: "") for text in texts]
    return [tidy(list(lines_of(each))) for each in blocks]


@given(html=HTML, people=PEOPLE, packed=st.booleans())
def test_whatever_is_written_stands_in_the_letter(
    html: Tree, people: pl.DataFrame, packed: bool
) -> None:
    """Styles and links in conditions, lists, and values that look like fields or tags."""
    paragraphs, table = paragraphs_of(html, people, packed=packed)
    theirs = [merged(paragraphs, row) for row in table.iter_rows(named=True)]
    assert [" ".join(tidy(lines)) for lines in theirs] == [
        " ".join(lines) for lines in ours(html, people)
    ]
    cells = [cell for name in table.columns[1:] for cell in table[name]]
    assert max(map(len, cells), default=0) <= LONGEST_CELL


SHOPS = pl.DataFrame(
    {
        "id": ["1", "2"],
        "first_name": ["Ada", "Bo"],
        "flag": [True, False],
        "years": [1, 2],
        "interests": [["tea", "ink"], []],
    }
)
FLAG = slot("customer.flag")


def test_rows_of_a_table_in_a_condition_vanish() -> None:
    """It becomes a line for each row, as no program leaves out rows."""
    row = ("<tr><td>Monday</td><td>", value("customer.years", "text"), "</td></tr>")
    table = ("<table><tbody>", *row, Condition(((FLAG, row),)), "</tbody></table>")
    paragraphs, cells = paragraphs_of(table, SHOPS)
    lines = [merged(paragraphs, row) for row in cells.iter_rows(named=True)]
    assert lines == [["Monday · 1", "Monday · 1"], ["Monday · 2"]]


def test_words_that_all_or_none_get_need_no_column() -> None:
    """A condition that holds for everybody is text; one that holds for nobody is not there."""
    html = (
        Condition(((slot("customer.years"), ("<p>Thanks, <b>all</b>.</p>",)),)),
        Condition(((slot("customer.years > 9"), ("<p>Never</p>",)),)),
    )
    paragraphs, table = paragraphs_of(html, SHOPS)
    assert table.columns == ["first_name"]
    assert ["".join(str(run.content) for run in part.runs) for part in paragraphs] == [
        "Thanks, all."
    ]


def test_a_paragraph_in_a_condition_needs_one_column_without_its_styles() -> None:
    """For letters that need more columns than a program reads."""
    text = ('<p>Dear <b>friend</b>, <a href="https://a.example">look</a>.</p>',)
    html = (Condition(((FLAG, text),)),)
    for packed, count in ((False, 3), (True, 1)):
        paragraphs, table = paragraphs_of(html, SHOPS, packed=packed)
        assert len(table.columns) == 1 + count
        lines = [merged(paragraphs, row) for row in table.iter_rows(named=True)]
        assert lines == [["Dear friend, look (a.example)."], []]


def test_a_list_has_an_item_for_each_of_the_longest() -> None:
    """Its items are fields of their own, in their style."""
    paragraphs, table = paragraphs_of(("<ul>", ITEMS, "</ul>"), SHOPS)
    assert table.columns == [
        "first_name", "interests_1", "years_1", "interests_2", "years_2",
    ]  # fmt: skip
    assert [part.look for part in paragraphs] == ["bullet", "bullet"]
    assert [part.runs[0].styles for part in paragraphs] == [{"strong"}] * 2


def test_names_of_columns_are_legal_and_differ() -> None:
    """Letters, digits and `_`, 40 at most, whatever the file calls its columns."""
    fixed = pl.DataFrame({"Größe (cm)": ["1"], "größe cm": ["2"], "x" * 60: ["3"], "1st": ["4"]})
    columns = LetterColumns(fixed)
    [field] = columns.fields("GRÖSSE CM", ["5"])
    names = columns.table().columns
    assert len({name.casefold() for name in names}) == 5
    assert all(name.isascii() and name.isidentifier() and len(name) <= 40 for name in names)
    assert field.name == names[-1]


def test_long_cells_go_on_in_further_columns() -> None:
    """Counted as the driver counts, cut within a word."""
    columns = LetterColumns(pl.DataFrame({"id": ["1", "2"]}))
    text = "word " * 60 + "😀" * 200
    fields = columns.fields("story", [text, "short"])
    rows = columns.table().select(field.name for field in fields).rows()
    assert ["".join(row) for row in rows] == [text, "short"]
    parts = [part for part in rows[0] if part]
    assert max(len(part.encode("utf-16-le")) // 2 for part in parts) <= LONGEST_CELL
    assert not any(part != part.strip() for part in parts)
