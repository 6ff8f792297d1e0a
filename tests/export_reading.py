"""Exports read back: what a program's own engine makes of them beside our own messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape, unescape
from pathlib import Path

from export_engines import READERS

from newsletter.export.programs.contact_rows import LOOK_ALIKES
from newsletter.export.programs.exported import Exported
from newsletter.export.programs.print_template import UNSEEN
from newsletter.merge.failures import Failure
from newsletter.merge.merge import Merger
from newsletter.model.template import MessageTemplate
from newsletter.write.files import chunks_of

TAGS = {"unsubscribe_url": "https://leave.example/me", "page_url": "https://online.example/"}
"""Our address → what the engine prints for the program's own."""

ENDS = r"(?![\w/?#&=%~+-])"
"""What follows an address that is not the beginning of a longer one."""


def written(exported: Exported) -> Mapping[str, bytes]:
    """Return the files of an export by name."""
    return {Path(a.path).name: b"".join(chunks_of(a.content)) for a in exported.artifacts()}


def theirs(exported: Exported, files: Mapping[str, bytes]) -> Mapping[str, Sequence[str]]:
    """Return each part of the template as the program's engine prints it for each contact."""
    program = exported.program
    rows, read = READERS[program.name]
    contacts = rows(files)
    before, _, after = program.around("\0").partition("\0")
    texts = {}
    for part in _compared(exported):
        template = files[program.files[part]].decode("utf-8-sig").replace("\r\n", "\n")
        template = template.removeprefix(before).replace(after, "")
        for name, tag in program.tags.items():
            template = template.replace(tag, TAGS[name])
        texts[part] = [plain(text, exported, part) for text in read(template, contacts)]
    return texts


def ours(exported: Exported) -> Mapping[str, Sequence[str]]:
    """Return the parts of our own messages, with the program's addresses in place of ours."""
    template, people, tags = exported.mailing.template, exported.people, exported.program.tags
    texts = [_messages(exported, template)]
    texts.append(_messages(exported, replace(template, subject=template.preheader)))
    parts = {
        "subject": [text[0] for text in texts[0]],
        "preheader": [text[0] for text in texts[1]],
        "text": [text[1] for text in texts[0]],
        "html": [text[2] for text in texts[0]],
    }
    links = people["unsubscribe_url"] if "unsubscribe_url" in tags else [""] * people.height
    page = exported.page_url if "page_url" in tags else ""

    def with_theirs(text: str, link: str, part: str) -> str:
        for address, name, ends in ((link, "unsubscribe_url", ""), (page, "page_url", ENDS)):
            if address:
                written = "|".join(map(re.escape, {address, escape(address)}))
                text = re.sub(f"(?:{written}){ends}", TAGS[name], text)
        return plain(text, exported, part)

    return {
        part: [
            with_theirs(text, link, part) for text, link in zip(parts[part], links, strict=True)
        ]
        for part in _compared(exported)
    }


def _compared(exported: Exported) -> Sequence[str]:
    """Return the parts of the template that are different for each customer."""
    return [part for part in exported.texts if part not in exported.program.same_for_all]


def plain(text: str, exported: Exported, part: str) -> str:
    """
    Return a text without what parts or replaces letters that a program would read as a tag.

    Where cells must be plain words, signs of HTML and letters that look like them are the same.
    """
    for letter in exported.program.dialect.opens:
        text = text.replace(f"&#{ord(letter)};", letter)
    if exported.program.plain_cells:
        text = (unescape(text) if part == "html" else text).replace("%27", "'")
        text = text.translate(LOOK_ALIKES)
    return text.replace(UNSEEN, "")


def _messages(exported: Exported, template: MessageTemplate) -> Sequence[tuple[str, str, str]]:
    texts = list(Merger(template, filters=exported.filters).texts(exported.people))
    assert not any(isinstance(text, Failure) for text in texts)
    return [text for text in texts if not isinstance(text, Failure)]
