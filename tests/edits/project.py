"""A small shop with inputs of each kind, to be changed at random."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from support import ROOT

T = TypeVar("T")

TODAY = dt.date(2026, 11, 23)
SHOP = ROOT / "tests/site/shop"
PACKAGED_THEME = ROOT / "themes/default"
ELSEWHERE = "elsewhere"
"""Folder beside the project that customers may move to."""
PRACTICES = {
    "of the shop": ("thank-you", "call"),
    "with an event": ("birthday", "feedback-answer", "promise", "invitation", "issue", "reward"),
    "not yet there": (
        "win-back",
        "holiday",
        "occasion",
        "anniversary",
        "you-said-we-did",
        "farewell",
    ),
}
_CUSTOMERS = (
    "id,first_name,last_name,email,phone,street,postcode,city,language,formality,birthday,"
    "interests,points,account_manager,consent_post,consent_phone,celebrates,favourite_drink\n"
    "c1,Zoë,Kestrel,zoe@example.com,+49 30 111,Lindenstr. 1,10969,Berlin,en,,1980-12-26,"
    "ink,1240,maya,yes,yes,christmas,tea\n"
    "c2,,,reader@example.com,,,,,en,,,,,,,,,\n"
    "c3,Jürgen,Wallfisch,juergen@example.com,,Ufer 2,10997,Berlin,de,formal,11-25,"
    "paper,90,tomas,yes,,,\n"
    "c4,Ida,Moor,,+49 30 444,Hof 4,10999,Berlin,en,informal,1971-11-24,,,maya,yes,yes,,\n"
)
TABLE_FILES = {
    "orders": "customer,date,amount,product,category\n"
    "c1,2026-11-21,35.5,Ink,ink\nc3,2026-11-22,20,Paper,paper\nc4,2026-05-02,12,Pen,pens\n",
    "services": "customer,date,title,detail\n"
    "c1,2026-11-06,Realigned the nib,It writes even again.\nc3,2026-10-14,Kept your refills,\n",
    "occasions": "customer,date,occasion,remark\nc4,2026-11-24,move,To Hof 4\n",
    "feedback": "id,customer,date,score,text\n"
    "f12,c1,2026-10-02,7,Too loud for reading\nf13,c4,2026-11-20,3,Too slow\n",
    "conversations": "customer,date,member,channel,text,promise,promised_by,kept,moved_to,"
    "answers,met\n"
    "c4,2026-11-12,maya,call,Spoke of pens,A blue pen,2026-11-25,,,,\n",
    "products": "product,category,name,name_de\nInk,ink,oak gall ink,Tinte\n,ink,,Tinten\n",
    "suppressed": "email,date,reason\nnobody@example.com,2026-06-20,unsubscribed\n",
    "history": "customer,date,practice,channel,issue,entries,key,outcome,code\n"
    "c1,2026-11-10,call,call,,,,done,\nc3,2026-10-20,issue,email,2026-10,summer-ink,,done,\n",
}
CUSTOMS = """\
holidays:
  lamps:
    name: {en: Day of lamps, de: Lampentag}
    greeting: {en: Bright lamps, de: Helle Lampen}
    days: 11-26
"""
SEGMENTS = {
    "vip": "points > 100",
    "writers": '"ink" in interests',
    "german": 'language == "de"',
    "recent": "days_since_last_order < 30",
    "neighbours": 'city == "Berlin"',
}


class Edits:
    """A project, the options of its builds, and the random source that changes both."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root, self.chance = root, chance
        self.today = TODAY
        self.issue: str | None = None
        """The issue that a build is asked for; None: the newest."""
        self.missing: set[str] = set()
        """Optional libraries that are not installed."""
        self.number = 0
        """Counts changes, so that no two write the same."""

    def make(self, changes: Mapping[str, Change]) -> str:
        """Make a random possible change; return what it did."""
        while True:
            self.number += 1
            name = self.pick(changes)
            try:
                return f"{name}: {changes[name](self)}"
            except ImpossibleError:
                continue

    def snapshot(self) -> Snapshot:
        """Return the current project and options."""
        folders = [self.root / "content", self.root / "themes", *self._outside()]
        files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
        return Snapshot({file: file.read_bytes() for file in files}, self.today, self.issue)

    def restore(self, before: Snapshot) -> None:
        """Undo changes since the snapshot; unchanged files are not touched."""
        now = self.snapshot().files
        for file in now.keys() - before.files.keys():
            file.unlink()
        for file, data in before.files.items():
            if now.get(file) != data:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
        self.today, self.issue = before.today, before.issue

    def files(self, *patterns: str) -> list[Path]:
        """Return the files of the project that match."""
        return sorted({file for p in patterns for file in self.root.glob(p) if file.is_file()})

    def any_file(self, *patterns: str) -> Path:
        """Return a random file that matches."""
        return self.pick(self.files(*patterns))

    def pick(self, values: Iterable[T]) -> T:
        """Return a random value; raise ImpossibleError if there is none."""
        several = list(values)
        if not several:
            raise ImpossibleError
        return self.chance.choice(several)

    def text(self, text: str) -> str:
        """Return the text with the number of the change for {0}, and a small number for {1}."""
        return text.format(self.number, 1 + self.number % 9)

    @property
    def content(self) -> Path:
        """The folder of the content."""
        return self.root / "content"

    @property
    def settings(self) -> dict[str, Any]:
        """
        The content of newsletter.yml; assign to it to write the file.

        Raise ImpossibleError after a change that broke it.
        """
        try:
            settings: dict[str, Any] = yaml.safe_load(
                (self.content / "newsletter.yml").read_text()
            )
        except yaml.YAMLError as error:
            raise ImpossibleError from error
        return settings

    @settings.setter
    def settings(self, settings: dict[str, Any]) -> None:
        text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
        (self.content / "newsletter.yml").write_text(text)

    @property
    def customers(self) -> Path:
        """The folder of the customers, wherever it lies."""
        place = (self.content / self.settings.get("customers", "customers")).resolve()
        return place.parent if place.is_file() else place

    @property
    def theme(self) -> Path:
        """The folder of the project's theme, which need not exist."""
        name = self.settings.get("theme", "default")
        return (self.root / name if "/" in name else self.root / "themes" / name).resolve()

    def _outside(self) -> list[Path]:
        return [self.root.parent / name for name in (ELSEWHERE, "shared")]


@dataclass(frozen=True)
class Snapshot:
    """The files and options of a project at one time."""

    files: Mapping[Path, bytes]
    today: dt.date
    issue: str | None


Change = Callable[[Edits], str]
"""Changes the project and returns what it did; raises ImpossibleError where it cannot."""


class ImpossibleError(Exception):
    """The project has nothing that this change could apply to."""


def small_shop(root: Path) -> None:
    """Make a shop in *root* with a care plan and one page template of its own theme."""
    shutil.copytree(SHOP, root)
    config = root / "content/newsletter.yml"
    config.write_text(config.read_text() + "start: 2026-11-01\n")
    write_segments(root, {"vip": SEGMENTS["vip"]})
    (root / "content/practices").mkdir()
    for name in PRACTICES["of the shop"]:
        _practice(root, f"{name}.md")
    override(root / "themes/default", "site/list.html")


def rich_shop(root: Path) -> None:
    """Make a shop in *root* with inputs of each kind."""
    small_shop(root)
    (root / "content/customs.yml").write_text(CUSTOMS)
    (root / "content/customers/customers.csv").write_text(_CUSTOMERS)
    for name, text in TABLE_FILES.items():
        (root / f"content/customers/{name}.csv").write_text(text)
    for name in PRACTICES["with an event"]:
        _practice(root, f"{name}.md")
    _practice(root, "call.de.md")
    for path in ("email/footer.mjml", "words/en.yml", "theme.yml"):
        override(root / "themes/default", path)


def _practice(root: Path, name: str) -> None:
    shutil.copy(ROOT / f"content/practices/{name}", root / "content/practices")


def override(theme: Path, path: str) -> Path:
    """Copy a file of the packaged theme into the project, where it overrides the packaged one."""
    (theme / path).parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(PACKAGED_THEME / path, theme / path))


def write_segments(root: Path, segments: dict[str, Any]) -> None:
    """Write segments.yml."""
    (root / "content/segments.yml").write_text(yaml.safe_dump(segments, sort_keys=False))
