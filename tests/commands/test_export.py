"""`newsletter export` writes an issue or a practice for another program."""

from pathlib import Path

from letter_reading import rows_of
from support import EXAMPLE_DAY, ROOT, run

DAY = ("--project", ROOT, "--today", EXAMPLE_DAY)


def test_without_a_program_all_are_listed() -> None:
    """By the name to type."""
    result = run("export", *DAY)
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["klaviyo", "Klaviyo"] in lines
    assert ["libreoffice", "LibreOffice"] in lines


def test_the_issue_that_waits_is_written(tmp_path: Path) -> None:
    """Private, in each of its languages; it says how many contacts there are, and where."""
    result = run("export", "Klaviyo", *DAY, "--output", tmp_path / "o")
    folder = tmp_path / "o/private/exports/klaviyo/2026-11"
    assert result.stdout.endswith(f"29 contacts for Klaviyo\nwrote {folder}\n")
    assert sorted(path.name for path in folder.iterdir()) == ["de", "en", "fr"]
    assert (folder / "en/contacts.csv").stat().st_mode & 0o777 == 0o600


def test_letters_for_word_and_libreoffice(tmp_path: Path) -> None:
    """For all whom the issue reaches: those by email and those by letter."""
    for program, title, files in (
        ("word", "Word", ["contacts.xlsx", "letter.docx"]),
        ("libreoffice", "LibreOffice", ["contacts.ods", "letter.odt"]),
    ):
        result = run("export", program, *DAY, "--output", tmp_path / "o", "--with", "birthday")
        folder = tmp_path / f"o/private/exports/{program}/2026-11"
        assert result.stdout.endswith(f"35 contacts for {title}\nwrote {folder}\n")
        assert sorted(path.name for path in (folder / "de").iterdir()) == files
        assert {path.stat().st_mode & 0o777 for path in folder.glob("*/*")} == {0o600}
        table = next(folder.glob("en/contacts.*")).read_bytes()
        assert "birthday" in rows_of(table)[0]


def test_a_practice_has_a_letter_for_each_channel(tmp_path: Path) -> None:
    """The words for emails become letters of their own."""
    result = run("export", "word", "thank-you", *DAY, "--output", tmp_path / "o")
    assert result.exit_code == 0
    folder = tmp_path / "o/private/exports/word/thank-you"
    assert {path.name for path in folder.iterdir()} == {"en-email"}


def test_letters_for_a_print_service(tmp_path: Path) -> None:
    """One PDF and one table of those by letter."""
    result = run("export", "print-service", *DAY, "--output", tmp_path / "o")
    folder = tmp_path / "o/private/exports/print-service/2026-11"
    assert result.stdout.endswith(f"6 contacts for a print service\nwrote {folder}\n")
    assert sorted(path.name for path in folder.iterdir()) == ["addresses.csv", "letters.pdf"]
    assert len((folder / "addresses.csv").read_text().splitlines()) == 7


def test_a_practice_and_columns_of_the_file(tmp_path: Path) -> None:
    """Those who are due today, with what was asked for."""
    where = (*DAY, "--output", tmp_path / "o", "--with", "birthday")
    result = run("export", "klaviyo", "thank-you", *where)
    assert result.exit_code == 0
    files = list((tmp_path / "o/private/exports/klaviyo/thank-you").glob("*/contacts.csv"))
    assert files
    assert all('"birthday"' in file.read_text().splitlines()[0] for file in files)


def test_what_is_not_known_is_named(tmp_path: Path) -> None:
    """With the nearest name, and nothing written."""
    output = ("--output", tmp_path / "o")
    for line, message in {
        ("klavio",): "did you mean 'klaviyo'?",
        ("klaviyo", "2026-12"): "there is no issue or practice '2026-12'",
        ("klaviyo", "birthday"): "nobody gets 'birthday' by email on 2026-11-03",
        ("word", "birthday"): "nobody gets 'birthday' by letter on 2026-11-03",
        ("print-service", "birthday"): "nobody gets 'birthday' by letter on 2026-11-03",
        ("klaviyo", "--with", "brithday"): "did you mean 'birthday'?",
    }.items():
        result = run("export", *line, *DAY, *output)
        assert (result.exit_code, message in result.stderr) == (1, True)
    assert not (tmp_path / "o").exists()
