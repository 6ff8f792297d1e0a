"""Logins with passwords as people choose them."""

from __future__ import annotations

import pytest
from mailboxes import dovecot
from sinks import smtp_sink

from newsletter.sending.mailbox import open_mailbox
from newsletter.sending.smtp import Connection, LoginRefused

UMLAUTS = "Käse€ß"


def test_a_password_with_umlauts_opens_the_server_for_outgoing_mail() -> None:
    """As UTF-8 (RFC 4616); another one is refused, not a traceback."""
    with smtp_sink(password=UMLAUTS) as sink:
        Connection(sink.server, user="shop", password=UMLAUTS).close()
        with pytest.raises(LoginRefused):
            Connection(sink.server, user="shop", password="Käse")
    assert sink.logins == 2


def test_a_password_with_umlauts_opens_the_server_for_incoming_mail(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Likewise."""
    with dovecot(tmp_path_factory.mktemp("dovecot"), password=UMLAUTS) as server:
        with open_mailbox(server.server, user="shop", password=UMLAUTS) as mailbox:
            assert mailbox.folder("Drafts") == "Entwürfe"
        with (
            pytest.raises(LoginRefused),
            open_mailbox(server.server, user="shop", password="Käse"),
        ):
            pass
