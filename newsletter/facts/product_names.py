"""Products and categories as sentences name them: in the language of the words, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from newsletter.model.language import fallbacks, first_match
from newsletter.model.project import People

_EVERY = "name"
"""Column of names for every language without a column of its own: name_de, name_fr …"""


def with_product_names(rows: pl.DataFrame, people: People, *, default: str) -> pl.DataFrame:
    """
    Return *rows* with products and categories named in the language in `language`.

    A product without a name there is called by the name of its category, and left out if that has
    none either; the text may then be missing. In *default*, the project's language, which is also
    that of rows without one, both are called as the orders have them.
    """
    columns = [name for name in _READS if name in rows.columns]
    languages = rows["language"].fill_null(default)
    foreign = [tag for tag in languages.unique() if default not in fallbacks(tag)]
    if people.tables["products"].height:
        book = _book(people)
        return rows.with_columns(
            _translated(rows[name], languages, book, foreign=foreign) for name in columns
        )
    if not foreign:
        return rows
    spoken = ~languages.is_in(foreign)  # without names, nothing is known in other languages
    return rows.with_columns(pl.when(spoken).then(pl.col(name)).alias(name) for name in columns)


_READS = (
    "last_product", "last_category_name", "favourite_category_name", "order_product",
    "order_category_name",
)  # fmt: skip


@dataclass(frozen=True)
class _Book:
    """What the tables of orders and products say."""

    names: Mapping[str, Mapping[str, str]]
    """Product or category → language → its name in it."""
    categories: Mapping[str, str | None]
    """Every product and category → its category."""

    def name(self, what: str, language: str, *, foreign: bool) -> str | None:
        """Return the name of a product or category in a language; None if it has none."""
        category = self.categories.get(what) or ""
        for text in dict.fromkeys((what, category)):
            names = self.names.get(text, {})
            if name := first_match(names, language) or names.get(_EVERY):
                return name
            if not foreign:
                return what
        return None


def _book(people: People) -> _Book:
    table, orders = people.tables["products"], people.tables["orders"]
    languages = {
        name: name.removeprefix(f"{_EVERY}_").replace("_", "-")
        for name in table.columns
        if name == _EVERY or name.startswith(f"{_EVERY}_")
    }
    names: dict[str, dict[str, str]] = {}
    listed: dict[str, str | None] = {}
    for row in table.iter_rows(named=True):
        what = row["product"] or row["category"]
        if what:
            called = {
                tag: str(row[name]) for name, tag in languages.items() if row[name] is not None
            }
            names.setdefault(what, {}).update(called)
            listed[what] = row["category"] if row["product"] else None
    sold = orders.select(pl.col("product", "category").cast(pl.String)).unique().sort(pl.all())
    bought = dict(sold.drop_nulls("product").iter_rows())
    categories = dict.fromkeys(sold["category"].drop_nulls())
    filled = {what: category for what, category in listed.items() if category}
    return _Book(names, listed | categories | bought | filled)


def _translated(
    texts: pl.Series, languages: pl.Series, book: _Book, *, foreign: Collection[str]
) -> pl.Series:
    """Return each text, names joined by commas, in its language; few texts have many rows."""
    asked = pl.DataFrame([texts.alias("text"), languages.alias("language")])
    pairs = asked.drop_nulls("text").unique(maintain_order=True)
    names = []
    for text, language in pairs.iter_rows():
        parts = _parts(text, book.categories)
        named = (book.name(part, language, foreign=language in foreign) for part in parts)
        names.append(", ".join(dict.fromkeys(filter(None, named))) or None)
    table = pairs.with_columns(pl.Series("names", names, dtype=pl.String))
    placed = asked.join(table, on=["text", "language"], how="left", maintain_order="left")
    return placed["names"].alias(texts.name)


def _parts(text: str, known: Mapping[str, object]) -> Iterator[str]:
    """Yield the joined names, each as long as it can be, because names may hold commas."""
    pieces = text.split(", ")
    while pieces:
        ends = range(len(pieces), 0, -1)
        end = next((n for n in ends if ", ".join(pieces[:n]) in known), 1)
        yield ", ".join(pieces[:end])
        pieces = pieces[end:]
