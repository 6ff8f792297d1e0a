"""A progress bar appears in a terminal when a step takes more than a second."""

import io
import itertools

import pytest

from newsletter.commands import terminal


class Terminal(io.StringIO):
    """A text stream that claims to be a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def output_of_step(monkeypatch: pytest.MonkeyPatch, *, seconds: float, stream: io.StringIO) -> str:
    """Return the output of a step of three parts, each of which takes that many seconds."""
    clock = itertools.count(0, seconds)
    monkeypatch.setattr(terminal.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr", stream)
    with terminal.Bars().step("merging", 3) as step:
        for _ in range(3):
            step.advance()
    return stream.getvalue()


def test_a_slow_step_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the step and how far it is."""
    text = output_of_step(monkeypatch, seconds=2.0, stream=Terminal())
    assert "merging" in text
    assert "100%" in text


def test_a_quick_step_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar would only flash."""
    assert output_of_step(monkeypatch, seconds=0.1, stream=Terminal()) == ""


def test_no_bar_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow step shows nothing in a pipe."""
    assert output_of_step(monkeypatch, seconds=2.0, stream=io.StringIO()) == ""


@pytest.mark.parametrize(
    ("stream", "text"), [(Terminal(), "Reading …\r\033[K"), (io.StringIO(), "")]
)
def test_a_step_of_unknown_length_shows_its_name(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, text: str
) -> None:
    """The name stays while the step runs."""
    monkeypatch.setattr("sys.stderr", stream)
    with terminal.Bars().step("Reading", 0) as step:
        step.advance()
    assert stream.getvalue() == text
