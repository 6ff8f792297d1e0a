"""Letters of a mail merge read back, beside our own letters, line by line."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph
from python_calamine import CalamineWorkbook
from support import ROOT

from newsletter.export.print.blocks import blocks_of
from newsletter.export.print.letters import Pictures, letter_values, letterhead
from newsletter.export.print.post import PostItem, post_items
from newsletter.mailing.households import with_households
from newsletter.mailing.mailings import issue_mailings
from newsletter.mailing.touches import merged_touches
from newsletter.model.care import CarePlan, Touch
from newsletter.model.project import Project

Lines = list[str]
_FIELD = re.compile(r"MERGEFIELD (\w+)")


def our_letters(project: Project, plan: CarePlan, issue: str) -> dict[str, list[Lines]]:
    """Return the lines of each letter of an issue, by the name of its document."""
    letters = {}
    for edition in issue_mailings(project, plan, issue, today=plan.day):
        by_letter, by_email = edition.by_letter, edition.by_email
        as_letters = replace(by_email, channel="letter", template=by_letter.template)
        touches = with_households(project, _touches(project, by_letter))
        touches += _touches(project, as_letters)
        items = post_items(project, plan, touches)
        name = f"{issue}/{by_letter.language}"
        letters[name] = [_lines(project, item) for item in items]
    return letters


def _touches(project: Project, mailing: Any) -> list[Touch]:
    return [touch for touch in merged_touches(project, mailing) if isinstance(touch, Touch)]


def _lines(project: Project, item: PostItem) -> Lines:
    """Return the lines of a letter besides its head and foot, as letter.typ prints them."""
    values, business = letter_values(project, item), letterhead(project.config.business)
    contact, voucher = values["contact"], values["voucher"] or {}
    name = business["name"]
    lines = [
        business["sender"],
        *(line["text"] for line in values["address"]),
        *business["lines"],
        *business["ways"],
        f"{contact['label']} {contact['name']}",
        contact["phone"],
        contact["email"],
        values["date"],
        values["subject"],
        values["greeting"],
        *lines_of(blocks_of(item.html, picture=Pictures(project).key)),
        *(voucher.get(part, "") for part in ("label", "gift", "code", "until")),
        values["closing"],
        contact["name"],
        ", ".join(part for part in (contact["role"], name) if part),
    ]
    return tidy(lines)


def head_and_foot(project: Project, item_values: Mapping[str, Any]) -> Lines:
    """Return what only the first sheet has."""
    name = project.config.business.name
    return [f"{name} {item_values['tagline']}", item_values["no_more_post"]]


def lines_of(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of a text; a cell of a table is a line."""
    for block in blocks:
        match block["kind"]:
            case "list":
                for item in block["items"]:
                    yield from lines_of(item)
            case "quote" | "passage":
                yield from lines_of(block["blocks"])
            case "table":
                yield from (_inline(cell["text"]) for row in block["rows"] for cell in row)
            case "rule":
                yield "*   *   *"
            case "code":
                yield from block["text"].split("\n")
            case "picture":
                pass
            case _:
                yield from _inline(block["text"]).split("\n")


def _inline(parts: Sequence[Any]) -> str:
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
        elif part.get("style") == "break":
            text += "\n"
        else:
            text += _inline(part["text"])
            text += f" ({part['address']})" if part.get("address") else ""
    return text


def tidy(lines: Sequence[str]) -> Lines:
    """Return lines with single spaces, without empty ones."""
    return [" ".join(line.split()) for line in lines if line.strip()]


def rows_of(table: bytes) -> list[dict[str, Any]]:
    """Return the rows of a workbook by header, as another program reads it."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(table)).get_sheet_by_name("contacts")
    header, *rows = sheet.to_python(skip_empty_area=False)
    return [dict(zip(header, row, strict=True)) for row in rows]


def merged_by_docx_mailmerge(
    document: bytes, rows: Sequence[Mapping[str, Any]], folder: Path
) -> list[Lines]:
    """Return the lines of each letter as docx-mailmerge fills them in."""
    file = folder / "letter.docx"
    file.write_bytes(document)
    library = ROOT / ".venv/docx-mailmerge"
    assert library.exists(), "docx-mailmerge2 is missing: make .venv/dev installs it"
    script, paths = ROOT / "tests/word_merge.py", os.pathsep.join([str(library)])
    command = [sys.executable, str(script), str(file)]
    environment = {**os.environ, "PYTHONPATH": paths}
    subprocess.run(
        command, input=json.dumps(rows), text=True, check=True, env=environment, timeout=300
    )
    may_vanish = [_may_vanish(part) for part in _parts(docx.Document(str(file)))]
    return [
        _merged(docx.Document(str(folder / f"{number}.docx")), may_vanish)
        for number in range(len(rows))
    ]


def _merged(document: Any, may_vanish: Sequence[bool]) -> Lines:
    """Return lines; Word leaves out paragraphs of empty fields only (ECMA-376, 17.14.12)."""
    lines: Lines = []
    for part, vanishes in zip(_parts(document), may_vanish, strict=True):
        if isinstance(part, Table):
            lines += [cell.text for row in part.rows for cell in row.cells]
        elif part.text or not vanishes:
            assert part.text.strip() or part.paragraph_format.line_spacing == 2 * 12700, part.style
            lines += part.text.split("\n")
    return tidy(lines)


def _parts(document: Any) -> list[Paragraph | Table]:
    return list(document.iter_inner_content())


def _may_vanish(part: Paragraph | Table) -> bool:
    """Return whether a paragraph holds nothing but merge fields."""
    return isinstance(part, Paragraph) and bool(_FIELD.search(part._p.xml)) and _only_fields(part)


def _only_fields(part: Paragraph) -> bool:
    inside, outside = False, ""
    for element in part._p.iter():
        kind = element.tag.rpartition("}")[2]
        if kind == "fldChar":
            inside = next(iter(element.attrib.values())) != "end"
        elif kind == "t" and not inside:
            outside += element.text or ""
    return not outside
