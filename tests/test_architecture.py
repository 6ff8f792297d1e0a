"""The shape of the code: floors, homes of libraries, who may read, write and know the time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "newsletter"
MODULES = sorted(PACKAGE.rglob("*.py"))

FLOORS = [
    {"errors"},
    {"model"},
    {"rules"},
    {"read", "facts"},
    {"plan", "render"},
    {"merge"},
    {"export", "site"},
    {"check"},
    {"write"},
    {"build"},
    {"commands"},
    {"cli"},
    {"__main__", ""},
]
"""Lowest first. A module imports from its own package and from lower floors only."""

HOMES = {
    "mjml": {"render/mjml.py"},
    "css_inline": {"render/mjml.py"},
    "markdown": {"render/markdown.py"},
    "nh3": {"render/markdown.py"},
    "python_calamine": {"read/tables/excel.py"},
    "xlsxwriter": {"export/care/workbook.py"},
    "typst": {"export/care/print/typst.py"},
    "yaml": {"read/yaml.py", "read/yaml_cures.py"},
    "click": {"cli/", "commands/"},
}
"""Library → the files (or folders) that may import it."""


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every imported module, lazy and type-checking imports included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def _floor(part: str) -> int:
    return next(level for level, parts in enumerate(FLOORS) if part in parts)


def _part(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_come_from_below(path: Path) -> None:
    """A module imports from its own package and from lower floors, never from beside or above."""
    own = _part(path)
    wrong = [
        f"{_name(path)}:{line} imports {module}"
        for module, line in _imports(path)
        if module.startswith("newsletter.")
        and (part := module.split(".")[1]) not in (own, "themes")
        and _floor(part) >= _floor(own)
    ]

    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_libraries_have_one_home(path: Path) -> None:
    """A library is imported in its own home only, so that it can be replaced there."""
    name = _name(path)
    wrong = [
        f"{name}:{line} imports {module}"
        for module, line in _imports(path)
        if (homes := HOMES.get(module.split(".")[0]))
        and not any(name == h or (h.endswith("/") and name.startswith(h)) for h in homes)
    ]

    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_say_what_they_are_for(path: Path) -> None:
    """A module opens with a docstring of one paragraph at the most."""
    docstring = ast.get_docstring(ast.parse(path.read_text()))

    assert docstring


def _calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        # A table's columns are renamed by a dictionary, a file by a path.
        columns = isinstance(node, ast.Call) and node.args[:1] and _is_mapping(node.args[0])
        if isinstance(node, ast.Call) and not columns:
            yield ast.unparse(node.func), node.lineno


def _is_mapping(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict | ast.DictComp)


READING = ("open", "read_text", "read_bytes")
WRITING = ("write_text", "write_bytes", "mkdir", "unlink", "rename", "replace_file", "rmtree")


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_files_are_read_and_written_in_one_place(path: Path) -> None:
    """Files are read in read/ (and compared in write/), written in write/."""
    own = _part(path)
    wrong = [
        f"{_name(path)}:{line} calls {call}"
        for call, line in _calls(path)
        if (call.split(".")[-1] in READING and own not in ("read", "write"))
        or (call.split(".")[-1] in WRITING and own != "write")
    ]

    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_the_command_line_knows_the_time(path: Path) -> None:
    """Today, the time and chance come from the command line; all else is the same every day."""
    forbidden = {"dt.date.today", "dt.datetime.now", "date.today", "datetime.now", "time.time"}
    wrong = [
        f"{_name(path)}:{line} calls {call}"
        for call, line in _calls(path)
        if (call in forbidden or call.startswith(("random.", "secrets.", "uuid.")))
        and _part(path) not in ("cli", "commands")
    ]

    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_files_stay_small(path: Path) -> None:
    """A file says one thing: 300 lines at the most."""
    assert len(path.read_text().splitlines()) <= 300
