"""Changes of pictures, drafts, leftovers of builds, and options."""

from __future__ import annotations

import datetime as dt
import os
import shutil

from photos import write_photo

from edits.project import TODAY, Change, Edits
from edits.texts import remove, rename


def _edit_picture(edits: Edits) -> str:
    """Change a picture without changing its size or time."""
    file = edits.any_file("content/images/*.png")
    status, data = file.stat(), bytearray(file.read_bytes())
    data[-1] = edits.number % 256
    file.write_bytes(bytes(data))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    return file.name


def _add_picture(edits: Edits) -> str:
    old = edits.any_file("content/images/*.png")
    new = old.with_name(f"picture-{edits.number}.png")
    shutil.copy(old, new)
    page = edits.any_file("content/updates/*.md", "content/issues/*.md", "content/pages/*.md")
    with page.open("a") as file:
        file.write(f"\n![Picture](../images/{new.name})\n")
    return f"{new.name} in {page.name}"


def _add_photo(edits: Edits) -> str:
    """Put a photo as phones take them into a text, or beside the texts."""
    file = edits.root / f"content/images/photo-{edits.number}.jpg"
    write_photo(file, width=2000 + edits.number)
    page = edits.any_file("content/updates/*.md", "content/issues/*.md", "content/pages/*.md")
    with page.open("a") as text:
        text.write(f"\n![Photo](../images/{file.name})\n")
    return f"{file.name} in {page.name}"


def _fill_list(edits: Edits) -> str:
    """Tick, change or damage a work list of the output."""
    file = edits.any_file("output/private/care/lists/*.csv", "output/private/care/lists/*.xlsx")
    if file.suffix == ".xlsx":
        with file.open("ab") as added:
            added.write(b"x")
        return file.name
    lines = file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    at = edits.chance.randrange(len(lines))
    lines[at] = edits.pick(("x", "", "2026-11-24")) + lines[at]
    file.write_text("".join(lines), encoding="utf-8-sig")
    return f"{file.name}: line {at + 1}"


def _damage(edits: Edits) -> str:
    """Overwrite, remove or hide a file of the output, but no work list: people fill those in."""
    files = edits.files("output/site/**/*", "output/private/**/*")
    file = edits.pick([file for file in files if file.parent.name != "lists"])
    how = edits.pick(("write", "remove", "mode"))
    if how == "write":
        file.write_text("mine")
    elif how == "remove":
        file.unlink()
    else:
        file.chmod(0o640)
    return f"{file.name}: {how}"


def _damage_cache(edits: Edits) -> str:
    """Cut a file of the cache short, or remove it."""
    file = edits.any_file(".output.cache/*.*", ".output.cache/pictures/*/*")
    file.write_bytes(file.read_bytes()[: edits.number * 7 * edits.chance.randrange(2)])
    return file.name


def _day(edits: Edits) -> str:
    days = edits.pick((1, 1, 2, 7, 40, -1, -10))
    edits.today = max(min(edits.today + dt.timedelta(days), dt.date(2027, 3, 1)), TODAY)
    return str(edits.today)


def _ask_for_issue(edits: Edits) -> str:
    edits.issue = edits.pick((None, None, "2026-11", "2026-08", "never"))
    return str(edits.issue)


def _nothing(_: Edits) -> str:
    return "nothing"


def _draft(edits: Edits) -> str:
    """Save a file that does not belong to the project: a draft, or an editor's own file."""
    folder = edits.pick(("updates", "practices", "customers", "images"))
    name = edits.pick(("_draft.md", ".hidden.md", "README.md", "note.txt", ".#lock"))
    (edits.content / folder).mkdir(exist_ok=True)
    (edits.content / folder / name).write_text(f"Number {edits.number}")
    return f"{folder}/{name}"


def _touch(edits: Edits) -> str:
    """Save a file unchanged."""
    file = edits.any_file("content/**/*", "themes/**/*")
    data = file.read_bytes()
    file.write_bytes(data)
    return file.name


def _extra(edits: Edits) -> str:
    """Install or remove an optional library."""
    name = edits.pick(("typst", "xlsxwriter"))
    edits.missing ^= {name}
    return f"{name} {'removed' if name in edits.missing else 'installed'}"


CHANGES: dict[str, Change] = {
    "pictures: edit": _edit_picture,
    "pictures: add": _add_picture,
    "pictures: add a photo": _add_photo,
    "pictures: remove": remove("content/images/*.png"),
    "pictures: rename": rename("content/images/*.png"),
    "draft": _draft,
    "touch": _touch,
    "nothing": _nothing,
    "day": _day,
}
OF_BUILDS: dict[str, Change] = {
    "issue": _ask_for_issue,
    "extra": _extra,
    "work list": _fill_list,
    "output": _damage,
    "cache": _damage_cache,
}
"""Changes that only a build sees."""
