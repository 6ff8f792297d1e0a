"""Where the password of the mailbox is kept: the system's keyring, or the environment."""

from __future__ import annotations

import os
from importlib.util import find_spec

from newsletter.errors import NewsletterError, Place
from newsletter.model.account import MailAccount
from newsletter.model.command_line import quoted

VARIABLE = "NEWSLETTER_PASSWORD"
_SERVICE = "newsletter"


def password_of(account: MailAccount) -> str:
    """Return the password; raises NewsletterError if it is kept nowhere."""
    if given := os.environ.get(VARIABLE):
        return given
    if kept := _kept(account.user):
        return kept
    keep = f"keyring set {_SERVICE} {quoted(account.user)}"
    hint = f"give it to the system's keyring: {keep}; or set the environment variable {VARIABLE}"
    message = f"the password of {account.user} is not known"
    raise NewsletterError.at(message, Place(path="content/newsletter.yml"), hint=hint)


def _kept(user: str) -> str:
    """Return what the system's keyring keeps; empty if there is none, or it stays locked."""
    if not find_spec("keyring"):
        return ""
    import keyring  # noqa: PLC0415 - an option, and slow to load
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return keyring.get_password(_SERVICE, user) or ""
    except KeyringError:
        return ""
