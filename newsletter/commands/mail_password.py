"""Where the password of the mailbox is kept: the system's keyring, or the environment."""

from __future__ import annotations

import os
from importlib.util import find_spec

from newsletter.errors import NewsletterError, Place
from newsletter.model.account import MailAccount

VARIABLE = "NEWSLETTER_PASSWORD"
_SERVICE = "newsletter"


def password_of(account: MailAccount) -> str:
    """Return the password; raises NewsletterError if it is kept nowhere."""
    if given := os.environ.get(VARIABLE):
        return given
    if find_spec("keyring"):
        import keyring  # noqa: PLC0415 - an option, and slow to load

        if kept := keyring.get_password(_SERVICE, account.user):
            return str(kept)
    hint = f"newsletter account asks for it once; or set the environment variable {VARIABLE}"
    message = f"the password of {account.user} is not known"
    raise NewsletterError.at(message, Place(path="content/newsletter.yml"), hint=hint)
