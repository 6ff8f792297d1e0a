"""Works out newsletter.yml with another `account:`; all else in it stays as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from newsletter.errors import NewsletterError, Place, Problem, raise_all
from newsletter.read.content.settings_files import SETTINGS
from newsletter.read.project_files import ProjectFiles, as_written
from newsletter.read.yaml import Document, parse_yaml

_PLAIN = re.compile(r"[\w][\w.+@:/-]*")
"""Values that YAML reads as they are."""


def settings_with_account(root: Path, account: Mapping[str, str]) -> bytes:
    """
    Return newsletter.yml of the project in *root* with these settings under `account:`.

    An empty value removes the setting; settings that *account* does not name stay, as do comments,
    line ends and the order of keys. Raises NewsletterError if the file cannot be changed.
    """
    files = ProjectFiles(root)
    text = files.parse(SETTINGS, as_written)
    raise_all(files.problems)
    assert text is not None  # otherwise a problem was reported
    edited = _with_account(text, account)
    data = (root / SETTINGS).read_bytes()
    if b"\r\n" in data:
        edited = edited.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b"") + edited.encode()


def account_lines(account: Mapping[str, str]) -> list[str]:
    """Return `account:` as newsletter.yml has it."""
    return ["account:", *(f"  {_setting(name, value)}" for name, value in account.items())]


def _with_account(text: str, account: Mapping[str, str]) -> str:
    document = _parsed(text)
    before = document.below("account")
    texts = {name: str(value) for name, value in before.data.items()} if before else {}
    settings = {name: value for name, value in {**texts, **account}.items() if value}
    lines = text.split("\n")
    first, end = _block(document, lines)
    if first == end:
        edited = "\n".join([text.removesuffix("\n"), "", *account_lines(settings), ""])
    else:
        lines[first:end] = _changed(lines[first:end], settings)
        edited = "\n".join(lines)
    again = parse_yaml(edited, path=SETTINGS, problems=[])
    if not again or again.data != {**document.data, "account": settings}:
        hint = "write there yourself:\n" + "\n".join(account_lines(settings))
        raise NewsletterError.at("account: cannot be written here", _place(document), hint=hint)
    return edited


def _parsed(text: str) -> Document:
    problems: list[Problem] = []
    document = parse_yaml(text, path=SETTINGS, problems=problems)
    raise_all(problems)
    assert document  # otherwise a problem was reported
    return document


def _place(document: Document) -> Place:
    return document.key_place(("account",))


def _block(document: Document, lines: list[str]) -> tuple[int, int]:
    """Return the first line of `account:` and the line after its last; of none, 0 and 0."""
    tops = sorted(mark[0] for path, mark in document.keys.items() if len(path) == 1)
    if ("account",) not in document.keys:
        return 0, 0
    first = document.keys[("account",)][0]
    end = next((line for line in tops if line > first), len(lines))
    while lines[end - 1] == "" or lines[end - 1].startswith("#"):
        end -= 1  # blank lines and comments before the next key belong to that
    return first, end


def _changed(block: list[str], settings: Mapping[str, str]) -> list[str]:
    """Return the lines of `account:` with other settings, and with the comments that it has."""
    comments = {}
    above = [line for line in block[1:] if line.lstrip().startswith("#")]
    for line in block:
        if match := re.fullmatch(r"\s*(\w+):(?:[^#]*?\S)?(\s+#.*)", line):
            comments[match[1]] = match[2]
    head, *rest = account_lines(settings)
    names = [line.strip().partition(":")[0] for line in rest]
    with_comments = [
        f"{line}{comments.get(name, '')}" for name, line in zip(names, rest, strict=True)
    ]
    return [head + comments.get("account", ""), *above, *with_comments]


def _setting(name: str, value: str) -> str:
    quoted = value if _PLAIN.fullmatch(value) else "'" + value.replace("'", "''") + "'"
    return f"{name}: {quoted}"
