"""Reads customs.yml: the packaged one, with the project's own over it, key by key."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from newsletter.errors import Problem, did_you_mean, raise_all
from newsletter.model import customs as model
from newsletter.model.channels import Channel, UnaskedChannel
from newsletter.model.customs import EVERYWHERE, Customs, DoNotWrite, Holiday
from newsletter.model.occasions import ANY_LANGUAGE, Family, Occasion
from newsletter.model.strict import Strict
from newsletter.model.values import Country, Day, Localised, shaped
from newsletter.read.content.front_matter import Items, Line, items
from newsletter.read.forms import of_text, validate
from newsletter.read.project_files import ProjectFiles
from newsletter.read.yaml import Document, Value, packaged_yaml, parse_yaml

YEARS = range(2000, 2101)
"""Years for which a day of the calendar is listed."""
CUSTOMS = "content/customs.yml"
_EVERYWHERE = "everywhere"
_HINT = "write month and day of a fixed one (12-25), else a list of days: [2026-04-05, 2027-03-28]"


def _days(text: str) -> list[dt.date]:
    if not re.fullmatch(r"\d\d-\d\d", text):
        raise ValueError(f"'{text}' is neither a day of the year nor a list of days", _HINT)
    try:
        return [dt.date.fromisoformat(f"{year}-{text}") for year in YEARS]
    except ValueError as error:
        raise ValueError(f"there is no {text} in every year", _HINT) from error


def _place(key: str) -> str:
    hint = f"write the two capitals of ISO 3166: US, DE, NO; or '{_EVERYWHERE}'"
    return shaped(key, pattern=f"[A-Z]{{2}}|{_EVERYWHERE}", what="a country", hint=hint)


def _key(key: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
        hint = "small letters, digits and hyphens, as in the column 'celebrates': eid-al-fitr"
        raise ValueError(f"'{key}' cannot be the key of a day", hint)
    return key


_Days = Annotated[tuple[Day, ...], of_text(_days)]
_Place = Annotated[str, AfterValidator(_place)]
_Key = Annotated[str, AfterValidator(_key)]


class CountryKeys(Strict):
    """A country; missing keys keep the packaged value, else the one of `everywhere`."""

    without_asking: tuple[UnaskedChannel, ...] | None = None
    celebrates: Items | None = None
    mention_family: bool | None = None
    owed: tuple[Channel, ...] | None = None
    owed_law: Line | None = None


class HolidayKeys(Strict):
    """A holiday; a new one needs a name, a greeting and days."""

    name: Localised | None = None
    greeting: Localised | None = None
    days: _Days | None = None


class DoNotWriteKeys(Strict):
    """A day on which people are left alone; a new one needs a name and days."""

    name: Localised | None = None
    days: _Days | None = None
    countries: tuple[Country, ...] | None = None
    celebrates: Items | None = None


def _by_language(written: object) -> object:
    return written if isinstance(written, dict) else {ANY_LANGUAGE: written}


class OccasionKeys(Strict):
    """A kind of occasion; a new one needs a family and words."""

    family: Family | None = None
    words: Annotated[dict[str, Items], BeforeValidator(_by_language)] | None = None
    remark: bool = False


class CustomsKeys(Strict):
    """The whole of customs.yml."""

    countries: dict[_Place, CountryKeys] = Field(default_factory=dict)
    holidays: dict[_Key, HolidayKeys] = Field(default_factory=dict)
    do_not_write: dict[_Key, DoNotWriteKeys] = Field(default_factory=dict)
    bounces: Items | None = None
    occasions: dict[_Key, OccasionKeys] = Field(default_factory=dict)


def read_customs(files: ProjectFiles) -> Customs:
    """Return the packaged customs with the project's customs.yml, if any, laid over them."""
    customs = files.parse(CUSTOMS, _parse) if (files.root / CUSTOMS).exists() else None
    return customs or packaged_customs()


def _parse(text: str, *, shown: str, problems: list[Problem]) -> Customs | None:
    """Return the packaged customs with *text* laid over them; None if something is wrong."""
    below = _packaged_keys()
    errors: list[Problem] = []
    document = parse_yaml(text, path=shown, problems=errors)
    keys = validate(CustomsKeys, document, problems=errors) if document else None
    if document:
        errors += [*_unfinished(document, below), *_unknown(document, below)]
    problems.extend(errors)
    if keys is None or errors:
        return None
    return _customs(_over(below, keys.model_dump(exclude_unset=True)))


@cache
def packaged_customs() -> Customs:
    """Return the customs that come with the program."""
    return _customs(_packaged_keys())


@cache
def _packaged_keys() -> dict[str, Any]:
    problems: list[Problem] = []
    parts = [
        validate(CustomsKeys, packaged_yaml(file), problems=problems)
        for file in ("customs.yml", "occasions.yml")
    ]
    raise_all(problems)
    dumped = [keys.model_dump(exclude_unset=True) for keys in parts if keys]
    return dumped[0] | dumped[1]


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return *below* with *above* laid over it; lists and texts are replaced whole."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        is_deeper = isinstance(old, dict) and isinstance(value, dict)
        merged[key] = _over(merged[key], value) if is_deeper else value
    return merged


_NEEDED = {
    "holidays": ("name", "greeting", "days"),
    "do_not_write": ("name", "days"),
    "occasions": ("family", "words"),
}


def _unfinished(document: Document, packaged: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each key that a new day lacks."""
    for part, needed in _NEEDED.items():
        for key, value in _below(document, part):
            for name in needed:
                if name not in {*value, *packaged[part].get(key, ())}:
                    hint = f"'{key}' is new, so it needs {', '.join(needed)}"
                    yield document.key_problem(f"'{key}' has no '{name}'", part, key, hint=hint)


def _unknown(document: Document, packaged: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each holiday that is named but not described."""
    holidays = {*packaged["holidays"], *dict(_below(document, "holidays"))}
    for part in ("countries", "do_not_write"):
        for key, value in _below(document, part):
            for number, name in enumerate(_items(value.get("celebrates"))):
                if name not in holidays:
                    path = (part, key, "celebrates", number)
                    hint = did_you_mean(name, holidays) or "describe it under 'holidays'"
                    message = f"there is no holiday '{name}'"
                    yield document.value_problem(message, *path, hint=hint)


def _below(document: Document, part: str) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """Yield the mappings of a part, as written."""
    values = document.data.get(part)
    for key, value in values.items() if isinstance(values, dict) else ():
        if isinstance(value, dict):
            yield key, value


def _items(value: Value) -> list[str]:
    if isinstance(value, str):
        return list(items(value))
    return [str(item) for item in value] if isinstance(value, list) else []


def _customs(keys: Mapping[str, Any]) -> Customs:
    return Customs(
        countries=_countries(keys["countries"]),
        holidays={
            key: Holiday(
                key=key,
                name=Localised(value["name"]),
                greeting=Localised(value["greeting"]),
                days=tuple(sorted(value["days"])),
            )
            for key, value in sorted(keys["holidays"].items())
        },
        do_not_write=tuple(
            DoNotWrite(
                **value | {"name": Localised(value["name"]), "days": tuple(sorted(value["days"]))}
            )
            for _, value in sorted(keys["do_not_write"].items())
        ),
        bounces=keys["bounces"],
        occasions={key: Occasion(key=key, **value) for key, value in keys["occasions"].items()},
    )


def _countries(countries: Mapping[str, Any]) -> dict[str, model.Country]:
    """Return the countries; missing values are those of `everywhere`."""
    everywhere = countries[_EVERYWHERE]
    return {
        EVERYWHERE if key == _EVERYWHERE else key: model.Country(
            without_asking=frozenset((everywhere | value)["without_asking"]),
            celebrates=(everywhere | value)["celebrates"],
            mention_family=(everywhere | value)["mention_family"],
            owed=frozenset((everywhere | value)["owed"]),
            owed_law=(everywhere | value)["owed_law"],
        )
        for key, value in countries.items()
    }
