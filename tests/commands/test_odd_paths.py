"""The first day in folders as people have them on Windows: spaces, umlauts, an ampersand."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser
from support import ROOT, run

BEGUN = ("--today", "2026-11-03")
TODAY = ("--today", "2026-11-04")
CUSTOMERS = (
    "Kundennr.;E-Mail;Vorname;Nachname;Straße;PLZ;Ort;Geburtsdatum;Newsletter;Post;Bestellungen\n"
    "1;anna@example.com;Anna;Groß;Weg 1;01067;Dresden;11.11.1980;ja;ja;4\n"
    "2;bernd@example.com;Bernd;Käse;Weg 2;01067;Dresden;06.11.1970;ja;ja;2\n"
)


class _Links(HTMLParser):
    """Collects the addresses that a page names."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.local: list[str] = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what leads to a file."""
        links = [value for name, value in attrs if name in ("href", "src") and value]
        self.local += [link for link in links if urlsplit(link).path and ":" not in link]


def dead_links(output: Path) -> Iterator[str]:
    """Yield the links of all pages that lead to no file, or are not percent-encoded."""
    for page in sorted(output.rglob("*.html")):
        for link in _Links(page).local:
            target = page.parent / unquote(urlsplit(link).path)
            if not target.is_file() or not link.isascii() or " " in link:
                yield f"{page.relative_to(output)}: {link}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which the user is, with a customer file."""
    folder = tmp_path / "Jürgen Müller & Söhne" / "Meine Kunden"
    folder.mkdir(parents=True)
    (folder / "Kunden Liste.csv").write_bytes(CUSTOMERS.encode("cp1252"))
    monkeypatch.chdir(folder)
    return folder


def fill_in(worklist: Path) -> None:
    """Tick the first task, as in Excel."""
    rows = list(csv.reader(io.StringIO(worklist.read_text("utf-8-sig")), delimiter=";"))
    rows[1][0] = "ja"
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    worklist.write_bytes(text.getvalue().encode("cp1252"))


@pytest.mark.slow
@pytest.mark.parametrize("output", ["Laden Köln/output", "Ausgabe für alle"])
def test_a_day_in_a_folder_with_spaces_and_umlauts(
    folder: Path, browser: Browser, output: str
) -> None:
    """Begin, build, look, record: each command works, and each link of each page."""
    begun = run("init", "Laden Köln", "--customers", "Kunden Liste.csv", "--yes", *BEGUN)
    assert begun.exit_code == 0, begun.output
    assert '\n  newsletter build --project "Laden Köln"\n' in begun.stdout
    project = Path("Laden Köln")
    settings = project / "content/newsletter.yml"
    settings.write_text(
        settings.read_text("utf-8").replace("start: 2026-11-03", "start: 2026-01-01"), "utf-8"
    )
    (project / "content/images").mkdir(exist_ok=True)
    shutil.copy(ROOT / "content/images/kettle.png", project / "content/images/Café Straße.png")
    with (project / "content/updates/ein-brief-im-monat.md").open("a", encoding="utf-8") as text:
        text.write("\n![Unser Café](<../images/Café Straße.png>)\n")

    where = ("--project", "Laden Köln", "--output", output, *TODAY)
    for command in (["build"], ["today"], ["preview", "groß"]):
        done = run(*command, *where)
        assert done.exit_code == 0, done.output
    assert f"geschrieben: {output}/private/preview.html" in done.stdout.replace("\\", "/")
    assert list(dead_links(Path(output))) == []

    (worklist,) = Path(output).glob("private/care/lists/*.csv")
    fill_in(worklist)
    recorded = run("record", "--plan", str(worklist), *where[:2], *TODAY)
    assert recorded.stdout.startswith("1 Zeile im Verlauf vermerkt\n"), recorded.output
    assert run("build", *where).exit_code == 0

    page = browser.new_page()
    page.goto((folder / output / "private/index.html").as_uri())
    page.locator("a[href*='messages/2026-11/de/']").first.click()
    assert "Newsletter" in page.locator("body").inner_text()
    widths = "[...document.images].map(image => image.naturalWidth > 0)"
    assert page.evaluate(widths) == [True, True]
    page.close()
