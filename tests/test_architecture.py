"""The shape of the code, one test for each rule; a test lists every place that breaks its rule.

If modules move, the tables `FLOORS`, `HOMES` and `ALLOWED` must follow.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "newsletter"

FLOORS = [
    {"errors", "interrupts"},
    {"model"},
    {"rules"},
    {"read", "facts"},
    {"plan", "render"},
    {"merge"},
    {"mailing"},
    {"export", "site"},
    {"check"},
    {"write"},
    {"sending"},
    {"build"},
    {"resident"},
    {"commands"},
    {"__main__", ""},
]
"""Lowest first. A module imports from its own package and from lower floors only."""

HOMES = {
    "PIL": {"read/content/picture_files.py", "read/content/picture_versions.py"},
    "babel": {""},
    "click": {"commands/"},
    "css_inline": {"render/mjml.py"},
    "dns": {"sending/mail_dns.py"},
    "docx": {"export/merge_letters/word_letter.py", "export/merge_letters/word_styles.py"},
    "dulwich": {"read/in_git.py"},
    "flufl": {"sending/incoming.py"},
    "idna": {"model/domains.py"},
    "imapclient": {"sending/mailbox.py"},
    "jinja2": {""},
    "keyring": {"commands/mail_password.py"},
    "mailparser_reply": {"sending/incoming.py"},
    "markdown": {"render/converter.py", "render/inline_rules.py"},
    "markupsafe": {""},
    "mjml": {"render/mjml.py"},
    "nh3": {"render/markdown.py"},
    "polars": {""},
    "pydantic": {""},
    "pydantic_core": {"read/"},
    "pypdf": {"export/print/service.py", "read/content/pdf_text.py"},
    "python_calamine": {"read/people/excel.py"},
    "typst": {"export/print/typst.py"},
    "xlsxwriter": {"export/lists/workbook.py"},
    "yaml": {"read/yaml.py", "read/yaml_cures.py"},
}
"""Library → the files, or folders with a slash, that may import it; an empty name: all of them."""

ALLOWED = {
    "read files": {"read/", "write/"},
    "write files": {"write/"},
    "know the time": {"commands/"},
    "measure how long it takes": {"build.py", "commands/"},
    "know the environment": {"commands/", "export/print/typst.py"},  # keeps typst offline
    "use the network": {"sending/"},
}
"""What only some may do → the files, or folders with a slash, that may do it."""

READING = {"open", "read_text", "read_bytes"}
WRITING = {"write_text", "write_bytes", "mkdir", "unlink", "rename", "replace_file", "rmtree"}
TODAY = {"dt.date.today", "dt.datetime.now", "date.today", "datetime.now", "time.time"}
CHANCE = ("random.", "secrets.", "uuid.", "os.urandom")
NETWORK = {"ftplib", "http", "imaplib", "poplib", "smtplib", "socket", "ssl", "urllib.request"}

NOTHING_NAMES = {"base", "common", "core", "handler", "helpers", "util", "utils"}
"""Names that say nothing of what a module is for."""


REGISTRIES = {"check/", "commands/", "facts/", "plan/events/"}
"""Folders of one variant a file; a variant may have the name of what it is about."""


def test_imports_come_from_below() -> None:
    """A module imports from its own package and from lower floors, never from beside or above."""
    _none(
        f"{name}:{line} imports {module}"
        for name, tree in _modules().items()
        for module, line in _imports(tree)
        if module.startswith("newsletter.")
        and (imported := module.split(".")[1]) not in (_part(name), "themes")
        and _floor(imported) >= _floor(_part(name))
    )


def test_every_library_has_a_home() -> None:
    """A library is imported in its home only, so that it can be replaced there."""
    _none(
        f"{name}:{line} imports {module}"
        for name, tree in _modules().items()
        for module, line in _imports(tree)
        if (library := module.split(".")[0]) not in {"newsletter", *sys.stdlib_module_names}
        and not _is_in(name, HOMES.get(library, set()))
    )


def test_the_tables_name_existing_modules() -> None:
    """No floor and no home is left behind when modules move."""
    named = {path for paths in (*HOMES.values(), *ALLOWED.values()) for path in paths}
    parts = {part for floor in FLOORS for part in floor}

    _none(path for path in sorted(named) if not (PACKAGE / path).exists())
    assert parts == {_part(name) for name in _modules()}


def test_files_are_read_and_written_in_one_place() -> None:
    """Files are read in read/ (and compared in write/), written in write/."""
    calls = [
        (name, line, call.split(".")[-1])
        for name, tree in _modules().items()
        for call, line in _calls(tree)
    ]
    _none(
        f"{name}:{line} calls {call}"
        for name, line, call in calls
        if (call in READING and not _may(name, "read files"))
        or (call in WRITING and not _may(name, "write files"))
    )


def test_only_the_command_line_knows_time_chance_and_environment() -> None:
    """It passes them on; all other code is the same every day and on every machine."""
    calls = [
        (name, line, call) for name, tree in _modules().items() for call, line in _calls(tree)
    ]

    _none(
        f"{name}:{line} calls {call}"
        for name, line, call in calls
        if ((call in TODAY or call.startswith(CHANCE)) and not _may(name, "know the time"))
        or (call == "time.monotonic" and not _may(name, "measure how long it takes"))
    )
    _none(
        f"{name}:{line} reads {word}"
        for name, tree in _modules().items()
        for word, line in _dotted_names(tree)
        if (word in ("os.environ", "os.getenv") or word.startswith("locale.getdefault"))
        and not _may(name, "know the environment")
    )


def test_only_sending_speaks_to_servers() -> None:
    """No other module imports a library for the network: building never sends."""
    _none(
        f"{name}:{line} imports {module}"
        for name, tree in _modules().items()
        for module, line in _imports(tree)
        if (module in NETWORK or module.split(".")[0] in NETWORK)
        and not _may(name, "use the network")
    )


def test_no_module_asks_for_the_practice_of_issues_by_its_name() -> None:
    """Every difference of issues is a property of the practice (model/practice.py)."""
    content = {"commands/new.py"}  # a kind of content
    _none(
        f"{name}:{node.lineno} compares with 'issue'"
        for name, tree in _modules().items()
        for node in _nodes(tree)
        if isinstance(node, ast.Compare) and name not in content
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Constant) and side.value == "issue"
    )


def test_modules_say_what_they_are_for() -> None:
    """A module opens with a docstring, and its name says what it contains."""
    _none(name for name, tree in _modules().items() if not ast.get_docstring(tree))
    _none(name for name in _modules() if Path(name).stem in NOTHING_NAMES)


def test_files_stay_small() -> None:
    """A file has one subject: at most 300 lines."""
    lines = {name: len((PACKAGE / name).read_text().splitlines()) for name in _modules()}

    _none(f"{name} has {count} lines" for name, count in lines.items() if count > 300)


def test_modules_have_unique_names() -> None:
    """Except for variants in registries."""
    names: dict[str, list[str]] = {}
    for name in _modules():
        if Path(name).stem != "__init__" and not _is_in(name, REGISTRIES):
            names.setdefault(Path(name).stem, []).append(name)
    _none(
        f"{name} is the name of {', '.join(paths)}"
        for name, paths in names.items()
        if len(paths) > 1
    )


def test_functions_stay_small() -> None:
    """A function has one task: at most 40 lines."""
    _none(
        f"{name}:{node.lineno} {node.name} has {length} lines"
        for name, tree in _modules().items()
        for node in _nodes(tree)
        if isinstance(node, ast.FunctionDef)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > 40
    )


def _none(places: Iterable[str]) -> None:
    """Fail with every place that breaks a rule."""
    listed = list(places)
    assert not listed, "\n".join(["", *listed])


@cache
def _modules() -> dict[str, ast.Module]:
    """Return every module, parsed, by its path below the package."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text())
        for path in sorted(PACKAGE.rglob("*.py"))
    }


@cache
def _nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Return every node of a module; several rules look at all of them."""
    return tuple(ast.walk(tree))


def _part(name: str) -> str:
    """Return the name in FLOORS that a module belongs to."""
    first = name.split("/", maxsplit=1)[0].removesuffix(".py")
    return "" if first == "__init__" else first


def _floor(part: str) -> int:
    levels = [level for level, parts in enumerate(FLOORS) if part in parts]
    assert levels, f"{part} has no floor"
    return levels[0]


def _may(name: str, imported: str) -> bool:
    return _is_in(name, ALLOWED[imported])


def _is_in(name: str, places: set[str]) -> bool:
    return any(place in ("", name) or _is_below(name, place) for place in places)


def _is_below(name: str, place: str) -> bool:
    return place.endswith("/") and name.startswith(place)


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every imported module, lazy and type-checking imports included."""
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def _calls(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the names of all calls, except table methods that share a name with file methods."""
    for node in _nodes(tree):
        # A table's columns are renamed by a dictionary, a file by a path.
        columns = isinstance(node, ast.Call) and node.args[:1] and _is_mapping(node.args[0])
        if isinstance(node, ast.Call) and not columns:
            yield _dotted(node.func), node.lineno


def _is_mapping(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict | ast.DictComp)


def _dotted_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every dotted name."""
    for node in _nodes(tree):
        if isinstance(node, ast.Attribute):
            yield _dotted(node), node.lineno


def _dotted(node: ast.expr) -> str:
    """Return a name with its dots; other expressions, such as a call, are a question mark."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"
