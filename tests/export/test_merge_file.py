"""The merge file, tested with the mailmerge program that reads it."""

from __future__ import annotations

import csv
import email.header
import email.policy
import email.utils
from pathlib import Path

import polars as pl
import pytest
from mailmerge.template_message import TemplateMessage
from support import Built
from trees import slot, value

from newsletter.export.columns import Columns, cells_of
from newsletter.export.merge_file import jinja
from newsletter.model.template import Condition, Repeat

LANGUAGES = ("en", "de", "fr")


def _recipients(folder: Path) -> list[dict[str, str]]:
    with (folder / "recipients.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def _decoded(value: str) -> str:
    return str(email.header.make_header(email.header.decode_header(value)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_mailmerge_gives_our_headers_and_text(example: Built, language: str) -> None:
    """Run on the machine profile, for every recipient."""
    folder = example.output / "private/merge/2026-11" / language / "machine"
    ours = {}
    for path in example.messages():
        if path.parent.name == language:
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            text = message.get_body(("plain",))
            assert text is not None
            address = message["to"].addresses[0].addr_spec
            (sender,) = message["from"].addresses
            fields = (message["subject"], sender.display_name, message["reply-to"])
            ours[address] = (*fields, text.get_content().replace("\r\n", "\n"))
    template = TemplateMessage(folder / "template.txt")

    theirs = {}
    for row in _recipients(folder):
        _, (address,), message = template.render(row)
        body = message.get_payload(decode=True).decode()
        sender, _ = email.utils.parseaddr(str(message["from"]))
        fields = (str(message["subject"]), _decoded(sender), str(message["reply-to"]))
        theirs[address] = (*fields, body)

    assert theirs == ours
    assert ours


def test_word_profile_survives_excel(example: Built) -> None:
    """The table for Word and Excel has a byte order mark, and no cell that could be a formula."""
    content = (example.output / "private/merge/2026-11/en/word/recipients.csv").read_bytes()

    assert content.startswith(b"\xef\xbb\xbf")
    cells = [
        cell
        for row in csv.reader(content.decode("utf-8-sig").splitlines(), delimiter=";")
        for cell in row
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\t"))]


def test_recipients_of_letters_have_no_email_address(example: Built) -> None:
    """In Word's table the cell is empty; the machine's table does not list them."""
    folder = example.output / "private/merge/2026-11/en"
    word = pl.read_csv(folder / "word/recipients.csv", separator=";", infer_schema=False)
    letters = word.filter(pl.col("via") == "letter")
    machine = {row["email"] for row in _recipients(folder / "machine")}

    assert letters.height > 0
    assert set(letters["email"].fill_null("")) == {""}
    assert machine == set(word.filter(pl.col("via") == "email")["email"])


def test_conditions_become_flags_and_loops_finished_text() -> None:
    """An if on a field becomes an if on a flag; a loop becomes one column."""
    columns = Columns()
    services = slot("customer.services", "x1", records=True)
    text = (
        "Hi ",
        value("(customer.first_name | default('you'))"),
        ".",
        Condition(((slot("customer.vip"), (" VIP",)),), (" -",)),
        Repeat(services, (value("x1.title"), ", ")),
    )

    pieces = columns.pieces(text, keep_conditions=True)

    assert "".join(map(jinja, pieces)) == (
        "Hi {{ first_name }}.{% if has_vip %} VIP{% else %} -{% endif %}{{ services_list }}"
    )
    people = pl.DataFrame(
        {"first_name": ["Zoë", None], "vip": [True, False], "services": [[{"title": "a"}], []]}
    )
    assert cells_of(columns.cells, people, filters={}).rows() == [
        ("Zoë", "1", "a, "),
        ("you", "", ""),
    ]


def test_a_chain_of_conditions_stays_flat() -> None:
    """Some programs limit how deep conditions may be nested."""
    columns = Columns()
    branches = ((slot("customer.vip"), ("a",)), (slot("customer.city"), ("b",)))

    (piece,) = columns.pieces((Condition(branches, ("c",)),), keep_conditions=True)

    assert jinja(piece) == "{% if has_vip %}a{% elif has_city %}b{% else %}c{% endif %}"


def test_equal_expressions_share_a_column() -> None:
    """Wherever they are; another expression of the same field gets a numbered column."""
    columns = Columns()
    upper = "(customer.city | upper)"
    text = (value(upper, line=1), value(upper, line=2), value("customer.city"))

    pieces = columns.pieces(text, keep_conditions=True)

    assert "".join(map(jinja, pieces)) == "{{ city }}{{ city }}{{ city_2 }}"


def test_a_column_of_the_file_keeps_its_name() -> None:
    """A text's own fallback goes into another column, so that it is printed for an empty cell."""
    columns = Columns(fixed=("name",))
    text = (value("(customer.name | default('friend'))"), ", ", value("customer.name"))

    pieces = columns.pieces(text, keep_conditions=True)

    assert "".join(map(jinja, pieces)) == "{{ name_2 }}, {{ name }}"
    assert list(columns.cells) == ["name_2"]
