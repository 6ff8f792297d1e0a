"""How a customer is addressed: by language, formality and title; gender is never guessed."""

from __future__ import annotations

import polars as pl

from newsletter.facts.basis import FactsBasis, Source
from newsletter.facts.phrases import PHRASES, SOLEMN, Phrases
from newsletter.model.config import Config
from newsletter.model.language import first_match

_FACTS: dict[str, pl.DataType] = {
    "greeting": pl.String(),
}


def _add(customers: pl.DataFrame, basis: FactsBasis) -> pl.DataFrame:
    """
    Add the greeting. Rows without a formality get the project's.

    Nobody is on first-name terms with somebody whose name is unknown, or whose first name is an
    initial: these rows are formal.
    """
    named = pl.any_horizontal(_spelt(name).is_not_null() for name in _NAMES)
    named &= pl.col("first_name").is_null() | _spelt("first_name").is_not_null()
    usual = pl.when(named).then(pl.lit(basis.config.formality)).otherwise(pl.lit("formal"))
    formality = pl.coalesce("formality", usual)
    return _localise(customers.with_columns(formality=formality), basis.config)


def _localise(customers: pl.DataFrame, config: Config) -> pl.DataFrame:
    """
    Add or replace `greeting`, in each customer's language, else in the project's.

    Formal greetings use the title and the last name, or without a title the whole name. Informal
    greetings prefer the first name. A name is never split, and a last name never stands alone, and
    neither do initials.
    """
    keys = customers.select(
        pl.col("language").fill_null(config.language).alias("_language"),
        pl.col("formality").fill_null(config.formality).alias("_formality"),
        pl.col("title").alias("_title"),
    )
    # Few kinds of people, many people: the phrases are chosen once for each kind.
    kinds = keys.unique()
    chosen = [_phrases(*row, fallback=config.language) for row in kinds.iter_rows()]
    phrases = pl.DataFrame(chosen, schema=dict.fromkeys(_PARTS, pl.String()), orient="row")
    placed = keys.join(
        kinds.hstack(phrases), on=keys.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    return customers.hstack(placed.select(_PARTS)).with_columns(_greeting()).drop(_PARTS)


def neutral_greeting(language: str, config: Config) -> str:
    """Return the greeting without a name, as on the public site."""
    phrases = _phrases_in(language, config.language)
    return phrases.formal_nobody if config.formality == "formal" else phrases.informal_nobody


def solemn(greeting: str, *, language: str, title: str | None) -> str:
    """Return a greeting as it begins a letter of condolence: Dear Ada, Chère Madame Olinger."""
    light, woman, man, anybody = first_match(SOLEMN, language) or ("", "", "", "")
    first, _, name = greeting.partition(" ")
    if first != light or not name:
        return greeting
    word = (title or "").partition(" ")[0].rstrip(".").lower()
    opening = woman if word in _WOMEN else man if word in _MEN else anybody
    return f"{opening} {name}"


def _phrases_in(language: str, default: str = "") -> Phrases:
    """Return the phrases of *language*, else of *default*, else the English ones."""
    return first_match(PHRASES, language, default) or PHRASES["en"]


_PARTS = ["_titled", "_named", "_plain", "_formal"]


def _phrases(
    language: str, formality: str, title: str | None, *, fallback: str
) -> tuple[str | None, str, str, str | None]:
    """Return the greeting with title, with a name and with neither; `{}` stands for the name."""
    phrases = _phrases_in(language, fallback)
    formal = formality == "formal"
    named = phrases.formal if formal else phrases.informal
    plain = phrases.formal_nobody if formal else phrases.informal_nobody
    return _titled(phrases, title), named, plain, "yes" if formal else None


def _titled(phrases: Phrases, title: str | None) -> str | None:
    """Return the greeting with a title; gender follows from the title alone."""
    if not title:
        return None
    first, _, further = title.partition(" ")
    further = f"{further} " if further else ""
    word = first.rstrip(".").lower()
    if word not in _WOMEN | _MEN:
        return phrases.formal.replace("{}", f"{title} {{}}")
    gendered = phrases.woman if word in _WOMEN else phrases.man
    named = gendered.replace("{}", f"{further}{{}}")
    return named.replace("[]", _title_in(phrases, first, word))


def _title_in(phrases: Phrases, first: str, word: str) -> str:
    """Return the title as written if the language has it, else the language's usual title."""
    if word in phrases.titles:
        return first
    return phrases.titles[0] if word in _WOMEN else phrases.titles[1]


# Titles in customer files of the supported languages, in lower case and without a full stop.
_WOMEN = {
    "ms", "mrs", "miss", "frau", "mme", "madame", "mlle", "mademoiselle", "mevr", "mevrouw", "mw",
    "sra", "señora", "srta", "senhora", "sig.ra", "signora", "女士",
}  # fmt: skip
_MEN = {
    "mr", "herr", "hr", "m", "monsieur", "dhr", "heer", "meneer", "sr", "señor", "senhor", "sig",
    "signor", "先生",
}  # fmt: skip


def _greeting() -> pl.Expr:
    """Choose the greeting that the known parts of the name allow; a company is not greeted."""
    first, last, name = map(_spelt, _NAMES)
    whole = pl.when(last.is_null() | (name != last)).then(name)  # a last name alone is curt
    titled = _filled("_titled", last)
    formal = pl.coalesce(titled, _filled("_named", whole))
    informal = pl.coalesce(_filled("_named", first), titled, _filled("_named", whole))
    chosen = pl.when(pl.col("_formal").is_not_null()).then(formal).otherwise(informal)
    return pl.coalesce(chosen, pl.col("_plain")).alias("greeting")


_NAMES = ("first_name", "last_name", "name")
_INITIALS = r"^[\p{Lu}\p{Ll}](?:[\s.-]+[\p{Lu}\p{Ll}])*\.?$"
"""One letter, or several that stand apart: B., J.-P., A B. A Chinese name may be one character."""


def _spelt(column: str) -> pl.Expr:
    """Return a name; null if it is only initials."""
    name = pl.col(column)
    return pl.when(~name.str.contains(_INITIALS)).then(name)


def _filled(phrase: str, name: pl.Expr) -> pl.Expr:
    parts = pl.col(phrase).str.split_exact("{}", 1)
    before, after = parts.struct.field("field_0"), parts.struct.field("field_1")
    return before + name + after


GREETING = Source(
    name="greeting", facts=_FACTS, add=_add, completes=("formality",), localise=_localise
)
