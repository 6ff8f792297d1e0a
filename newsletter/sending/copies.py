"""Copies of messages for the owner, with a banner that says for whom they are."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from html import escape

from newsletter.read.returned.mbox import BuiltMessage

_BODY = re.compile(r"<body[^>]*>", re.I)
_NOT_OURS = ("List-Unsubscribe", "List-Unsubscribe-Post", "Message-ID")
"""Fields of the real message: nobody may leave the list by a click on a copy."""


def copy_for(message: BuiltMessage, *, to: str, banner: str) -> bytes:
    """Return a message for *to* instead of its recipient, a *banner* above its words."""
    copy = message_from_bytes(message.content, _class=EmailMessage, policy=policy.SMTP)
    for name in _NOT_OURS:
        del copy[name]
    copy.replace_header("To", Address(addr_spec=to))
    subject = str(copy["Subject"])
    copy.replace_header("Subject", f"[Test] {subject}")
    for part in copy.walk():
        if part.get_content_type() == "text/plain":
            part.set_content(f"{banner}\n\n{part.get_content()}", cte="quoted-printable")
        elif part.get_content_type() == "text/html":
            html = _with_banner(part.get_content(), banner)
            part.set_content(html, subtype="html", cte="quoted-printable")
    return copy.as_bytes().replace(b"\r\n", b"\n")


def _with_banner(html: str, banner: str) -> str:
    style = "margin:0;padding:12px;background:#ffe9a8;color:#222;font:16px sans-serif"
    shown = f'<p style="{style}">{escape(banner)}</p>'
    return _BODY.sub(lambda body: body[0] + shown, html, count=1)
