"""`newsletter import` reads what mailing services export, and closes the loop."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from support import ROOT, run

TODAY = ("--today", "2026-11-05")
ZOE, SAM = "zoe@example.com", "sam@example.com"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with the customers Zoë (1) and Sam (2)."""
    return Path(shutil.copytree(ROOT / "tests/projects/valid/minimal", tmp_path / "project"))


def _imported(root: Path, name: str, text: str, *options: str) -> str:
    file = root.parent / name
    file.write_text(text, encoding="utf-8")
    result = run("import", file, "--project", root, *TODAY, *options)
    assert result.exit_code == 0, result.output
    return result.stdout.replace(f"{file}", name)


def _rows(root: Path, table: str) -> list[dict[str, str]]:
    files = sorted((root / "content/customers" / table).glob("*.csv"))
    texts = [file.read_text("utf-8-sig") for file in files]
    return [row for text in texts for row in csv.DictReader(text.splitlines())]


_SES = {
    "eventType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bouncedRecipients": [{"emailAddress": ZOE, "status": "5.1.1"}],
        "timestamp": "2026-11-02T00:41:02.669Z",
    },
    "mail": {"source": "shop@example.com", "destination": [ZOE]},
}
_FILES = {
    "mailchimp, unsubscribed": (
        "unsubscribed_members_export_1a2b.csv",
        'Email Address,First Name,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON\n'
        f'{ZOE},Zoë,2026-11-02 08:15:00,November,"Too often"\n',
        "unsubscribed: Too often",
    ),
    "mailchimp, cleaned": (
        "cleaned_members_export_1a2b.csv",
        f"Email Address,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE\n{ZOE},2026-11-02 08:15:00,November\n",
        "bounced",
    ),
    "brevo, events": (
        "events.csv",
        f"st_text;ts;email\ndelivered;2026-11-01;{SAM}\nhard_bounce;2026-11-02;{ZOE}\n",
        "bounced",
    ),
    "listmonk, bounces": (
        "bounces.json",
        json.dumps({"data": {"results": [
            {"id": 1, "type": "hard", "source": "ses", "meta": {}, "email": ZOE,
             "created_at": "2026-11-02T10:00:00Z", "campaign": {"id": 1, "name": "x"}},
            {"id": 2, "type": "soft", "email": SAM, "created_at": "2026-11-02T10:00:00Z"},
        ], "total": 2}}),
        "bounced",
    ),
    "listmonk, subscribers": (
        "subscribers.csv",
        f"uuid,email,name,status,updated_at\na,{ZOE},Zoë,blocklisted,2026-11-02T10:00:00Z\n"
        f"b,{SAM},Sam,enabled,2026-11-02T10:00:00Z\n",
        "unsubscribed",
    ),
    "ses, event": ("events.json", json.dumps(_SES), "bounced"),
    "ses, by sns": (
        "notices.jsonl",
        json.dumps({"Type": "Notification", "Message": json.dumps(_SES)}) + "\n" +
        json.dumps({"Type": "Notification", "Message": json.dumps({
            "notificationType": "Delivery", "delivery": {"recipients": [SAM]},
            "mail": {"destination": [SAM]}})}) + "\n",
        "bounced",
    ),
    "ses, suppression list": (
        "list.json",
        json.dumps({"SuppressedDestinationSummaries": [
            {"EmailAddress": ZOE, "Reason": "COMPLAINT", "LastUpdateTime": "2026-11-02T10:00:00Z"}
        ]}),
        "complained",
    ),
    "postmark, suppressions": (
        "suppressions.json",
        json.dumps({"Suppressions": [
            {"EmailAddress": ZOE, "SuppressionReason": "ManualSuppression", "Origin": "Recipient",
             "CreatedAt": "2026-11-02T09:58:57-05:00"}
        ]}),
        "unsubscribed",
    ),
    "postmark, bounces": (
        "bounces.json",
        json.dumps({"TotalCount": 1, "Bounces": [
            {"ID": 1, "Type": "SpamComplaint", "Email": ZOE, "BouncedAt": "2026-11-02T10:00:00Z"}
        ]}),
        "complained",
    ),
    "sendgrid, bounces": (
        "suppression_bounces.csv",
        "status,reason,email,created\n"
        f'5.1.1,"550 5.1.1 no such user",{ZOE},1793613600\n'
        f'4.2.2,"452 4.2.2 full",{SAM},1793613600\n',
        "bounced: 550 5.1.1 no such user",
    ),
    "sendgrid, unsubscribes": (
        "suppression_unsubscribes.csv", f"email,created\n{ZOE},1793613600\n", "unsubscribed"
    ),
    "sendgrid, events": (
        "events.json",
        json.dumps([
            {"email": SAM, "event": "bounce", "type": "blocked", "timestamp": 1793613600},
            {"email": SAM, "event": "open", "timestamp": 1793613600},
            {"email": ZOE, "event": "spamreport", "timestamp": 1793613600},
        ]),
        "complained",
    ),
    "by hand": (
        "Abgemeldete.csv", f"E-Mail;Datum\n{ZOE};2026-11-02\n", "unsubscribed"
    ),
}  # fmt: skip


@pytest.mark.parametrize("service", _FILES)
def test_what_a_service_knows_keeps_the_next_message_back(project: Path, service: str) -> None:
    """Zoë gets no more; Sam, of whom nothing of that kind is told, does."""
    name, text, reason = _FILES[service]
    told = _imported(project, name, text)
    assert "Zoë Miller" in told
    assert "1 address was put on the suppression list" in told
    row = {"email": ZOE, "customer": "1", "date": "2026-11-02", "reason": reason}
    assert _rows(project, "suppressed") == [row]
    again = _imported(project, name, text)
    assert "Zoë Miller: is on the suppression list already" in again
    assert _rows(project, "suppressed") == [row]
    run("build", "--project", project, *TODAY)
    mail = "".join(f.read_text() for f in (project / "output/private").rglob("*.eml"))
    assert (f"<{ZOE}>" in mail, f"<{SAM}>" in mail) == (False, True)


def test_nobody_is_signed_up_again(project: Path) -> None:
    """Whatever a later file says."""
    _imported(project, "a.csv", f"email,event\n{ZOE},unsubscribed\n")
    told = _imported(project, "b.csv", f"email,status\n{ZOE},subscribed\n")
    assert "1 row asks for nothing" in told
    assert [row["email"] for row in _rows(project, "suppressed")] == [ZOE]


def test_addresses_of_nobody_are_suppressed_too(project: Path) -> None:
    """They may become customers; numbers of nobody are only told."""
    told = _imported(project, "a.csv", "email,event\nAnn@Example.com,unsubscribed\n")
    assert "ann@example.com: wants no more letters; suppressed" in told
    assert "1 row is about nobody" in _imported(project, "b.csv", "customer_id,event\n9,spam\n")
    told = _imported(project, "c.csv", "customer_id,event\n2,spam\n")
    assert "Sam O'Brien: marked us as spam" in told
    assert [(row["email"], row["customer"]) for row in _rows(project, "suppressed")] == [
        ("ann@example.com", ""),
        ("", "2"),
    ]


def test_a_full_mailbox_counts_the_third_time_in_a_month(project: Path) -> None:
    """Once, twice, and long ago, nothing happens."""
    days = ("2026-08-01", "2026-10-10", "2026-10-20")
    soft = "".join(f"{ZOE},soft_bounce,{day}\n" for day in days)
    told = _imported(project, "a.csv", f"email,event,date\n{soft}")
    assert "3 rows say that a message did not arrive this time" in told
    told = _imported(project, "b.csv", f"email,event,date\n{soft}{ZOE},soft_bounce,2026-11-01\n")
    assert "b.csv:5: Zoë Miller: not reached three times in a month; suppressed" in told
    assert len(_rows(project, "suppressed")) == 1


def test_answers_become_feedback_once(project: Path) -> None:
    """With the day, if the file has one."""
    text = f"email,date,score,comment\n{SAM},2026-11-01,9,Lovely\nann@example.com,,2,x\n"
    told = _imported(project, "nps.csv", text)
    assert "nps.csv:2: Sam O'Brien: has answered; noted as feedback" in told
    assert "nps.csv:3: ann@example.com: is no customer" in told
    assert "this answer is noted already" in _imported(project, "nps.csv", text, "--verbose")
    (row,) = _rows(project, "feedback")
    row.pop("id")
    assert row == {"customer": "2", "date": "2026-11-01", "score": "9", "text": "Lovely"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("email,event\na@example.com,klingon\n", "'klingon' (1 time) is not understood"),
        ("email,event\na@example.com,\n", "a.csv:2: the row does not say what happened"),
        ("email,event,comment\na@example.com,hm,remove me\n", "'hm' (1 time) is not understood"),
        ("email,event\n,bounce\n", "a.csv:2: the row names nobody"),
        ("email,event\nnobody,bounce\n", "a.csv:2: column 'email': 'nobody' is not an email"),
        ("email,created\na@example.com,1\n", "nothing in the file says what happened"),
        ("name,event\nAnn,bounce\n", "no column has email addresses: name, event"),
        ('{"a": 1}', "no entry has an email address"),
        ('{"a": ', "the file is no whole JSON"),
        ("[" * 100_000, "the file is no whole JSON"),
    ],
)
def test_nothing_is_written_if_a_row_is_not_understood(
    project: Path, text: str, problem: str
) -> None:
    """It may be a no; everything is said at once."""
    file = project.parent / "a.csv"
    file.write_text(f"{text}")
    good = project.parent / "good.csv"
    good.write_text(f"email,event\n{ZOE},unsubscribed\n")
    result = run("import", good, file, "--project", project, *TODAY)
    assert result.exit_code == 1
    assert problem in result.stderr.replace(f"{file}", "a.csv")
    assert _rows(project, "suppressed") == []


def test_a_list_of_addresses_means_what_it_is_said_to(project: Path) -> None:
    """By the option, if its name tells nothing."""
    _imported(project, "list.csv", f"email\n{ZOE}\n", "--as", "complained")
    assert [row["reason"] for row in _rows(project, "suppressed")] == ["complained"]


def test_many_rows_are_told_in_short(project: Path) -> None:
    """Unless all are asked for."""
    text = "email,event\n" + "".join(f"a{n}@example.com,bounce\n" for n in range(30))
    assert "… and 10 more rows (--verbose shows all)" in _imported(project, "a.csv", text)
    assert len(_imported(project, "a.csv", text, "--verbose").splitlines()) == 31


def test_what_the_option_says_goes_before_the_words_of_the_file(project: Path) -> None:
    """A list of those who left may say of each that the address works."""
    _imported(project, "list.csv", f"email,status\n{ZOE},enabled\n", "--as", "unsubscribed")
    assert [row["reason"] for row in _rows(project, "suppressed")] == ["unsubscribed"]


def test_numbers_of_the_service_are_not_ours(project: Path) -> None:
    """The address of nobody suppresses nobody, whatever number stands beside it."""
    text = "email,customer_id,contact_id,event\nann@example.com,1,2,spam\n"
    assert "ann@example.com: marked us as spam" in _imported(project, "a.csv", text)
    assert [row["customer"] for row in _rows(project, "suppressed")] == [""]


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        (f"email,event,date\n{ZOE},deferred,2026-11-01\n", "1 row asks for nothing"),
        (f"email,event,reason\n{ZOE},bounce,5.9.12.33 said 550 5.1.1\n", "does not exist"),
        (f"email,state,event,address\n{ZOE},CA,bounce,1 Main Street\n", "does not exist"),
        (
            "email,event,date\n" + f"{ZOE},soft_bounce,2026-11-01\n" * 3,
            "3 rows say that a message did not arrive this time",
        ),
    ],
)
def test_what_looks_like_more(project: Path, text: str, effect: str) -> None:
    """A delay, an address of a server, a region, one day told three times."""
    assert effect in _imported(project, "a.csv", text)
