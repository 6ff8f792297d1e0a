"""Changes of Markdown files: entries, issues and practices, with their translations."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from support import ROOT

from edits.project import PRACTICES, Change, Edits

FOLDERS = (
    *("updates", "articles", "stories", "offers", "events", "answers", "pages"),
    *("issues", "practices"),
)
"""Folders of content/ that hold texts."""


def _add(folder: str) -> Change:
    """Return a change that adds a copy of a file of the folder, with a link to another page."""

    def add(edits: Edits) -> str:
        old = edits.pick(_originals(edits, folder))
        new = old.with_name(f"more-{edits.number}.md")
        text = old.read_text().replace("title: ", f"title: {edits.number} ", 1)
        new.write_text(f"{text}\nNumber {edits.number}. {_link(edits)}\n")
        if edits.chance.random() < 0.5 and (issues := edits.files("content/issues/*.md")):
            _insert(edits.pick(issues), "entries: [", f"{new.stem}, ")
        return new.name

    return add


def _originals(edits: Edits, folder: str) -> list[Path]:
    return [file for file in edits.files(f"content/{folder}/*.md") if "." not in file.stem]


def _link(edits: Edits) -> str:
    page = edits.pick([edits.pick(_originals(edits, f)) for f in ("updates", "stories")])
    return f"See [there](../{page.parent.name}/{page.name})."


def _insert(file: Path, before: str, text: str) -> None:
    file.write_text(file.read_text().replace(before, before + text, 1))


def _translate(folder: str) -> Change:
    def translate(edits: Edits) -> str:
        old = edits.pick(_originals(edits, folder))
        language = edits.pick(("de", "fr"))
        new = old.with_suffix(f".{language}.md")
        packaged = ROOT / f"content/{folder}/{new.name}"
        if folder == "practices" and packaged.exists():
            shutil.copy(packaged, new)
        else:
            new.write_text(old.read_text().replace("title: ", f"title: {language} ", 1))
        return new.name

    return translate


def remove(*patterns: str) -> Change:
    """Return a change that removes a random file that matches."""

    def remove(edits: Edits) -> str:
        file = edits.any_file(*patterns)
        file.unlink()
        return file.name

    return remove


def rename(*patterns: str) -> Change:
    """Return a change that renames a file and its translations; links may follow."""

    def rename(edits: Edits) -> str:
        old = edits.any_file(*patterns)
        stem, _, ending = old.name.partition(".")
        several = old.suffix == ".md" and edits.chance.random() < 0.7
        for file in sorted(old.parent.glob(f"{stem}.*")) if several else [old]:
            file.rename(file.with_name(f"new-{file.name}"))
        if edits.chance.random() < 0.7:
            for text in edits.files("content/**/*.md", "content/newsletter.yml"):
                data = text.read_text()
                new = re.sub(rf"\b{re.escape(stem)}\b(?=[.,\]\s])", f"new-{stem}", data)
                if new != data:
                    text.write_text(new)
        return f"{old.name} ({ending})"

    return rename


def _move(edits: Edits) -> str:
    """Move an entry to the folder of another kind."""
    file = edits.any_file("content/updates/*.md", "content/stories/*.md", "content/articles/*.md")
    folder = edits.pick(("updates", "articles", "pages", "offers"))
    file.rename(file.parent.parent / folder / file.name)
    return f"{file.name} to {folder}"


_BODIES = (
    "Number {0}.",
    "# Heading {0}\n\n- a\n- b",
    "{{% if customer.vip %}}\n\nDear number {0}\n\n{{% endif %}}",
    "Hello {{{{ customer.first_name | default('you') }}}} {0}",
    "{{{{ business.name }}}} and {{{{ sender.email }}}} {0}",
    "{{{{ words.your_contact }}}} {0}",
    "{{{{ customer.favourite | default('none') }}}} {0}",
    "{{{{ customer.manager_name }}}} {0}",
    "![Hours](../images/hours.png)",
    "<b>{0}",
    "{{% if %}} {0}",
    "{{{{ customer.nothing_like_that }}}}",
    "[gone](../updates/nowhere-{0}.md)",
)
KEYS: dict[str, tuple[Any, ...]] = {
    "title": ("Title {0}", "{0} & <more>"),
    "date": ("2026-11-{1:02d}", "2026-12-01", "2026-10-{1:02d}", "soon"),
    "summary": ("Summary {0}.",),
    "subject": ("Subject {0}", "'{{{{ customer.first_name | default(\"You\") }}}} {0}'"),
    "preheader": ("Preheader {0}",),
    "image": ("images/hours.png", "images/letters.png", "images/none.png"),
    "image_alt": ("Picture {0}",),
    "button": (
        "{{text: Button {0}, to: https://a.example/{0}}}",
        "{{text: Button {0}, to: ../updates/none-{0}.md}}",
        "{{text: Button {0}}}",
    ),
    "interests": ("[ink]", "paper"),
    "audience": ("points > {0}", "vip", "'\"ink\" in interests'", "nothing > 1"),
    "public": ("no", "yes"),
    "expires": ("2026-11-{1:02d}", "2027-01-01"),
    "template": ("no", "yes"),
    "url": ("https://a.example/{0}",),
    "source": ("Source {0}",),
    "customer": ("Customer {0}",),
    "consent": ("yes", "no"),
    "starts": ("2026-12-{1:02d} 18:30",),
    "ends": ("2026-12-28 20:00",),
    "place": ("Place {0}",),
    "answers": ("[f12]", "[f13]", "[f12, f13]"),
    "since": ("2026-11-{1:02d}",),
    "entries": ("[winter-hours]", "[repair-bench, winter-hours]", "[]"),
    "most": ("{1}",),
    "feedback": ("https://a.example/{0}",),
    "on": ("{1} days after order", "birthday", "event", "12-24", "issue", "2 days before holiday"),
    "every": ("month", "{{vip: month, everybody: year}}"),
    "own_rhythm": ("follow", "limit", "ignore"),
    "counted_from": ("contact", "practice", "order"),
    "until": ("{1} days after", "1 year after"),
    "belated": ("{1} days after", "60 days after"),
    "household": ("yes", "no"),
    "together": ("7 days", "1 week", "no days"),
    "once_per": ("event", "customer", "year", "{1} days"),
    "peace_after": ("{1} days",),
    "when": ("points > {0}", "vip", "orders_count >= 1", "customer_since is missing"),
    "channel": ("[email]", "[letter]", "[call, text]", "[handwritten]", "[visit]", "[preferred]"),
    "after": ("thank-you", "call"),
    "priority": ("{1}",),
    "first": ("yes", "no"),
    "exempt": ("[cap]", "[cap, gap, quiet]"),
    "does": ("care", "ask", "celebrate"),
    "draft": ("yes", "no"),
    "owed": ("yes", "no"),
    "sells": ("yes", "no"),
    "gift": ("{{kind: voucher, worth: {1} EUR}}", "{{kind: item, name: Pen {0}, worth: 3 EUR}}"),
    "gifts": (
        "[{{category: ink, kind: item, name: Pen {0}, worth: 3}}]",
        "[{{segment: vip, kind: voucher, worth: {1}%}}]",
    ),
    "voucher": ("{{worth: {1}%, valid_days: 20}}", "{{worth: 5 EUR, name: Ink {0}}}"),
    "advice": ("Advice {0}.",),
}
"""Key of front matter → values, in which {0} is a number and {1} a small one."""


def _edit(*patterns: str) -> Change:
    """Return a change of a Markdown file: of its body, or a key of its front matter."""

    def edit(edits: Edits) -> str:
        file = edits.any_file(*patterns)
        text = file.read_text()
        _, head, body = text.split("---\n", 2)
        kind = edits.pick(("body", "body", "key", "key", "key", "paragraph", "crlf"))
        done = kind
        if kind == "body":
            done = edits.text(edits.pick(_BODIES))
            body += f"\n{done}\n"
        elif kind == "paragraph":
            parts = body.split("\n\n")
            parts.pop(edits.chance.randrange(len(parts)))
            body = "\n\n".join(parts)
        elif kind == "key":
            head, done = _with_key(edits, head)
        text = f"---\n{head}---\n{body}"
        file.write_text(text, newline="\r\n" if kind == "crlf" else "")
        return f"{file.name}: {done}"

    return edit


def _with_key(edits: Edits, head: str) -> tuple[str, str]:
    """Return front matter with one key added, removed or set to another value."""
    lines = head.splitlines(keepends=True)
    present = [line.partition(":")[0] for line in lines]
    how = edits.chance.random()
    if how < 0.25:
        lines.pop(edits.chance.randrange(len(lines)))
        return "".join(lines), "without a key"
    key = edits.pick([key for key in present if key in KEYS] if how < 0.7 else KEYS)
    line = f"{key}: {edits.text(edits.pick(KEYS[key]))}\n"
    if key in present:
        lines[present.index(key)] = line
    else:
        lines.append(line)
    return "".join(lines), line.strip()


def _add_practice(kind: str) -> Change:
    """Return a change that adds a practice of the example."""

    def add(edits: Edits) -> str:
        name = edits.pick(PRACTICES[kind])
        shutil.copy(ROOT / f"content/practices/{name}.md", edits.content / "practices")
        return name

    return add


def _changes(folder: str) -> dict[str, Change]:
    texts, translations = f"content/{folder}/*.md", f"content/{folder}/*.??.md"
    return {
        f"{folder}: edit": _edit(texts),
        f"{folder}: add": _add(folder),
        f"{folder}: remove": remove(texts),
        f"{folder}: rename": rename(texts),
        f"{folder}: translate": _translate(folder),
        f"{folder}: edit a translation": _edit(translations),
        f"{folder}: remove a translation": remove(translations),
        f"{folder}: rename a translation": rename(translations),
    }


CHANGES: dict[str, Change] = {
    name: change for folder in FOLDERS for name, change in _changes(folder).items()
} | {
    "entry: move": _move,
    **{f"practices: add one {kind}": _add_practice(kind) for kind in PRACTICES},
}
