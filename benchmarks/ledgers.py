"""Never twice: senders killed at the same points of the dialogue, and messages per second."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

ROOT = Path(__file__).parents[1]
TODAY = "2026-11-05"
MOMENTS = ("MAIL", "DATA", "dot", "answer", "later")
"""Before MAIL or DATA is answered, before and after the answer to the message, and soon after."""


class Sink:
    """A server that takes every message, and kills the sender at points drawn by chance."""

    def __init__(self, seed: int | None) -> None:
        self._random = random.Random(seed) if seed is not None else None
        self.arrived: list[str] = []
        self.pid = 0
        self._left, self._moment = 0, ""
        self._draw()

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender."""
        envelope.mail_from = address
        self._left -= 1
        self._at("MAIL")
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient."""
        envelope.rcpt_tos.append(address)
        self._at("DATA")
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take a message; the answer is written once this returns."""
        self.arrived.append(envelope.rcpt_tos[0])
        self._at("dot")
        loop = asyncio.get_running_loop()
        loop.call_soon(self._at, "answer")
        loop.call_later(0.001, self._at, "later")
        return "250 taken"

    def _at(self, moment: str) -> None:
        if self._random and self._left <= 0 and moment == self._moment and self.pid:
            os.kill(self.pid, signal.SIGKILL)
            self.pid = 0
            self._draw()

    def _draw(self) -> None:
        if self._random:
            self._left = self._random.randint(1, 8)
            self._moment = self._random.choice(MOMENTS)


@contextmanager
def serving(sink: Sink) -> Iterator[tuple[Sink, int]]:
    """Serve on this machine; yield the sink and its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        sink, hostname="127.0.0.1", port=port, auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=True),
    )  # fmt: skip
    controller.start()
    try:
        yield sink, port
    finally:
        controller.stop()


class Sender:
    """A way to send to many: how it begins, and how a person begins it again after a kill."""

    name = ""

    def __init__(self, folder: Path, port: int, messages: int) -> None:
        self.folder, self.port, self.messages = folder, port, messages
        self.prepare()

    def prepare(self) -> None:
        """Write what it sends."""

    def command(self) -> list[str]:
        """Return the command that begins, or goes on after what was printed."""
        raise NotImplementedError

    def see(self, printed: bytes) -> None:
        """Take in what a run has printed."""

    def unknown(self) -> set[str]:
        """Return the addresses that it has named as not known to have got their message."""
        return set()


class Newsletter(Sender):
    """`newsletter send`: the same command again."""

    name = "newsletter send"

    def prepare(self) -> None:
        """Build an issue."""
        root = self.folder / "shop"
        shutil.copytree(ROOT / "tests/projects/valid/minimal", root)
        rows = "".join(f"{n},{address(n)},Ann,Archer,1\n" for n in range(self.messages))
        header = "id,email,first_name,last_name,orders_count\n"
        (root / "content/customers/customers.csv").write_text(header + rows)
        with (root / "content/newsletter.yml").open("a") as settings:
            settings.write(
                f"account: {{user: shop, smtp: 'smtp://127.0.0.1:{self.port}', "
                "per_minute: 1000000, per_day: 1000000}\n"
            )
        built = [*_NEWSLETTER, "build", "--project", "shop", "--today", TODAY]
        subprocess.run(built, cwd=self.folder, check=True, capture_output=True)

    def command(self) -> list[str]:
        """Return the one command."""
        return [*_NEWSLETTER, "send", "2026-11", "--yes", "--project", "shop", "--today", TODAY]

    def unknown(self) -> set[str]:
        """Return those whom it took for reached, and said so."""
        lines = (self.folder / "shop/content/customers/.sending/2026-11.tsv").read_text()
        cells = [line.split("\t") for line in lines.splitlines()]
        return {address(int(cell[2])) for cell in cells if cell[3] in ("body", "settled")}


class Mailmerge(Sender):
    """mailmerge, begun again after the last message that it says was sent."""

    name = "mailmerge 2.3.0 --resume"
    sent = 0

    def prepare(self) -> None:
        """Write template, table and settings."""
        text = "TO: {{email}}\nSUBJECT: News\nFROM: shop@example.com\n\nHello {{name}}\n"
        (self.folder / "mailmerge_template.txt").write_text(text)
        rows = "".join(f"{address(n)},Ann\n" for n in range(self.messages))
        (self.folder / "mailmerge_database.csv").write_text(f"email,name\n{rows}")
        (self.folder / "mailmerge_server.conf").write_text(
            f"[smtp_server]\nhost = 127.0.0.1\nport = {self.port}\nratelimit = 0\n"
        )

    def command(self) -> list[str]:
        """Return the command with the number of the next message."""
        options = ["--no-dry-run", "--no-limit", "--output-format", "text"]
        return [OPTIONS.mailmerge, *options, "--resume", str(self.sent + 1)]

    def see(self, printed: bytes) -> None:
        """Remember the last number, as a person would read it."""
        self.sent = max([self.sent, *map(int, re.findall(rb"message (\d+) sent", printed))])


class Naive(Sender):
    """smtplib, and a file to which each address is added once the server has taken its message."""

    name = "a list of addresses, written after"

    def command(self) -> list[str]:
        """Return the script."""
        code = [sys.executable, "-c", _NAIVE, str(self.port), str(self.messages)]
        return [*code, "before" if "before" in self.name else "after"]


class NaiveBefore(Naive):
    """The same, but the address is written before."""

    name = "a list of addresses, written before"


_NEWSLETTER = (sys.executable, "-c", "from newsletter.commands import main; main()")
_NAIVE = """
import os, smtplib, sys
port, messages, moment = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
done = set(open("done").read().split()) if os.path.exists("done") else set()
ledger = open("done", "a")
def note(address):
    ledger.write(address + chr(10))
    ledger.flush()
    os.fsync(ledger.fileno())
with smtplib.SMTP("127.0.0.1", port) as server:
    for n in range(messages):
        address = f"c{n}@example.com"
        if address in done:
            continue
        if moment == "before":
            note(address)
        server.sendmail("shop@example.com", address, f"To: {address}\\nSubject: News\\n\\nHello")
        if moment == "after":
            note(address)
"""


def address(number: int) -> str:
    """Return the address of a customer."""
    return f"c{number}@example.com"


def killed(way: type[Sender]) -> None:
    """Send, killed and begun again until a run ends; print what became of the messages."""
    with tempfile.TemporaryDirectory() as place, serving(Sink(OPTIONS.seed)) as (sink, port):
        sender, kills, code = way(Path(place), port, OPTIONS.messages), 0, -1
        while code < 0:
            code, printed = ended(sender, sink)
            sender.see(printed)
            kills += code < 0
        if code:
            sys.exit(f"{way.name}: {printed[-2000:].decode(errors='replace')}")
        counts = Counter(sink.arrived)
        lost = {address(n) for n in range(OPTIONS.messages)} - counts.keys()
        named = lost & sender.unknown()
        twice = sum(counts.values()) - len(counts)
        print(f"{way.name:36} {kills:6} {twice:7} {len(lost - named):13} {len(named):14}")


def timed(way: type[Sender]) -> None:
    """Send without a kill; print messages per second of wall clock time."""
    with tempfile.TemporaryDirectory() as place, serving(Sink(None)) as (sink, port):
        sender = way(Path(place), port, OPTIONS.messages)
        start = time.perf_counter()
        code, printed = ended(sender, sink)
        seconds = time.perf_counter() - start
        if code or len(sink.arrived) != OPTIONS.messages:
            sys.exit(f"{way.name}: {printed[-2000:].decode(errors='replace')}")
        print(f"{way.name:36} {OPTIONS.messages / seconds:8.0f} messages per second")


def ended(sender: Sender, sink: Sink) -> tuple[int, bytes]:
    """Run a sender on a terminal, as a person would; return its exit code and what it printed."""
    ours, its = os.openpty()
    environment = {name: value for name, value in os.environ.items() if "BYTECODE" not in name}
    with subprocess.Popen(
        sender.command(), cwd=sender.folder, stdin=subprocess.DEVNULL, stdout=its, stderr=its,
        env=environment | {"NEWSLETTER_PASSWORD": "x"},
    ) as child:  # fmt: skip
        sink.pid = child.pid
        os.close(its)
        printed = b"".join(_read(ours))
        os.close(ours)
    return child.returncode, printed


def _read(terminal: int) -> Iterator[bytes]:
    """Yield what is printed until the other end is closed."""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            return
        if not part:
            return
        yield part


def main() -> None:
    """Print both tables."""
    ways = (Newsletter, Mailmerge, Naive, NaiveBefore)
    print(f"{OPTIONS.messages} messages      kills   twice  lost, unnamed  unknown, named")
    for way in ways:
        killed(way)
    print()
    for way in ways:
        timed(way)


if __name__ == "__main__":
    PARSER = argparse.ArgumentParser(description=__doc__)
    PARSER.add_argument("--messages", type=int, default=400)
    PARSER.add_argument("--seed", type=int, default=1)
    PARSER.add_argument("--mailmerge", default="mailmerge", help="the command of mailmerge")
    OPTIONS = PARSER.parse_args()
    main()
