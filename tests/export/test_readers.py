"""Six independent readers find the one recipient of every message, whatever its name."""

from __future__ import annotations

import email
import json
import random
import subprocess
from email import policy
from email.header import decode_header, make_header
from email.utils import getaddresses
from pathlib import Path

import pytest

from newsletter.export.headers import HeaderError, address_field

pytestmark = pytest.mark.slow  # runs Perl, PHP and Ruby

FOLDER = Path(__file__).parent
ADDRESS = "ada@example.com"
COMMANDS = (
    ["perl", "perl.pl"],
    ["php", "php.php"],
    ["ruby", "ruby.rb"],
)
PIECES = (
    *('"', "\\", ",", "<", ">", "@", "(", ")", ":", ";", "[", "]", ".", " ", "'", "`", "|", "&"),
    *("=", "?", "_", "%0d%0a", "–", "…", "ä", "ß", "漢", "😀", "a", "Bc", "Firma", "GmbH"),
    *(" und ", "victim@other.example", "<victim@other.example>", ", "),
)

Recipients = dict[str, list[list[str]]]


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Write a message to each name, and return file → name."""
    folder = tmp_path_factory.mktemp("messages")
    letters = random.Random(7)
    difficult = json.loads((FOLDER / "names.json").read_text("utf-8"))["difficult"]
    generated = [
        "".join(letters.choices(PIECES, k=letters.randint(1, 30))).strip() for _ in range(500)
    ]
    names = ["", *difficult, *generated]
    files = {}
    for number, name in enumerate(names):
        try:
            to = address_field("To", name=name, email=ADDRESS)
        except HeaderError:  # stopped with an error that names the customer
            continue
        text = f"From: a@example.org\n{to}Subject: x\nMIME-Version: 1.0\n\nHello\n"
        file = folder / f"{number}.eml"
        file.write_bytes(text.replace("\n", "\r\n").encode("ascii"))
        files[str(file)] = name
    assert len(files) > len(names) * 0.9
    return files


@pytest.fixture(scope="module")
def read(messages: dict[str, str]) -> dict[str, Recipients]:
    """Return reader → file → the names and addresses of its recipients."""
    readers: dict[str, Recipients] = {"email, old": {}, "email, new": {}}
    for file in messages:
        data = Path(file).read_bytes()
        old = getaddresses([email.message_from_bytes(data)["To"]])
        readers["email, old"][file] = [[str(make_header(decode_header(n))), a] for n, a in old]
        new = email.message_from_bytes(data, policy=policy.default)["To"].addresses
        readers["email, new"][file] = [[box.display_name, box.addr_spec] for box in new]
    for program, script in COMMANDS:
        command = [program, str(FOLDER / "readers" / script), *messages]
        answer = subprocess.run(command, check=True, capture_output=True, timeout=300)
        readers |= json.loads(answer.stdout)
    assert len(readers) == 6
    return readers


def test_all_find_the_one_recipient(messages: dict[str, str], read: dict[str, Recipients]) -> None:
    """No quote, comma or bracket in a name makes another, or loses the address."""
    wrong = [
        (reader, name, recipients[file])
        for reader, recipients in read.items()
        for file, name in messages.items()
        if [address for _, address in recipients[file]] != [ADDRESS]
    ]
    assert not wrong


def test_nobody_without_a_name_gets_one(
    messages: dict[str, str], read: dict[str, Recipients]
) -> None:
    """A reader that needs one shows the address; all other names are as they were written."""
    nameless = [file for file, name in messages.items() if not name]
    assert nameless
    for reader, recipients in read.items():
        for file in nameless:
            assert recipients[file] in ([["", ADDRESS]], [[ADDRESS, ADDRESS]]), reader
    for reader in ("email, old", "mail"):
        shown = {file: boxes[0][0] for file, boxes in read[reader].items()}
        assert {file: " ".join(name.split()) for file, name in shown.items()} == {
            file: " ".join(name.split()) for file, name in messages.items()
        }, reader
