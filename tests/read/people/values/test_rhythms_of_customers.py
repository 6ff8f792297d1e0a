"""How often customers want to hear from the business, in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.practice import Span
from newsletter.model.spans import OwnRhythm, own_rhythm
from newsletter.read.people.values.rhythms_of_customers import rhythm_text


@pytest.mark.parametrize(
    ("written", "rhythm"),
    [
        ("4 weeks", "4 weeks"),
        ("every 4 weeks", "4 weeks"),
        ("Every week", "1 week"),
        ("alle 4 Wochen", "4 weeks"),
        ("alle zwei Wochen", "2 weeks"),
        ("toutes les deux semaines", "2 weeks"),
        ("tous les 3 mois", "3 months"),
        ("quarter", "3 months"),
        ("vierteljährlich", "3 months"),
        ("chaque trimestre", "3 months"),
        ("two quarters", "6 months"),
        ("halbes Jahr", "6 months"),
        ("fortnight", "2 weeks"),
        ("every other week", "2 weeks"),
        ("jede zweite Woche", "2 weeks"),
        ("zweimal im Jahr", "6 months"),
        ("au plus deux fois par an", "at most 6 months"),
        ("at most four times a year", "at most 3 months"),
        ("monthly", "1 month"),
        ("einmal im Monat", "1 month"),
        ("une fois par an", "1 year"),
        ("at most 4 weeks", "at most 4 weeks"),
        ("höchstens alle 6 Wochen", "at most 6 weeks"),
        ("Au plus une fois par mois", "at most 1 month"),
        ("max. einmal im Jahr", "at most 1 year"),
        ("usual", "usual"),
        ("wie üblich", "usual"),
        ("comme d’habitude", "usual"),
        ("often", None),
        ("0 weeks", None),
        ("4", None),
        ("1000 years", None),
        ("", None),
    ],
)
def test_rhythms(written: str, rhythm: str | None) -> None:
    """As people write them; None for anything else."""
    assert rhythm_text(written) == rhythm


@given(st.integers(1, 10), st.sampled_from(["day", "week", "month", "year"]), st.booleans())
def test_a_rhythm_is_read_as_it_was_written(count: int, unit: str, at_most: bool) -> None:
    """The text of a column gives the rhythm again, also as somebody may have typed it."""
    rhythm = OwnRhythm(Span(count, unit), at_most=at_most)
    assert own_rhythm(str(rhythm)) == rhythm
    assert rhythm_text(str(rhythm).upper()) == str(rhythm)
    assert own_rhythm("usual") is None
