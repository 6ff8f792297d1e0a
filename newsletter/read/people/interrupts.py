"""Lets Ctrl-C stop what a library does for seconds without asking Python."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

Value = TypeVar("Value")

_SECONDS = 0.2
"""How long Ctrl-C waits at most, on systems whose locks cannot be interrupted."""


def beside(call: Callable[[], Value]) -> Value:
    """
    Return the result of *call*, or raise its error.

    It runs in a thread of its own, which ends with the program: Python answers Ctrl-C only between
    its own steps.
    """
    result: Future[Value] = Future()

    def run() -> None:
        try:
            result.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            result.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    while not result.done():
        wait([result], timeout=_SECONDS)
    return result.result()
