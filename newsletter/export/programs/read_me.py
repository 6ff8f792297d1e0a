"""README.txt beside an export: what to do in that program, what became a column, what is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.export.columns import Columns
from newsletter.export.programs.fitted import Fitted
from newsletter.export.programs.profile import EMAIL, NAMES, Program
from newsletter.model.language import first_match
from newsletter.model.template import Condition, Output, Repeat, Tree, slots_of
from newsletter.read.yaml import packaged_yaml

_WORDS: Any = packaged_yaml("exports.yml").data
_ADDRESSES = ("url", "url_part", "contact", "style")


@dataclass(frozen=True, kw_only=True)
class ReadMe:
    """What there is to say of an export."""

    program: Program
    name: str
    """The issue or practice."""
    is_issue: bool
    language: str
    """Of the message."""
    spoken: str
    """The language of the firm."""
    contacts: int
    files: Sequence[str]
    columns: Columns
    fitted: Fitted
    headers: Mapping[str, str]
    """Our column → its header."""
    also: Sequence[str]
    html_conditions: Sequence[str]
    """The conditions of the HTML."""

    def text(self) -> str:
        """Return the file's text."""
        title = self._say("title", name=self.name, language=self.language)
        parts = [
            (title, [self._say("today")]),
            (self._say("steps"), [f"{n}. {line}" for n, line in enumerate(self._steps(), 1)]),
            (self._say("columns"), [*self._columns()]),
            (self._say("losses"), [*self._losses()] or [self._say("nothing_lost")]),
        ]
        return "\n".join(
            "\n".join([title, "=" * len(title), "", *lines, ""]) for title, lines in parts
        )

    def _steps(self) -> Iterator[str]:
        kinds = {file: part for part, file in self.program.files.items()}
        for file in self.files:
            stem = file.partition(".")[0]
            kind = kinds.get(file, stem)
            yield self._with_clicks(self._say(kind, file=file, n=self.contacts), kind)
            if kind == "contacts":
                yield self._say("fields")
        if self.program.blocklist:
            yield self._with_clicks(self._say("blocklist", file="blocklist.csv"), "blocklist")
        yield self._say("send")
        if self.is_issue:
            yield self._say("record", name=self.name)
        yield self._say("leavers")

    def _with_clicks(self, line: str, kind: str) -> str:
        clicks = self.program.clicks.get(kind)
        return f"{line}\n   {self._say('clicks', clicks=clicks)}" if clicks else line

    def _columns(self) -> Iterator[str]:
        for column, header in self.headers.items():
            yield f"{header}: {self._why(column)}"

    def _why(self, column: str) -> str:
        if column in (EMAIL, *NAMES):
            return self._say("fixed")
        if column in self.also:
            return self._say("asked")
        if flags := self.fitted.flags.get(column):
            return self._say("packed", flags=", ".join(flags))
        if part := self.fitted.parts.get(column):
            return self._say("part", number=part[1] + 1, column=part[0])
        tree = self.columns.cells[column]
        kind = "flag" if column in self.columns.flags else _kind(tree)
        return self._say(kind, expression=_written(tree))

    def _losses(self) -> Iterator[str]:
        if "html" in self.program.files and "html" not in self.fitted.pieces:
            yield self._say("lost_html", columns=", ".join(dict.fromkeys(self.html_conditions)))
        for part in sorted(self.program.same_for_all):
            yield self._say("lost_same", file=self.program.files[part])
        if self.program.plain_cells:
            yield self._say("lost_signs")

    def _say(self, phrase: str, **gaps: object) -> str:
        spoken = first_match(_WORDS[phrase], self.spoken, "en")
        return str(spoken).format(program=self.program.title, **gaps)


def _kind(tree: Tree) -> str:
    match tree:
        case (Output(position=position),) if position in _ADDRESSES:
            return "address"
        case (Output(slot=slot),):
            return "value" if slot.expression.startswith("customer.") else "worked_out"
        case (Repeat(body=(Output(), _)),):
            return "worked_out"
        case (Repeat(),):
            return "list"
        case (Condition(),):
            return "words"
    return "value"


def _written(tree: Tree) -> str:
    """Return the expressions of a cell as their author wrote them."""
    slots = dict.fromkeys(slot.written or slot.expression for slot in slots_of(tree))
    return ", ".join(list(slots)[:3])
