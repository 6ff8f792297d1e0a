"""`newsletter voucher` checks a code at the counter, and redeems it once."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter import commands
from newsletter.errors import NewsletterError
from newsletter.plan.vouchers import voucher_code
from newsletter.read.assembly import read_project

MINIMAL = Path(__file__).parents[1] / "projects/valid/minimal"
TODAY = dt.date(2026, 11, 5)
PRACTICE = """\
---
title: Birthday wishes
on: birthday
channel: email
gift: {kind: voucher, name: coffee and cake, worth: 9 EUR, valid_days: 60, conditions: On any day}
---

Happy birthday!
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project with a practice that gives vouchers."""
    folder = Path(shutil.copytree(MINIMAL, tmp_path / "project"))
    config = folder / "content/newsletter.yml"
    text = config.read_text(encoding="utf-8") + "start: 2026-11-01\n"
    config.write_text(text, encoding="utf-8")
    (folder / "content/practices").mkdir()
    (folder / "content/practices/birthday.md").write_text(PRACTICE, encoding="utf-8")
    (folder / "content/customers/history").mkdir()
    return folder


def code_of(root: Path, expires: dt.date, *, given: bool = True) -> str:
    """Return Zoë's code, which the history records as given out."""
    secret = read_project(root, today=TODAY).secret
    code = voucher_code(secret, "1", "birthday", expires)
    if given:
        row = f"customer,date,practice,key,code\n1,2026-11-02,birthday,2026,{code}\n"
        (root / "content/customers/history/a.csv").write_text(row, encoding="utf-8")
    return code


def voucher(root: Path, *arguments: str, today: dt.date = TODAY) -> Result:
    """Run `newsletter voucher`."""
    where = ["--project", str(root), "--today", str(today)]
    return CliRunner().invoke(commands.main, ["voucher", *arguments, *where])


def test_a_valid_code_shows_its_voucher(root: Path) -> None:
    """Customer, gift and last day; case and dashes do not matter."""
    code = code_of(root, dt.date(2026, 12, 31))
    assert voucher(root, *code.lower().split("-")).stdout == (
        f"voucher      {code}\n"
        "state        valid\n"
        "of           Zoë Miller (1)\n"
        "for          coffee and cake, worth 9 EUR\n"
        "conditions   On any day\n"
        "practice     Birthday wishes\n"
        "given out    2026-11-02\n"
        "valid until  2026-12-31\n"
        "\n"
        f"next: newsletter voucher {code} --redeem\n"
    )


def test_a_voucher_is_redeemed_once(root: Path) -> None:
    """The history records it; a second attempt is refused."""
    code = code_of(root, dt.date(2026, 12, 31))
    assert voucher(root, code, "--redeem").stdout == (
        f"redeemed: {code} of Zoë Miller, coffee and cake, worth 9 EUR\n"
        "wrote content/customers/history/2026-11-05-voucher.csv\n"
        "\n"
        "next: newsletter who 1\n"
    )
    second = voucher(root, code, "--redeem", today=dt.date(2026, 11, 6))
    assert second.exit_code == 1
    assert second.stderr == f"Error: {code} was redeemed on 2026-11-05\n"
    assert "redeemed     2026-11-05\n\nnext: newsletter who 1\n" in voucher(root, code).stdout
    assert len(list((root / "content/customers/history").iterdir())) == 2


def test_an_expired_voucher_is_refused(root: Path) -> None:
    """On its last day it is still redeemed."""
    code = code_of(root, dt.date(2026, 11, 4))
    late = voucher(root, code, "--redeem")
    assert (late.exit_code, late.stderr) == (1, f"Error: {code} expired on 2026-11-04\n")
    assert voucher(root, code, "--redeem", today=dt.date(2026, 11, 4)).exit_code == 0


def test_a_code_missing_from_the_history_is_valid(root: Path) -> None:
    """Nobody recorded that it was given out."""
    code = code_of(root, dt.date(2026, 12, 31), given=False)
    stated = "state        genuine, but not given out according to the history\n"
    assert stated in voucher(root, code).stdout
    assert voucher(root, code, "--redeem").exit_code == 0


@pytest.mark.parametrize("code", ["0000-0000-0000", "hello"])
def test_a_foreign_code_is_refused(root: Path, code: str) -> None:
    """Nothing is written."""
    result = voucher(root, code, "--redeem")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: '{code}' is not one of your vouchers\n  hint: a code")
    assert not list((root / "content/customers/history").iterdir())


def test_the_counter_takes_vouchers_while_customer_numbers_have_changed(root: Path) -> None:
    """Other commands stop until `rekey` has written the new ones."""
    code = code_of(root, dt.date(2026, 12, 31))
    customers = root / "content/customers/customers.csv"
    text = customers.read_text(encoding="utf-8").replace("\n1,", "\nC-1,")
    customers.write_text(text, encoding="utf-8")
    orders = "customer,date,amount\n" + "1,2026-10-01,5\n" * 12
    (root / "content/customers/orders.csv").write_text(orders, encoding="utf-8")
    with pytest.raises(NewsletterError, match="name nobody"):
        read_project(root, today=TODAY)
    assert "of           1 (1)\nfor          coffee and cake" in voucher(root, code).stdout
    assert voucher(root, code, "--redeem").stdout.endswith("next: newsletter plan\n")


def test_what_a_voucher_may_be_for_is_told(root: Path) -> None:
    """If nobody can tell which of the gifts of a practice it is."""
    code = code_of(root, dt.date(2026, 12, 31))
    file = root / "content/practices/birthday.md"
    gifts = "gifts: [{category: tea, kind: voucher, worth: 10%}, {category: ink, worth: 5 EUR,"
    text = file.read_text(encoding="utf-8").replace("gift: ", f"{gifts} kind: voucher}}]\ngift: ")
    file.write_text(text, encoding="utf-8")
    history = root / "content/customers/history/a.csv"
    history.write_text(history.read_text(encoding="utf-8").replace("\n1,", "\n2,"), "utf-8")
    told = "for          10% off or worth 5 EUR or coffee and cake, worth 9 EUR\n"
    assert told in voucher(root, code).stdout
