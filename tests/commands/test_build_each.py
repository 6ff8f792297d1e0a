"""Several projects in one build, as an agency has them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support import run

TODAY = "2026-11-05"
NAMES = ("Bäckerei Müller & Söhne", "florist", "tailor")


@pytest.fixture
def clients(root: Path, tmp_path: Path) -> list[Path]:
    """Return three projects of different firms; a text of the second names a wrong field."""
    folders = [tmp_path / "Meine Kunden" / name for name in NAMES]
    for folder in folders:
        shutil.copytree(root, folder)
        settings = folder / "content/newsletter.yml"
        settings.write_text(settings.read_text().replace("Corner Shop", f"Shop {folder.name}"))
    issue = folders[1] / "content/issues/2026-11.md"
    issue.write_text(issue.read_text() + "\n{{ customer.nmae }}\n")
    return folders


def contents(output: Path) -> dict[str, bytes]:
    """Return every file of an output."""
    files = [path for path in sorted(output.rglob("*")) if path.is_file()]
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in files}


@pytest.mark.slow
def test_a_project_with_problems_hinders_no_other(clients: list[Path], tmp_path: Path) -> None:
    """Its problems are named; the others have the same output as if built alone."""
    options = [part for folder in clients for part in ("--project", folder)]
    done = run("build", *options, "--today", TODAY)
    first, second, third = map(str, clients)
    width = len(first)
    assert done.stdout == (
        f"{'project':{width}}  issue    recipients  left out  tasks  remarks  result\n"
        f"{first}  2026-11           2         0      0        0  built\n"
        f"{second:{width}}{' ' * 49}not built: 1 problem\n"
        f"{third:{width}}  2026-11           2         0      0        0  built\n\n"
        f"not built, the output is as before: {second}\n"
    )
    assert done.stderr.startswith(f"{second}\n\nError: content/issues/2026-11.md:")
    assert done.exit_code == 1
    for folder in (clients[0], clients[2]):
        alone = tmp_path / "alone" / folder.name
        assert (
            run("build", "--project", folder, "--output", alone, "--today", TODAY).exit_code == 0
        )
        assert contents(alone) == contents(folder / "output")
    assert not (clients[1] / "output").exists()


@pytest.mark.slow
def test_programs_get_the_report_or_the_problems_of_each(clients: list[Path]) -> None:
    """A project named twice is built once; an unchanged one says so."""
    options = [part for folder in (*clients[:2], clients[0]) for part in ("--project", folder)]
    done = run("build", *options, "--today", TODAY, "--json")
    first, second = json.loads(done.stdout)
    assert (first["project"], first["problems"]) == (str(clients[0]), [])
    assert first["report"]["editions"] == [{"language": "en", "recipients": {"email": 2}}]
    assert (second["project"], second["report"]) == (str(clients[1]), None)
    assert len(second["problems"]) == 1
    again = run("build", *options, "--today", TODAY).stdout
    assert "nothing has changed\n" in again


@pytest.mark.slow
def test_the_table_speaks_the_language_of_all_projects(tmp_path: Path) -> None:
    """German, as both are; the numbers are those of the builds."""
    options: list[object] = []
    for name in ("a", "b"):
        assert run("init", tmp_path / name, "--language", "de", "--today", TODAY).exit_code == 0
        options += ["--project", tmp_path / name]
    done = run("build", *options, "--today", TODAY)
    width = len(f"{tmp_path}/a")
    line = "  2026-11        2                1         0         0  erstellt\n"
    assert done.stdout == (
        f"{'Projekt':{width}}  Ausgabe  geht an  bekommen nichts  Aufgaben  Hinweise  Ergebnis\n"
        f"{tmp_path / 'a'}{line}"
        f"{tmp_path / 'b'}{line}\n"
        "jetzt öffnen: output/private/index.html jedes Projekts\n"
    )


def test_several_projects_have_an_output_each(clients: list[Path], tmp_path: Path) -> None:
    """A common one is refused before anything is built."""
    options = [part for folder in clients for part in ("--project", folder)]
    done = run("build", *options, "--output", tmp_path / "one")
    assert (done.exit_code, "--output is for one project" in done.stderr) == (2, True)
