"""From and Reply-To name the account manager, with one address of the business in From."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_string, policy

import polars as pl
import pytest

from newsletter.export.senders import FROM, REPLY_TO, MessageSender

SENDER = MessageSender(
    name="Paper & Bean", email="hello@p.example", reply_to="post@p.example", personal=True
)


def people(*managers: tuple[str | None, str | None]) -> pl.DataFrame:
    """Return recipients of these managers (name, address)."""
    schema = dict.fromkeys(("manager_name", "manager_email"), pl.String())
    return pl.DataFrame(managers, schema=schema, orient="row")


@pytest.mark.parametrize(
    ("manager", "sender", "name", "reply_to"),
    [
        (("Nora Weiss", "nora@p.example"), SENDER, "Nora Weiss, Paper & Bean", "nora@p.example"),
        (("Tomás Ünal", None), SENDER, "Tomás Ünal, Paper & Bean", "post@p.example"),
        ((None, None), SENDER, "Paper & Bean", "post@p.example"),
        (
            ("Nora Weiss", "nora@p.example"),
            replace(SENDER, name="Nora Weiss of Paper & Bean"),
            "Nora Weiss of Paper & Bean",
            "nora@p.example",
        ),
        (
            ("Nora Weiss", "nora@p.example"),
            replace(SENDER, personal=False),
            "Paper & Bean",
            "post@p.example",
        ),
    ],
)
def test_messages_and_merge_files_agree(
    manager: tuple[str | None, str | None], sender: MessageSender, name: str, reply_to: str
) -> None:
    """Replies to a manager without an address reach the business; `personal: no` names none."""
    recipients = people(manager)
    columns = sender.columns(recipients).row(0, named=True)
    (fields,) = sender.fields(recipients)
    for text in (fields, f"From: {columns[FROM]}\nReply-To: {columns[REPLY_TO]}\n"):
        message = message_from_string(text + "\n", policy=policy.default)
        (address,) = message["From"].addresses
        assert (address.display_name, address.addr_spec) == (name, "hello@p.example")
        assert message["Reply-To"] == reply_to


def test_each_recipient_has_the_fields_of_their_own_manager() -> None:
    """In the order of the recipients."""
    nora, tomas = ("Nora", "nora@p.example"), ("Tomas", "tomas@p.example")
    fields = SENDER.fields(people(tomas, nora, tomas)).to_list()
    assert [text.count("tomas@p.example") for text in fields] == [1, 0, 1]


def test_without_any_address_for_replies_merge_files_name_the_sender() -> None:
    """Messages then have no Reply-To, and replies go to the address in From."""
    sender = replace(SENDER, reply_to="")
    recipients = people(("Nora", None))
    assert "Reply-To" not in sender.fields(recipients)[0]
    assert sender.columns(recipients)[REPLY_TO].to_list() == ["hello@p.example"]
