"""A mailbox on this machine: Dovecot, dressed as that of a German provider."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsletter.model.account import Server
from newsletter.sending.mailbox import Mailbox, open_mailbox

_CONFIG = """
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mail_location = maildir:{place}/mail:LAYOUT=fs
first_valid_uid = 1
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={place}/mail
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox "Entwürfe" {{
    auto = subscribe
    {drafts}
  }}
  mailbox Gesendet {{
    auto = subscribe
    {sent}
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server; its user is `shop`, whose password is mostly `secret`."""

    server: Server

    @contextmanager
    def open(self) -> Iterator[Mailbox]:
        """Open the mailbox."""
        with open_mailbox(self.server, user="shop", password="secret") as mailbox:
            yield mailbox


@contextmanager
def dovecot(
    place: Path, *, says_its_folders: bool = True, password: str = "secret"
) -> Iterator[Dovecot]:
    """Run Dovecot in a folder, as root or not; without *says_its_folders*, names must do."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    is_root = os.getuid() == 0
    uid, gid = (65534, 65534) if is_root else (os.getuid(), os.getgid())
    user = "root" if is_root else str(uid)
    for name in ("run", "state", "mail"):
        (place / name).mkdir(parents=True)
    if is_root:
        os.chown(place / "mail", uid, gid)
        for folder in (place, *place.parents):  # nobody must reach the mail
            if folder.stat().st_uid == 0 and str(folder).startswith("/tmp/"):
                folder.chmod(folder.stat().st_mode | 0o011)
    config = place / "dovecot.conf"
    config.write_text(
        _CONFIG.format(
            place=place,
            port=port,
            password=password,
            uid=uid,
            gid=gid,
            internal="dovecot" if is_root else user,
            login="dovenull" if is_root else user,
            group="dovecot" if is_root else gid,
            drafts="special_use = \\Drafts" if says_its_folders else "",
            sent="special_use = \\Sent" if says_its_folders else "",
        )
    )
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "install the package dovecot-imapd"
    process = subprocess.Popen([program, "-F", "-c", config])
    try:
        _wait_for(port, process)
        yield Dovecot(Server("127.0.0.1", port, "none"))
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):  # a busy machine
        assert process.poll() is None, "Dovecot has ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("Dovecot does not answer")
