"""`newsletter who` prints a card that fits one screen, whoever the customer is."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from newsletter import commands
from newsletter.commands.terminal import width_of

CONFIG = """\
business:
  name: Corner Shop
  postal_address: 1 Main Street, Springfield
  website: https://corner-shop.example
  email: hello@example.com
sender:
  name: Corner Shop
  email: news@example.com
links:
  unsubscribe: mailto:leave@example.com
team:
  - id: ann
    name: Ann Archer
loyalty:
  rewards:
    - points: 100
      reward: {en: a mug, de: ein Becher}
consent:
  column: newsletter
  values: ["yes"]
"""
CUSTOMERS = """\
id,email,name,language,birthday,customer_since,channel,phone,interests,not_to_mention,newsletter,\
favourite_drink
1,zoe@example.com,Zoë Miller,de,1980-11-09,2020-05-01,call,+352 621 1,tea; ink,the divorce,no,\
oat flat white
2,sam@example.com,Sam Miller,en,,,,,,,yes,
3,li@example.com,李小明,en,,,,,{long},{long},yes,{long}
"""
ORDERS = """\
customer,date,amount,product,category
1,2026-08-01,20,Green tea,tea
1,2026-09-01,30,Green tea,tea
1,2026-10-01,12.50,Blue ink,ink
1,2026-12-01,99,Later,later
"""
CONVERSATIONS = """\
customer,date,member,channel,text,promise,promised_by,kept
1,2026-10-05,ann,call,Moves to Metz in spring.,A map of Metz,2026-11-01,
1,2026-10-04,ann,call,Asked for a pen.,A pen,2026-10-09,yes
3,2026-10-04,ann,call,{long},{long},2026-11-09,
"""
FEEDBACK = "id,customer,date,score,text\n1,1,2026-10-20,6,Too loud.\n2,3,2026-10-20,6,{long}\n"
HISTORY = """\
customer,date,practice,channel
1,2026-10-02,thank-you,letter
3,2026-10-02,thank-you,letter
"""
OCCASIONS = "customer,date,occasion,remark\n1,2026-10-10,move,to Metz\n3,2026-10-10,move,{long}\n"
LONG = "長い話です " * 40


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project with one customer of whom every fact is known."""
    folder = tmp_path / "content/customers"
    (folder / "history").mkdir(parents=True)
    (tmp_path / "content/newsletter.yml").write_text(CONFIG, encoding="utf-8")
    for name, text in {
        "customers": CUSTOMERS,
        "orders": ORDERS,
        "conversations": CONVERSATIONS,
        "feedback": FEEDBACK,
        "occasions": OCCASIONS,
        "history/2026": HISTORY,
    }.items():
        (folder / f"{name}.csv").write_text(text.replace("{long}", LONG), encoding="utf-8")
    return tmp_path


def who(root: Path, *name: str) -> str:
    """Return the output of `newsletter who`."""
    arguments = ["who", *name, "--project", str(root), "--today", "2026-11-03"]
    result = CliRunner().invoke(commands.main, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_card_shows_every_known_fact(root: Path) -> None:
    """From what not to mention to the ways to reach the customer."""
    assert who(root, "zoe", "mill") == (
        "Zoë Miller · de · 1\n"
        "do not say    the divorce\n"
        "customer      since 2020-05-01, 6 years; 3 orders, 62.50 EUR; looked after by\n"
        "              Ann Archer\n"
        "usual order   Green tea (2×); every 30 days\n"
        "last order    2026-10-01: Blue ink\n"
        "noted         favourite drink: oat flat white; interests: tea, ink\n"
        "points        62; 38 more: a mug\n"
        "we promised   A map of Metz (by 2026-11-01, OVERDUE)\n"
        "unanswered    1, 2026-10-20, 6 of 10: “Too loud.”\n"
        "last talk     2026-10-05 (call, Ann Archer): Moves to Metz in spring.\n"
        "last sent     2026-10-02: thank-you by letter\n"
        "days          birthday in 6 days, turns 46; move 2026-10-10 (to Metz)\n"
        "reach         prefers call · +352 621 1 · zoe@example.com · no consent to email\n"
        "\n"
        "next: newsletter explain 1\n"
    )


def test_unknown_facts_take_no_line(root: Path) -> None:
    """The card of a new customer is short."""
    assert who(root, "Sam") == (
        "Sam Miller · en · 2\n"
        "customer      looked after by Ann Archer\n"
        "points        0; 100 more: a mug\n"
        "reach         sam@example.com\n"
        "\n"
        "next: newsletter explain 2\n"
    )


def test_a_suppressed_address_is_marked(root: Path) -> None:
    """The card says that it is on the suppression list."""
    file = root / "content/customers/suppressed.csv"
    file.write_text("email,date,reason\nSAM@example.com,2026-10-01,bounced\n", encoding="utf-8")

    assert "reach         sam@example.com · on the suppression list\n" in who(root, "Sam")


def test_the_longest_card_fits_one_screen(root: Path) -> None:
    """At most 24 lines of 80 columns."""
    lines = who(root, "小明").splitlines()
    assert len(lines) <= 24
    assert max(map(width_of, lines)) <= 80
    assert sum(line.endswith("…") for line in lines) == 6


def test_several_matching_customers_are_listed(root: Path) -> None:
    """The user chooses from the list."""
    assert who(root, "miller") == (
        "'miller' may be 2 customers:\n\n"
        "2  Sam Miller      sam@example.com\n"
        "1  Zoë Miller      zoe@example.com\n\n"
        "next: newsletter who ID\n"
    )


def test_the_promise_due_first_stands_first(root: Path) -> None:
    """Promises without a day are the last, and would be the ones that are cut off."""
    file = root / "content/customers/conversations.csv"
    talks = "2,2026-10-05,ann,call,,Some tea,,\n2,2026-10-06,ann,call,,A pen,2026-11-08,\n"
    file.write_text(file.read_text(encoding="utf-8") + talks, encoding="utf-8")
    assert "we promised   A pen (by 2026-11-08); Some tea\n" in who(root, "Sam")
