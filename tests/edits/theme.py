"""Changes of the project's theme: of each part, and of its name."""

from __future__ import annotations

import re
from pathlib import Path

from edits.project import PACKAGED_THEME, Change, Edits, ImpossibleError, override

PARTS = ("theme.yml", "words", "email", "text", "letter", "site", "care", "print")
"""Parts of a theme."""
_COMMENTS = {
    ".css": "/* {0} */",
    ".js": "// {0}",
    ".typ": "// {0}",
    ".yml": "# {0}",
    ".txt": "{0}",
}
_EXPRESSIONS = (
    "{{ business.name }}",
    "{{ words.your_contact }}",
    "{{ theme.accent }}",
    "{{ customer.vip }}",
    "{{ 1 + 1 }}",
)
SHARED = "../shared/theme"
"""A place of the theme outside of the project."""


def _add(part: str) -> Change:
    def add(edits: Edits) -> str:
        if part == "site" and edits.chance.random() < 0.3:
            file = edits.theme / f"site/assets/file-{edits.number}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("an asset")
            return file.name
        packaged = [
            p.relative_to(PACKAGED_THEME).as_posix()
            for p in sorted(PACKAGED_THEME.glob(part if "." in part else f"{part}/**/*"))
            if p.is_file()
        ]
        path = edits.pick([path for path in packaged if not (edits.theme / path).exists()])
        override(edits.theme, path)
        if edits.chance.random() < 0.7:
            _rewrite(edits, edits.theme / path)
        return path

    return add


def _edit(part: str) -> Change:
    def edit(edits: Edits) -> str:
        file = edits.pick(_theme_files(edits, part))
        return f"{file.name}: {_rewrite(edits, file)}"

    return edit


def _rewrite(edits: Edits, file: Path) -> str:
    """Change the text of a file of the theme."""
    text = file.read_text()
    how = edits.pick(("comment", "number", "line", "value", "expression", "wrong"))
    if how == "number" and (numbers := list(re.finditer(r"\b\d+(?=px|pt|mm)", text))):
        match = edits.pick(numbers)
        text = f"{text[: match.start()]}{int(match[0]) + 1}{text[match.end() :]}"
    elif how == "line" and len(lines := text.splitlines(keepends=True)) > 1:
        del lines[edits.chance.randrange(len(lines))]
        text = "".join(lines)
    elif how == "value" and file.suffix == ".yml":
        lines = text.splitlines(keepends=True)
        at = edits.chance.randrange(len(lines))
        key, colon, value = lines[at].partition(": ")
        if colon and value[:1] not in "\"'#":
            lines[at] = f"{key}: {value.strip()} {edits.number}\n"
        text = "".join(lines)
    elif how == "expression" and file.suffix in (".html", ".mjml", ".txt"):
        tail = edits.pick(_EXPRESSIONS)
        text = text.replace("</", f"{tail}</", 1) if "</" in text else f"{text}\n{tail}\n"
    elif how == "wrong":
        text += "\n{% if %}\n"
    else:
        text += "\n" + _COMMENTS.get(file.suffix, "<!-- {0} -->").format(edits.number) + "\n"
    file.write_text(text)
    return how


def _remove(part: str) -> Change:
    def remove(edits: Edits) -> str:
        file = edits.pick(_theme_files(edits, part))
        file.unlink()
        return file.name

    return remove


def _rename(part: str) -> Change:
    def rename(edits: Edits) -> str:
        file = edits.pick(_theme_files(edits, part))
        names = {"words": ("de.yml", "fr.yml", "nl.yml")}.get(part, (f"other{file.suffix}",))
        file.rename(file.with_name(edits.pick(names)))
        return file.name

    return rename


def _theme_files(edits: Edits, part: str) -> list[Path]:
    return sorted(p for p in edits.theme.glob(f"{part}*/**/*") if p.is_file()) or [
        p for p in [edits.theme / part] if p.is_file()
    ]


def _rename_theme(edits: Edits) -> str:
    """Rename the theme, or move it out of the folder of themes."""
    old, name = edits.theme, edits.pick(("default", f"theme-{edits.number}", SHARED))
    new = edits.root / (name if name == SHARED else f"themes/{name}")
    if not old.is_dir() or new.exists():
        raise ImpossibleError
    new.parent.mkdir(parents=True, exist_ok=True)
    old.rename(new)
    edits.settings |= {"theme": name}
    return name


def _changes(part: str) -> dict[str, Change]:
    return {
        f"theme {part}: add": _add(part),
        f"theme {part}: edit": _edit(part),
        f"theme {part}: remove": _remove(part),
        f"theme {part}: rename": _rename(part),
    }


CHANGES: dict[str, Change] = {
    name: change for part in PARTS for name, change in _changes(part).items()
} | {"theme: rename": _rename_theme}
