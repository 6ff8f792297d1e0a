"""A progress bar appears on a terminal, and only when a step takes more than a second."""

import io
import itertools

import pytest

from newsletter.commands import terminal


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def shown(monkeypatch: pytest.MonkeyPatch, *, seconds: float, stream: io.StringIO) -> str:
    """Return what a step of three parts writes when each takes so many seconds."""
    clock = itertools.count(0, seconds)
    monkeypatch.setattr(terminal.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr", stream)
    with terminal.Bars().step("merging", 3) as step:
        for _ in range(3):
            step.advance()
    return stream.getvalue()


def test_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow step says what it does and how far it is."""
    text = shown(monkeypatch, seconds=2.0, stream=Terminal())
    assert "merging" in text
    assert "100%" in text


def test_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quick one says nothing."""
    assert shown(monkeypatch, seconds=0.1, stream=Terminal()) == ""


def test_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a slow one where nobody watches."""
    assert shown(monkeypatch, seconds=2.0, stream=io.StringIO()) == ""


@pytest.mark.parametrize(
    ("stream", "text"), [(Terminal(), "Reading …\r\033[K"), (io.StringIO(), "")]
)
def test_named(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, text: str) -> None:
    """A step of unknown length is named while it lasts, where somebody watches."""
    monkeypatch.setattr("sys.stderr", stream)
    with terminal.Bars().step("Reading", 0) as step:
        step.advance()
    assert stream.getvalue() == text
