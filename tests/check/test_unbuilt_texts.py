"""Texts and rules are judged in a run that something else stops, without what only follows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support import EXAMPLE_DAY, Silent

from newsletter.build import build
from newsletter.check.unbuilt_texts import unbuilt_faults
from newsletter.commands.init import begin
from newsletter.errors import NewsletterError
from newsletter.read.assembly import read_project
from newsletter.read.starter import read_starter

SETTINGS = "content/newsletter.yml"
TEXT = "content/updates/a-letter-once-a-month.md"
PRACTICE = "content/practices/after-we-met.md"
ALWAYS = {
    "no filter named 'uper'",
    "'greting' is not known here",
    "<iframe> is not shown, neither in messages nor on the website",
    "there is no file content/updates/gone.md",
    "'{{' is not closed",
    "<video> is not shown, neither in messages nor on the website",
}
OF_COLUMNS = {"unknown name 'citty'", "customers have no field 'nam'"}


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new project with faults in the texts of an entry and a practice, and in a rule."""
    project = _begun(tmp_path_factory.mktemp("starter") / "project", "en")
    faults = "{{ customer.nam }} {{ greting | uper }} <iframe></iframe> [x](gone.md)"
    text = project / TEXT
    rule = text.read_text().replace("---\n", "---\naudience: citty == 'Ulm'\npublic: yes\n", 1)
    text.write_text(f"{rule}\n{faults}\n")
    with (project / PRACTICE).open("a") as practice:
        practice.write("\n{{ customer.first_name } <video></video>\n")
    return project


def _begun(root: Path, language: str) -> Path:
    files = read_starter(EXAMPLE_DAY, customers=None, language=language)
    begin(root, files, customers=None, language=language)
    return root


Spoil = Callable[[Path], object]


def _added(text: str, file: str = SETTINGS) -> Spoil:
    return lambda root: (root / file).write_text(f"{(root / file).read_text()}\n{text}\n")


def _replaced(old: str, new: str) -> Spoil:
    return lambda root: (root / SETTINGS).write_text(
        (root / SETTINGS).read_text().replace(old, new, 1)
    )


def _written(file: str, data: bytes) -> Spoil:
    def write(root: Path) -> None:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(data)

    return write


WHOLE: dict[str, tuple[Spoil, set[str]]] = {
    "nothing": (lambda _: None, set()),
    "an unknown key": (_added("foo: 1"), {"unknown key 'foo'"}),
    "a misspelt key": (_replaced("language:", "langauge:"), {"unknown key 'langauge'"}),
    "a wrong value": (_added("send_at: 25:00"), {"'25:00' is not a time of day"}),
    "the theme": (_replaced("theme:", "theme: nice #"), {"there is no theme 'nice'"}),
    "brand": (_added("brand: {colour: red}"), {"unknown key 'colour' in brand"}),
    "words of the theme": (
        _written("themes/awning/words/en.yml", b"a: [\n"),
        {"'[' is not closed"},
    ),
    "segments": (_added("x: [", "content/segments.yml"), {"'[' is not closed"}),
    "a segment": (_added("x: citi == 1", "content/segments.yml"), {"unknown name 'citi'"}),
}
IN_PART: dict[str, tuple[Spoil, set[str]]] = {
    "the settings": (_added("x: ["), {"'[' is not closed"}),
    "a value on which others depend": (_added("columns: x"), {"this must be keys with values"}),
    "the customer file": (
        _written("content/customers/customers.csv", b"\0\1binary"),
        {"the file is not a text file"},
    ),
    "letters of segments": (
        _written("content/segments.yml", "a: b".encode("utf-16")),
        {"the file is UTF-16, not UTF-8"},
    ),
}
CASES = {name: (*case, True) for name, case in WHOLE.items()} | {
    name: (*case, False) for name, case in IN_PART.items()
}


@pytest.mark.parametrize("name", CASES)
def test_texts_are_judged_beside_other_faults(starter: Path, tmp_path: Path, name: str) -> None:
    """Unknown names only if the columns of the customers can be told."""
    spoil, faults, has_columns = CASES[name]
    root = Path(shutil.copytree(starter, tmp_path / "project"))
    spoil(root)
    with pytest.raises(NewsletterError) as caught:
        build(root, output=tmp_path / "o", today=EXAMPLE_DAY, issue=None, progress=Silent())

    problems = list(caught.value.problems)
    expected = ALWAYS | faults | (OF_COLUMNS if has_columns else set())
    assert {problem.message for problem in problems} == expected
    assert len(problems) == len(expected)


def test_files_keep_their_language_if_the_settings_cannot_be_read(tmp_path: Path) -> None:
    """An English translation in a German project is none of an English original."""
    root = _begun(tmp_path / "project", "de")
    text = next((root / "content/updates").glob("*.md"))
    shutil.copy(text, text.with_suffix(".en.md"))
    _added("x: [")(root)
    with pytest.raises(NewsletterError) as caught:
        build(root, output=tmp_path / "o", today=EXAMPLE_DAY, issue=None, progress=Silent())
    assert [problem.message for problem in caught.value.problems] == ["'[' is not closed"]


def test_a_sound_project_has_no_faults(tmp_path: Path) -> None:
    """Neither with its columns nor without; in each language of starters."""
    for language in ("en", "de", "fr"):
        project = read_project(_begun(tmp_path / language, language), today=EXAMPLE_DAY)
        assert not unbuilt_faults(project, today=EXAMPLE_DAY)
        nobody = replace(project, people=None)  # type: ignore[arg-type]
        assert not unbuilt_faults(nobody, today=EXAMPLE_DAY)


def test_layouts_are_judged_beside_faults_of_texts(starter: Path, tmp_path: Path) -> None:
    """A torn layout beside wrong texts, rules, settings and segments."""
    root = Path(shutil.copytree(starter, tmp_path / "project"))
    _written("themes/awning/email/head.mjml", b"<mj-section>\n<mj-column></mj-section>\n")(root)
    _written("themes/awning/site/page.html", b"<p>{{ entry.titel }}</p>\n")(root)
    _written("themes/awning/care/day.html", b"<p>{% iff x %}</p>\n")(root)
    torn = "<mj-column> is not closed in this file"
    rule = "audience: citty == 'Ulm'\n"
    everywhere = {
        torn,
        "'entry' is undefined",
        "unknown tag 'iff'",
        "<iframe> is not shown, neither in messages nor on the website",
    }
    assert everywhere <= _messages(root, tmp_path), "beside a rule that no plan can be made of"
    (root / TEXT).write_text((root / TEXT).read_text().replace(rule, ""))
    assert everywhere <= _messages(root, tmp_path)
    _added("foo: 1")(root)
    assert {"unknown key 'foo'", *everywhere} <= _messages(root, tmp_path)
    _written("content/segments.yml", b"a: [\n")(root)
    assert {"'[' is not closed", *everywhere} <= _messages(root, tmp_path)


def _messages(root: Path, tmp_path: Path) -> set[str]:
    with pytest.raises(NewsletterError) as caught:
        build(root, output=tmp_path / "o", today=EXAMPLE_DAY, issue=None, progress=Silent())
    return {problem.message for problem in caught.value.problems}


def test_pictures_from_elsewhere_are_named_beside_other_faults(
    starter: Path, tmp_path: Path
) -> None:
    """Once, at their line; without settings it is not known which hosts these allow."""
    root = Path(shutil.copytree(starter, tmp_path / "project"))
    text = next((root / "content/articles").glob("*.md"))
    text.write_text(f"{text.read_text()}\n![x](https://cdn.example/a.png)\n")
    elsewhere = (
        "'https://cdn.example/a.png' would be loaded from cdn.example, "
        "which then learns who reads this"
    )
    with pytest.raises(NewsletterError) as caught:
        build(root, output=tmp_path / "o", today=EXAMPLE_DAY, issue=None, progress=Silent())
    (problem,) = (p for p in caught.value.problems if p.message == elsewhere)
    assert problem.at
    assert problem.at.line == len(text.read_text().splitlines())
    _added("foo: 1")(root)
    assert elsewhere in _messages(root, tmp_path)
    _added("load_from: 1")(root)
    assert elsewhere not in _messages(root, tmp_path)
