"""Draws the pictures of docs/first-ten-minutes.md: `make pictures`; needs Chromium, pdftoppm."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
TODAY = "2026-11-03"
NAMES = {
    "Ihr Geschäft": "Salon Lindenblatt",
    "Ihr Name": "Vera Lindenblatt",
    "Hauptstraße 1, 12345 Musterstadt": "Lindenstraße 12, 01099 Dresden",
    "+49 30 123456": "+49 351 123456",
    "Geschäftsführung": "Friseurmeisterin",
    "Klein genug, um einander beim Namen zu kennen": "Schneiden, färben, zuhören",
}
"""What the owner writes into newsletter.yml instead of the names to begin with."""
LOOKS = ("awning", "margin", "programme")
_GAP = 24
_COLOURS = 64
"""Of the palette of a picture: flat areas and small letters need no more."""


def main() -> None:
    """Build the salon in each look, and draw messages, pages and paper."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = {look: _built(Path(folder), look) for look in LOOKS}
        with sync_playwright() as playwright:
            chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
            browser = playwright.chromium.launch(executable_path=chromium)
            for name, pictures in _drawn(browser, outputs).items():
                _saved(pictures, HERE / f"first-{name}.png")
            browser.close()


def _built(folder: Path, look: str) -> Path:
    """Return the output of a new project with the made-up list, as its owner would have it."""
    customers = HERE / "kunden.csv"
    _run("init", str(folder / look), "--customers", str(customers), "--theme", look, "--yes")
    settings = folder / look / "content/newsletter.yml"
    text = settings.read_text(encoding="utf-8")
    for before, after in NAMES.items():
        text = text.replace(before, after)
    settings.write_text(text, encoding="utf-8")
    _run("build", "--project", str(folder / look))
    return folder / look / "output"


def _run(*arguments: str) -> None:
    command = [sys.executable, "-m", "newsletter", *arguments, "--today", TODAY]
    environment = {**os.environ, "TZ": "Europe/Berlin"}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def _drawn(browser: Browser, outputs: Mapping[str, Path]) -> dict[str, list[Image.Image]]:
    """Return name → the pictures that stand side by side under it."""
    margin = outputs["margin"]
    messages = (margin / "private/messages/2026-11/de").glob("*.html")
    message = next(file for file in messages if "Frau Möller" in file.read_text(encoding="utf-8"))
    return {
        "list": [_page(browser, margin / "private/index.html", width=900, height=620)],
        "message": [
            _page(browser, message, width=390, height=1000),
            _page(browser, message, width=390, height=1000, scheme="dark"),
        ],
        "day": [_page(browser, margin / "private/care/ich.html", width=900, height=900)],
        "overview": [_page(browser, margin / "private/care/index.html", width=900, height=840)],
        "site": [
            _page(browser, output / "site/index.html", width=390, height=844)
            for output in outputs.values()
        ],
        "letter": [
            _paper(output / "private/print/2026-11/letters.pdf") for output in outputs.values()
        ],
        "cards": [_paper(output / "private/care/print/cards.pdf") for output in outputs.values()],
    }


def _page(
    browser: Browser, page: Path, *, width: int, height: int, scheme: str = "light"
) -> Image.Image:
    """Return the top of a page in a window of that size."""
    tab = browser.new_page(viewport={"width": width, "height": height})
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    tab.goto(page.resolve().as_uri())
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        tab.screenshot(path=file.name)
        picture = Image.open(file.name).convert("RGB")
    tab.close()
    return picture


def _paper(file: Path) -> Image.Image:
    """Return the first sheet of a PDF, with an edge around it."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "sheet"
        command = ["pdftoppm", "-r", "56", "-png", "-singlefile", str(file), str(target)]
        subprocess.run(command, check=True)
        sheet = Image.open(target.with_suffix(".png")).convert("RGB")
    edged = Image.new("RGB", (sheet.width + 2, sheet.height + 2), "#b0b0b0")
    edged.paste(sheet, (1, 1))
    return edged


def _saved(pictures: list[Image.Image], target: Path) -> None:
    """Write the pictures side by side, in few colours."""
    width = sum(picture.width for picture in pictures) + _GAP * (len(pictures) - 1)
    whole = Image.new("RGB", (width, max(picture.height for picture in pictures)), "white")
    for picture, left in zip(pictures, _lefts(pictures), strict=True):
        whole.paste(picture, (left, 0))
    whole.quantize(_COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    print(f"{target.name}: {whole.width} × {whole.height}, {target.stat().st_size // 1000} kB")


def _lefts(pictures: list[Image.Image]) -> Iterator[int]:
    left = 0
    for picture in pictures:
        yield left
        left += picture.width + _GAP


if __name__ == "__main__":
    main()
