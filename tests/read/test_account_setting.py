"""`account:` is written into newsletter.yml, and all else stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.read.content.account_setting import settings_with_account

SETTINGS = {"user": "shop@gmx.de", "smtp": "smtps://mail.gmx.net:465", "imap": ""}
LINES = "  user: shop@gmx.de\n  smtp: smtps://mail.gmx.net:465\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("language: de\n", f"language: de\n\naccount:\n{LINES}"),
        ("language: de", f"language: de\n\naccount:\n{LINES}"),
        (
            "account: {user: me, smtp: 'smtp://localhost', imap: '', per_day: 9}\n",
            f"account:\n{LINES}  per_day: 9\n",
        ),
        (
            "# Ours\naccount:  # the mailbox\n    # since May\n    smtp: smtp://localhost # slow\n"
            "    user: 'me'\n    per_day: 50   # as they say\n\n# Words\nlanguage: de\n",
            "# Ours\naccount:  # the mailbox\n    # since May\n"
            "  smtp: smtps://mail.gmx.net:465 # slow\n  user: shop@gmx.de\n"
            "  per_day: 50   # as they say\n\n# Words\nlanguage: de\n",
        ),
        ("account:\n\nlanguage: de\n\n\n", f"account:\n{LINES}\nlanguage: de\n\n\n"),
        (
            "\ufefflanguage: de\r\naccount:\r\n  user: me\r\n  smtp: smtp://127.0.0.1\r\n",
            f"\ufefflanguage: de\r\naccount:\r\n{LINES}".replace("\r\n", "\n").replace(
                "\n", "\r\n"
            ),
        ),
    ],
)
def test_all_else_stays(before: str, after: str, tmp_path: Path) -> None:
    """Comments, the order of keys, other settings of the account, line ends, the mark of UTF-8."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content/newsletter.yml").write_bytes(before.encode())
    assert settings_with_account(tmp_path, SETTINGS).decode() == after


@pytest.mark.parametrize("text", ["{language: de}\n", "{language: de, account: {user: me}}\n"])
def test_what_cannot_be_changed_says_what_to_write(text: str, tmp_path: Path) -> None:
    """Settings in one pair of braces have no lines of their own."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content/newsletter.yml").write_text(text)
    with pytest.raises(NewsletterError) as raised:
        settings_with_account(tmp_path, SETTINGS)
    assert "smtp: smtps://mail.gmx.net:465" in str(raised.value)
