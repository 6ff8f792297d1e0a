"""`newsletter segments` lists the segments and their members."""

import json
from pathlib import Path

from support import run

TODAY = ("--today", "2026-11-05")


def test_each_segment_has_number_share_and_rule(root: Path) -> None:
    """One line for each segment."""
    result = run("segments", "--project", root, *TODAY)
    assert result.stdout == (
        "1 segment of 2 customers\n\n"
        "segment   customers  share  who\n"
        "regulars          1    50%  has ordered at least 3 times\n\n"
        "next: newsletter segments NAME\n"
    )
    verbose = run("segments", "--verbose", "--project", root, *TODAY)
    assert "has ordered at least 3 times  orders_count >= 3\n" in verbose.stdout


def test_a_share_is_written_as_the_language_writes_it(root: Path) -> None:
    """German sets a space before the sign."""
    settings = root / "content/newsletter.yml"
    settings.write_text(f"language: de\n{settings.read_text()}")
    result = run("segments", "--project", root, *TODAY)
    assert "50\N{NO-BREAK SPACE}%" in result.stdout


def test_a_name_lists_the_members_of_that_segment(root: Path) -> None:
    """Shows the customers in it."""
    result = run("segments", "regulars", "--project", root, *TODAY)
    assert "1   Zoë Miller" in result.stdout
    assert "O'Brien" not in result.stdout
    members = json.loads(run("segments", "regulars", "--json", "--project", root, *TODAY).stdout)
    assert members == [{"id": "1", "name": "Zoë Miller", "city": None}]


def test_a_list_for_excel_keeps_every_letter(root: Path, tmp_path: Path) -> None:
    """Whatever the console knows; a file that exists is left alone."""
    customers = root / "content/customers/customers.csv"
    text = customers.read_text(encoding="utf-8").replace("Zoë", "Ayşe")
    customers.write_text(text, encoding="utf-8")
    file = tmp_path / "Meine Liste.csv"
    where = ("segments", "regulars", "--csv", file, "--project", root, *TODAY)
    assert run(*where).stdout == f"wrote {file}\n"
    content = file.read_bytes()
    assert content.decode() == '\ufeff"id","name","city"\r\n"1","Ayşe Miller",""\r\n'
    none = tmp_path / "none.csv"
    (root / "content/segments.yml").write_text("nobody: orders_count > 99\n")
    assert run("segments", "--csv", none, *where[-4:]).exit_code == 0
    assert none.read_text("utf-8-sig").splitlines()[1].startswith('"nobody","0","0%",')
    (root / "content/segments.yml").write_text("regulars: orders_count >= 3\n")
    again = run(*where)
    assert (again.exit_code, f"{file} exists already" in again.stderr) == (1, True)
    assert file.read_bytes() == content


def test_an_unknown_segment_suggests_the_nearest_name(root: Path) -> None:
    """The name may be misspelt."""
    result = run("segments", "regular", "--project", root, *TODAY)
    assert (result.exit_code, "did you mean 'regulars'?" in result.stderr) == (1, True)


def test_a_misspelt_field_in_a_rule_suggests_the_nearest_name(root: Path) -> None:
    """The rule names a field that does not exist."""
    file = root / "content/segments.yml"
    file.write_text("a: order_count >= 3\n", encoding="utf-8")
    result = run("segments", "--project", root, *TODAY)
    assert result.exit_code == 1
    assert "content/segments.yml:1:4: " in result.stderr
    assert "orders_count" in result.stderr
