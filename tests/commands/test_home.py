"""Where a new firm is: guessed from the customers, else from the computer."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import yaml
from support import run

from newsletter.commands.home import home_in, home_of

TODAY = ("--today", "2026-11-05")


def customers(*countries: str | None) -> pl.DataFrame:
    """Return customers in these countries."""
    return pl.DataFrame({"country": countries}, schema={"country": pl.String})


@pytest.mark.parametrize(
    ("countries", "language", "zone", "expected"),
    [
        (("AT", "AT", "DE"), "de", "Europe/Berlin", ("AT", "EUR", "Europe/Vienna")),
        (("CH",), "de", "", ("CH", "CHF", "Europe/Zurich")),
        ((None, "LU", None), "fr", "UTC", ("LU", "EUR", "Europe/Luxembourg")),
        (("US", "US"), "en", "America/Chicago", ("US", "USD", "America/Chicago")),
        (("US", "US"), "en", "Europe/Paris", ("US", "USD", "America/New_York")),
        ((None,), "de", "Europe/Zurich", ("CH", "CHF", "Europe/Zurich")),
        ((), "en", "Europe/London", ("GB", "GBP", "Europe/London")),
    ],
)
def test_customers_go_before_the_computer(
    countries: tuple[str | None, ...], language: str, zone: str, expected: tuple[str, str, str]
) -> None:
    """Half of the customers are not enough."""
    home = home_of(customers(*countries), language=language, zone=zone)
    assert home
    assert (home.country, home.currency, home.timezone) == expected


@pytest.mark.parametrize(
    ("countries", "language", "zone"),
    [
        (("AT", "DE"), "de", "UTC"),
        ((), "de", "America/New_York"),
        ((), "fr", "Europe/Berlin"),
        ((), "en", ""),
        ((), "en", "nonsense"),
    ],
)
def test_nothing_is_guessed_from_what_does_not_fit(
    countries: tuple[str, ...], language: str, zone: str
) -> None:
    """The computer may be a rented one in another country."""
    assert home_of(customers(*countries), language=language, zone=zone) is None
    assert home_in("XX", zone=zone) is None


def test_init_writes_country_currency_and_time_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into newsletter.yml, and says so."""
    monkeypatch.setenv("TZ", "Europe/Zurich")
    guessed = run("init", tmp_path / "a", "--language", "de", *TODAY)
    line = "Zeitzone: Europe/Zurich, nach der Zeitzone dieses Computers"
    assert f"Land: Schweiz (CH), Währung: CHF, {line}" in guessed.stdout
    text = (tmp_path / "a/content/newsletter.yml").read_text(encoding="utf-8")
    config = yaml.safe_load(text)
    assert (config["business"]["country"], config["business"]["currency"]) == ("CH", "CHF")
    assert config["timezone"] == "Europe/Zurich"
    assert (
        "country: Luxembourg (LU)" in run("init", tmp_path / "b", "--country", "lu", *TODAY).stdout
    )
    wrong = run("init", tmp_path / "c", "--country", "Narnia", *TODAY)
    assert (wrong.exit_code, "'Narnia' is no country" in wrong.stderr) == (2, True)
    assert not (tmp_path / "c").exists()
