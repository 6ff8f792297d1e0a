"""Yes and no, in many languages and signs; what is neither counts as told, with a remark."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal

import polars as pl

from newsletter.read.answer_words import no_words, yes_words
from newsletter.read.people.findings import Column, Findings, Reading, counted_words
from newsletter.read.people.header_names import plain_words
from newsletter.read.yaml import packaged_yaml

Answer = Literal["yes", "no", "refused", "cross", "nothing"]
_WORDS: Any = packaged_yaml("cells.yml").data
YES, NO = yes_words(), no_words()
REFUSED = frozenset(_WORDS["refused"].split(", "))
"""Words that say no to a newsletter; in a column of objections they are one."""
CROSSES = frozenset(_WORDS["crosses"].split())
"""Signs that may be a tick: they give no consent, but take it away."""
NOTHING = frozenset(word.lower() for word in _WORDS["nothing"])
PLAIN_YES_NO = frozenset(("yes", "no", "true", "false", "ja", "nein", "oui", "non"))
"""Words that make a further column yes/no; 1 and x could mean anything."""

_WRITTEN: dict[str, Answer] = {
    **dict.fromkeys(YES, "yes"),
    **dict.fromkeys(NO, "no"),
    **dict.fromkeys(REFUSED, "refused"),
    **dict.fromkeys(CROSSES, "cross"),
    **dict.fromkeys(NOTHING, "nothing"),
}
_PLAIN = {
    plain: answer for word, answer in reversed(_WRITTEN.items()) if (plain := plain_words(word))
}
"""The same without accents and punctuation: `JA!` → ja, `SI` → si."""
_TICKS = "".join(word for word in YES if len(word) == 1 and not word.isalnum())
_PLAINLY = re.compile(rf"(?:[\w\s,.!'’´`\"“”„«»:+_-]|[{re.escape(_TICKS)}])*")
"""Texts without signs of doubt, such as `?`, `~`, brackets and an ellipsis."""
_DOTS = re.compile(r"\.\s*\.|\b(?:ca|evtl)\.")
_VARIANTS = re.compile("[\ufe00-\ufe0f]")
"""Characters that nobody sees; they say whether a tick is in colour."""


def answer_of(text: str) -> Answer | None:
    """Return what a cell says; None if it is not understood, or says it in doubt: `yes?`."""
    written = _VARIANTS.sub("", text.lower())
    if answer := _WRITTEN.get(written):
        return answer
    if not _PLAINLY.fullmatch(unicodedata.normalize("NFC", written)) or _DOTS.search(written):
        return None
    return _PLAIN.get(plain_words(written))


def answers(text: pl.Series) -> pl.Series:
    """Return what each cell says; null where it is empty or not understood."""
    words = text.drop_nulls().unique().to_list()
    read = [answer_of(word) for word in words]
    return text.replace_strict(words, read, default=None, return_dtype=pl.String)


def read_yes_no(column: Column, findings: Findings, *, other: bool) -> Reading:
    """
    Read yes and no; an empty cell is null.

    Any other word means *other*, and NULL and the like no, with remarks.
    """
    said = answers(column.text)
    unknown = column.text.is_not_null() & said.is_null()
    remark_unknown_words(column, unknown, findings=findings, counts_as="yes" if other else "no")
    remark_unknown_words(column, said == "nothing", findings=findings, counts_as="no")
    values = pl.select(pl.when(unknown).then(other).otherwise(said == "yes")).to_series()
    return Reading(values, "yes/no")


def remark_unknown_words(
    column: Column, mask: pl.Series, *, findings: Findings, counts_as: str
) -> None:
    """Remark how unknown words are read."""
    for finding in counted_words(column, mask):
        findings.of_columns(f"{finding} counts as {counts_as}", hint="write yes or no")
