"""Where the password of the mailbox is kept: the system's keyring, or the environment."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from newsletter.errors import NewsletterError, Place
from newsletter.model.account import MailAccount

VARIABLE = "NEWSLETTER_PASSWORD"
_SERVICE = "newsletter"


def password_of(account: MailAccount) -> str:
    """Return the password; raises NewsletterError if it is kept nowhere."""
    if password := given_password() or kept_password(account.user):
        return password
    hint = (
        f"newsletter account asks for it and keeps it; or set the environment variable {VARIABLE}"
    )
    message = f"the password of {account.user} is not known"
    raise NewsletterError.at(message, Place(path="content/newsletter.yml"), hint=hint)


def given_password() -> str:
    """Return the password in the environment; empty if there is none."""
    return os.environ.get(VARIABLE, "")


def kept_password(user: str) -> str:
    """Return what the system's keyring keeps; empty if there is none, or it stays locked."""
    return _asked(lambda keyring: keyring.get_password(_SERVICE, user)) or ""


def keep_password(user: str, password: str) -> bool:
    """Give the password to the system's keyring; return whether it is there now."""
    _asked(lambda keyring: keyring.set_password(_SERVICE, user, password))
    return kept_password(user) == password


def _asked(ask: Callable[[Any], Any]) -> Any:
    """Return what the system's keyring answers; None without a keyring."""
    if not find_spec("keyring"):
        return None
    import keyring  # noqa: PLC0415 - an option, and slow to load
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return ask(keyring)
    except KeyringError:
        return None
