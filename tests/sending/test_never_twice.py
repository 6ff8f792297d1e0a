"""A sender killed at any moment sends nothing twice and names everything that is unknown."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import socket
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sinks import Sink, smtp_sink
from support import Silent

from newsletter.sending.delivery_ledger import BODY, open_ledger
from newsletter.sending.run import Letter, Sender

LETTERS = [
    Letter(
        f"c{n}",
        f"c{n}@example.com",
        f"<{n}@shop.example>",
        f"Message-ID: <{n}@shop.example>\nTo: c{n}@example.com\n\n.Hello {n}\n".encode(),
    )
    for n in range(400)
]


@pytest.mark.slow
def test_killed_at_every_point_nothing_is_doubled_or_lost_unnamed(tmp_path: Path) -> None:
    """At least 500 kills of a run of 400 messages, at each call that sends, receives or writes."""
    randomly, kills, ended = random.Random(1), 0, False
    with smtp_sink() as sink:
        while not ended:
            point = randomly.randint(1, 36)
            child = os.fork()
            if child == 0:
                _sent_until(point, sink, tmp_path)
            _, status = os.waitpid(child, 0)
            ended = os.WIFEXITED(status)
            kills += not ended
            assert not ended or os.WEXITSTATUS(status) == 0
        arrived = Counter(sink.ids)
    with open_ledger(tmp_path / "ledger", now=lambda: dt.datetime.now(dt.UTC)) as ledger:
        unknown = ledger.in_state(BODY)
    assert kills >= 500
    assert max(arrived.values()) == 1
    assert {letter.message_id for letter in LETTERS} - arrived.keys() <= unknown.keys()
    assert len(unknown) < len(LETTERS) / 2


def _sent_until(point: int, sink: Sink, folder: Path) -> NoReturn:
    """Send in this process, which kills itself at a point: before a call, or right after it."""
    left = point

    def killing(call: Any) -> Any:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            for moment in ("before", "after"):
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)
                if moment == "before":
                    result = call(*args, **kwargs)
            return result

        return wrapped

    os.write, os.fsync = killing(os.write), killing(os.fsync)
    socket.socket.sendall = killing(socket.socket.sendall)
    with suppress(BaseException):
        with open_ledger(folder / "ledger", now=lambda: dt.datetime.now(dt.UTC)) as ledger:
            Sender(
                ledger=ledger,
                connect=sink.connect,
                sender="shop@example.com",
                may_get=lambda _: True,
                clock=lambda: dt.datetime.now(dt.UTC),
            ).send(LETTERS, Silent())
        os._exit(0)
    os._exit(1)
