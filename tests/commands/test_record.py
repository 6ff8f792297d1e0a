"""Recording work lists, plans and issues."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from desk import added_lines, make_desk, padded

from newsletter.commands.inputs import read_customers
from newsletter.commands.record import record_issue, record_plan
from newsletter.commands.screen import Screen
from newsletter.errors import NewsletterError
from newsletter.model.tables import CONVERSATIONS, HISTORY

TODAY = dt.date(2026, 11, 4)
HEADER = ",".join(HISTORY)
LIST = """\
done,date,outcome,remark,reason for leaving,promise,promised by,customer,name,practice,channel,\
key,code,prompt keys,list
x,,,Was glad,,A sample,2026-11-20,C-1,Anna,follow-up,call,2026-10-01,,,2026-11-03 nora
,2026-11-04,not reached,,,,,C-2,Anna,promise,call,2026-10-20,,,2026-11-03 nora
ja,,,,Too dear,,,C-3,Bob,win-back,handwritten,2026,AB-12,years 4; order 2026-10-01,2026-11-03 nora
,,,,,,,007,Zoë,birthday,call,2026,,,2026-11-03 nora
"""
RECORD = """\
"customer","date","practice","channel","issue","entries","key"
"C-1","2026-11-05","issue","email","2026-11","winter-hours, quiet-table","2026-11"
"007","2026-11-05","issue","letter","2026-11","","2026-11"
"gone","2026-11-05","issue","letter","2026-11","","2026-11"
"""


def done(row: str) -> str:
    """Return a row of the history, with its empty cells at the end."""
    return padded(row, HISTORY)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the small firm with a work list filled in and an issue built."""
    make_desk(tmp_path)
    (tmp_path / "2026-11-03-nora.csv").write_text(LIST)
    (tmp_path / "output/private/record").mkdir(parents=True)
    (tmp_path / "output/private/record/2026-11.csv").write_text(RECORD)
    return tmp_path


def test_a_list_adds_to_the_history_and_its_promises_to_the_conversations(root: Path) -> None:
    """With date, outcome, remark, reason, prompts and code; a second run adds nothing."""
    report = record_plan(root, root / "2026-11-03-nora.csv", today=TODAY)
    history = {
        "2026-11-04-nora.csv": [
            HEADER,
            done("C-1,2026-11-03,follow-up,call,,,2026-10-01,done,Was glad,,,,nora"),
            done("C-2,2026-11-04,promise,call,,,2026-10-20,not reached,,,,,nora"),
            done(
                "C-3,2026-11-03,win-back,handwritten,,,2026,done,,Too dear,"
                "years 4; order 2026-10-01,AB-12,nora"
            ),
        ]
    }
    talks = {
        "2026.csv": [
            ",".join(CONVERSATIONS),
            padded("C-1,2026-11-03,nora,call,Was glad,A sample,2026-11-20", CONVERSATIONS),
        ]
    }
    assert (added_lines(root, "history"), added_lines(root, "conversations")) == (history, talks)
    assert report.as_text(Screen()) == (
        "added 3 rows to the history\n1 not ticked: still to be done\nnoted 1 promise\n"
        "wrote content/customers/history/2026-11-04-nora.csv\n"
        "wrote content/customers/conversations/2026.csv\n\nnext: newsletter plan"
    )
    assert json.loads(report.as_json())["recorded"] == 3
    second_report = record_plan(root, root / "2026-11-03-nora.csv", today=TODAY)
    assert (second_report.recorded, second_report.known, second_report.files) == (0, 3, ())
    assert (added_lines(root, "history"), added_lines(root, "conversations")) == (history, talks)
    assert read_customers(root, TODAY)[1].tables["history"].height == 3


def test_a_second_recording_adds_only_new_rows(root: Path) -> None:
    """A row ticked later goes into a file of its own; two files of one day have two names."""
    file = root / "2026-11-03-nora.csv"
    record_plan(root, file, today=TODAY)
    file.write_text(LIST.replace(",,,,,,,007", "x,,,,,,,007"))
    assert record_plan(root, file, today=TODAY).files == (
        "content/customers/history/2026-11-04-nora-2.csv",
    )
    assert added_lines(root, "history")["2026-11-04-nora-2.csv"][1:] == [
        done("007,2026-11-03,birthday,call,,,2026,done,,,,,nora")
    ]


def test_one_channel_of_a_list_can_be_recorded(root: Path) -> None:
    """The other rows are left alone, and counted."""
    report = record_plan(root, root / "2026-11-03-nora.csv", channel="handwritten", today=TODAY)
    assert (report.recorded, report.other, report.promises) == (1, 2, 0)
    with pytest.raises(NewsletterError, match=r"(?s)'cal' is not a channel.*did you mean 'call'"):
        record_plan(root, root / "2026-11-03-nora.csv", channel="cal", today=TODAY)


def test_recording_a_plan_names_the_command_for_its_issue(root: Path) -> None:
    """The issue is recorded by a command of its own."""
    (root / "plan.csv").write_text(
        "date,customer,name,member,practice,channel,arrives,key,because,skipped_because\n"
        "2026-11-04,C-1,Anna,nora,birthday,email,2026-11-04,2026,birthday,\n"
        "2026-11-04,C-2,Anna,nora,issue,email,2026-11-04,2026-11,issue,\n"
    )
    report = record_plan(root, root / "plan.csv", today=TODAY)
    assert report.as_text(Screen()) == (
        "added 1 row to the history\nwrote content/customers/history/2026-11-04-plan.csv\n\n"
        "next: newsletter record 2026-11"
    )


OWED = """\
done,promise,promised by,customer,name,practice,channel,key,list
x,Write again,2026-11-06,C-1,Anna,complaint,call,F1,2026-11-03 nora
x,,,C-2,Anna,promise,email,promise 2026-10-20,2026-11-03 nora
"""


def test_a_list_notes_what_a_promise_is_about_and_which_was_kept_by_email(root: Path) -> None:
    """A promise made in reply names the feedback; an email in the history keeps no promise."""
    (root / "owed.csv").write_text(OWED)
    for _ in range(2):
        record_plan(root, root / "owed.csv", today=TODAY)
        assert added_lines(root, "conversations")["2026.csv"][1:] == [
            padded("C-1,2026-11-03,nora,call,,Write again,2026-11-06,,,,F1", CONVERSATIONS),
            padded("C-2,2026-10-01,,,Two things,A catalogue,2026-10-20,yes", CONVERSATIONS),
        ]


def test_a_list_with_mistakes_writes_nothing(root: Path) -> None:
    """Correct rows are not recorded either."""
    (root / "list.csv").write_text(LIST.replace("ja,", "perhaps,").replace("C-2", "C-9"))
    with pytest.raises(NewsletterError) as caught:
        record_plan(root, root / "list.csv", today=TODAY)
    assert len(caught.value.problems) == 2
    assert added_lines(root, "history") == added_lines(root, "conversations") == {}


def test_an_issue_is_recorded_as_it_was_built(root: Path) -> None:
    """On the day of recording if that is before the issue's; without customers gone since."""
    for before in (0, 2):
        report = record_issue(root, "2026-11", output=root / "output", today=TODAY)
        assert (report.recorded, report.known) == (2 - before, before)
        assert added_lines(root, "history") == {
            "2026-11-04-issue-2026-11.csv": [
                HEADER,
                done("007,2026-11-04,issue,letter,2026-11,,2026-11"),
                done("C-1,2026-11-04,issue,email,2026-11,winter-hours; quiet-table,2026-11"),
            ]
        }
    entries = read_customers(root, TODAY)[1].tables["history"]["entries"].to_list()
    assert ["winter-hours", "quiet-table"] in entries


def test_an_issue_that_was_not_built(root: Path) -> None:
    """The error says how to build it, or lists the issues that could be meant."""
    for name, hint in (("2026-1", "did you mean '2026-11'"), ("x", "newsletter build --issue x")):
        with pytest.raises(NewsletterError, match=f"(?s)no issue '{name}' was built.*{hint}"):
            record_issue(root, name, output=root / "output", today=TODAY)


CHILD = """
import datetime as dt, sys
from pathlib import Path
from newsletter.commands import record
from newsletter.write import single
root = Path(sys.argv[1])
if len(sys.argv) > 2:  # stop before the n-th step that touches the disk
    import os, signal
    steps = iter(range(int(sys.argv[2])))
    def stopping(call):
        def step(*arguments, **keywords):
            if next(steps, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **keywords)
        return step
    os.link, os.fsync, os.open = stopping(os.link), stopping(os.fsync), stopping(os.open)
    Path.unlink, Path.replace = stopping(Path.unlink), stopping(Path.replace)
report = record.record_plan(root, root / "2026-11-03-nora.csv", today=dt.date(2026, 11, 4))
print(report.recorded)
"""


@pytest.mark.slow
def test_recording_can_be_repeated_after_a_crash_at_any_step(root: Path) -> None:
    """Files are whole after the crash, and the second run records every row exactly once."""
    sizes = {"2026-11-04-nora.csv": 4, "2026.csv": 2}
    moments, killed = 0, 0
    while killed == moments:
        for table in ("history", "conversations"):
            for file in (root / "content/customers" / table).glob("*"):
                file.unlink()
        command = [sys.executable, "-c", CHILD, str(root), str(moments)]
        killed += subprocess.run(command, check=False).returncode == -signal.SIGKILL
        moments += 1
        files = added_lines(root, "history") | added_lines(root, "conversations")
        whole = {name: len(lines) for name, lines in files.items() if name[0] != "."}
        assert whole.items() <= sizes.items()
        record_plan(root, root / "2026-11-03-nora.csv", today=TODAY)
        record_plan(root, root / "2026-11-03-nora.csv", today=TODAY)
        assert [len(lines) for lines in added_lines(root, "history").values()] == [4]
        assert [len(lines) for lines in added_lines(root, "conversations").values()] == [2]
    assert killed > 8


@pytest.mark.slow
def test_recording_can_be_repeated_after_a_kill_at_any_moment(root: Path) -> None:
    """Two runs at the same time also record every row exactly once."""
    command = [sys.executable, "-c", CHILD, str(root)]
    for wait in (0.0, 0.2, 0.4, 0.6):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
            time.sleep(wait)
            os.kill(child.pid, signal.SIGKILL)
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = [int(child.communicate()[0]) for child in processes]
    assert sum(counts) in (0, 3)
    assert [len(lines) for lines in added_lines(root, "history").values()] == [4]
    assert [len(lines) for lines in added_lines(root, "conversations").values()] == [2]
