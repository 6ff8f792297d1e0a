"""Lets Ctrl-C be answered within a second, whatever a library does meanwhile."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

_SECONDS = 0.3
"""How long Python has to notice Ctrl-C itself, which it does between its own steps."""
STOPPED = 130
"""The exit code after Ctrl-C."""

Call = Callable[[], object]
_CLEANINGS: list[Call] = []


@contextmanager
def cleaned_up(clean: Call) -> Iterator[None]:
    """
    Call *clean* at the end, and also if Ctrl-C ends the program in the middle of a library.

    Errors of the disk are ignored.
    """
    _CLEANINGS.append(clean)
    try:
        yield
    finally:
        with suppress(OSError):
            clean()
        _CLEANINGS.remove(clean)


@contextmanager
def ended_by_ctrl_c(say: Call) -> Iterator[None]:
    """
    End the program on Ctrl-C, also while a library works for many seconds.

    Python raises KeyboardInterrupt in the main thread. If that thread does not get to it in time,
    another one calls *say*, cleans up and ends the program with code 130. Does nothing where
    Ctrl-C means something else, as in a program that calls this one.
    """
    usual = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or usual is not signal.default_int_handler:
        yield
        return
    noticed = threading.Event()

    def notice(number: int, frame: object) -> None:
        noticed.set()
        raise KeyboardInterrupt

    reading, writing = os.pipe()  # Python writes into it at once, in whichever thread it is
    if os.name != "nt":
        os.set_blocking(writing, False)
    watch = threading.Thread(target=_watch, args=(reading, noticed, say), daemon=True)
    watch.start()
    signal.signal(signal.SIGINT, notice)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        signal.signal(signal.SIGINT, usual)
        os.close(writing)


def _watch(reading: int, noticed: threading.Event, say: Call) -> None:
    """End the program after a signal that the main thread does not notice."""
    while number := os.read(reading, 1):
        if number[0] != signal.SIGINT:
            continue
        if noticed.wait(_SECONDS):
            noticed.clear()  # for the next one
        else:
            say()
            for clean in reversed(_CLEANINGS):
                with suppress(OSError):
                    clean()
            exit_at_once()
    os.close(reading)


def exit_at_once() -> NoReturn:
    """End the program that Ctrl-C stopped without freeing its objects, which takes seconds."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or none at all
            stream.flush()
    os._exit(STOPPED)
