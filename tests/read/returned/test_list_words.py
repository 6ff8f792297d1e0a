"""A list reads back every word that a list, a sheet or a page prints, in every language."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
import yaml
from support import ROOT

from newsletter.errors import NewsletterError
from newsletter.model.channels import CHANNELS
from newsletter.model.language import TEAM_LANGUAGES
from newsletter.model.tables import FILLED_IN, OUTCOMES, TO_DO, VISIT_ANNOUNCED
from newsletter.read.list_words import headers_in, outcomes_in
from newsletter.read.people.header_names import without_accents
from newsletter.read.returned.work_lists import read_worklist

TODAY, DAY, NEXT = dt.date(2026, 11, 5), dt.date(2026, 11, 3), dt.date(2026, 11, 9)
TASK = {
    "customer": "C-1",
    "practice": "call",
    "channel": "call",
    "key": "2026",
    "list": f"{DAY} nora",
}


def _read(tmp_path: Path, language: str, **cells: str) -> pl.DataFrame:
    """Return what was done according to a list of *language* with one row."""
    headers, row = headers_in(language), TASK | cells
    file = tmp_path / "list.csv"
    fields = (*FILLED_IN, *TO_DO)
    lines = [";".join(headers[f] for f in fields), ";".join(row.get(f, "") for f in fields)]
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    return read_worklist(file, shown="list.csv", today=TODAY, ids=pl.Series(["C-1"])).done


@pytest.mark.parametrize("language", TEAM_LANGUAGES)
def test_every_header_is_its_own_field(language: str) -> None:
    """In each language the headers differ; those of one field may be alike in several."""
    headers = headers_in(language)
    assert list(headers) == [*FILLED_IN, *TO_DO]
    assert len({header.casefold() for header in headers.values()}) == len(headers)


@pytest.mark.parametrize("language", TEAM_LANGUAGES)
def test_every_cell_is_read_under_its_header(tmp_path: Path, language: str) -> None:
    """A row that is filled in from one end to the other comes back as it was meant."""
    filled = {"outcome": outcomes_in(language)["message left"], "again": f"{NEXT}"}
    notes = {"remark": "a", "reason": "b", "promise": "c", "promised_by": f"{NEXT}"}
    task = {"code": "7K4M", "prompt_keys": "years 4", "entry": "tea"}
    done = _read(tmp_path, language, done="x", date=f"{DAY}", **filled, **notes, **task)
    assert done.drop("row", "issue").to_dicts() == [
        {
            **{name: value for name, value in TASK.items() if name != "list"},
            **{"date": DAY, "outcome": "message left", "again": NEXT, "member": "nora"},
            **{"remark": "a", "reason": "b", "promise": "c", "promised_by": NEXT},
            **{"code": "7K4M", "prompts": ["years 4"], "entries": ["tea"]},
        }
    ]


@pytest.mark.parametrize("place", ["outcome", "done"])
@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("language", TEAM_LANGUAGES)
def test_every_outcome_that_is_printed(
    tmp_path: Path, language: str, outcome: str, place: str
) -> None:
    """As lists offer it and sheets print it, whatever its case and accents, in either column."""
    again = {"again": f"{NEXT}"} if outcome == VISIT_ANNOUNCED else {}
    word = outcomes_in(language)[outcome]
    for written in (word, word.upper(), word.capitalize(), f"{without_accents(word)}."):
        done = _read(tmp_path, language, **{place: written}, **again)
        assert done["outcome"].to_list() == [outcome]


@pytest.mark.parametrize("language", TEAM_LANGUAGES)
def test_what_is_no_outcome_is_told_in_the_words_of_the_list(
    tmp_path: Path, language: str
) -> None:
    """The cure names the outcomes that this list offers, also for a day that means nothing."""
    words = outcomes_in(language)
    with pytest.raises(NewsletterError) as unknown:
        _read(tmp_path, language, outcome="perhaps")
    assert unknown.value.problems[0].hint == f"write {', '.join(words.values())}"
    with pytest.raises(NewsletterError) as finished:
        _read(tmp_path, language, outcome=words["done"], again=f"{NEXT}")
    assert words["message left"] in (finished.value.problems[0].hint or "")


@pytest.mark.parametrize("language", TEAM_LANGUAGES)
def test_every_name_of_a_channel_that_is_printed(tmp_path: Path, language: str) -> None:
    """On the pages of the day and in reasons."""
    words = yaml.safe_load((ROOT / f"themes/default/words/{language}.yml").read_text("utf-8"))
    reasons = yaml.safe_load((ROOT / f"newsletter/reasons/{language}.yml").read_text("utf-8"))
    for channel, kind in CHANNELS.items():
        printed = (words.get(f"care_{channel}"), words.get(f"by_{channel}"))
        for word in (*printed, reasons["events"].get(channel), channel, kind.noun, kind.plural):
            if word:
                done = _read(tmp_path, language, done="x", channel=word)
                assert done["channel"].to_list() == [channel], word


def test_a_language_without_words_of_its_own_has_english_lists() -> None:
    """A region has those of its language."""
    assert headers_in("es") == headers_in("en")
    assert outcomes_in("de-CH") == outcomes_in("de")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"outcome": "visit announced"}, "column 'outcome': 'visit announced' has no day"),
        (
            {"done": "x", "again": "2026-11-09"},
            "column 'again on': '2026-11-09' is a day to try again, but the task is finished",
        ),
        (
            {"outcome": "message left", "again": "2026-11-02"},
            "column 'again on': '2026-11-02' is before the day of the task",
        ),
    ],
)
def test_a_day_to_try_again_fits_the_outcome(
    tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    """A visit needs its day, and a finished task has none."""
    with pytest.raises(NewsletterError) as caught:
        _read(tmp_path, "en", **cells)
    assert [problem.message for problem in caught.value.problems] == [message]
    assert caught.value.problems[0].hint
