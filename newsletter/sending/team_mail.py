"""The day's tasks as a message to each member of the team, whose reply is read back."""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.model.project import Project
from newsletter.model.team import TeamMember
from newsletter.read.returned.list_replies import DayList, read_day_list
from newsletter.sending.run import Letter

Words = Callable[..., str]
"""Takes a phrase of screens/*.yml and its gaps."""
_ID = re.compile(r"<team\.(\d{4}-\d{2}-\d{2})\.([\w-]+)\.([0-9a-f]{24})@")


@dataclass(frozen=True)
class MemberTasks:
    """The tasks of a member on a day."""

    member: TeamMember
    day: dt.date
    tasks: DayList

    @property
    def name(self) -> str:
        """Name of the file of the list."""
        return f"{self.day}-{self.member.id}.csv"


def tasks_of_day(project: Project, output: Path, day: dt.date) -> Iterator[MemberTasks]:
    """Yield the tasks of each member who has some. Raises NewsletterError without a build."""
    folder = output / "private/care/lists"
    if not (output / "private/care").is_dir():
        raise NewsletterError.at(
            f"there is no {output}/private/care", hint="run: newsletter build"
        )
    for member in project.config.team:
        file = folder / f"{day}-{member.id}.csv"
        if file.is_file():
            yield MemberTasks(member, day, read_day_list(file))


def team_letter(project: Project, tasks: MemberTasks, words: Words, now: dt.datetime) -> Letter:
    """Return the message with numbered tasks; *now* is its date."""
    sender, member = project.config.sender, tasks.member
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(sender.name, addr_spec=sender.email)
    message["To"] = Address(member.name, addr_spec=str(member.email))
    message["Subject"] = words("team_subject", day=tasks.day, shop=project.config.business.name)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(project, tasks.day, member.id)
    message.set_content(_text(tasks, words), cte="quoted-printable")
    content = message.as_bytes().replace(b"\r\n", b"\n")
    return Letter(member.id, str(member.email), message["Message-ID"], content)


def message_id(project: Project, day: dt.date, member: str) -> str:
    """Return the Message-ID of the message to a member, which nobody else can make."""
    digest = hmac.digest(project.secret, f"team:{day}:{member}".encode(), "sha256").hex()[:24]
    domain = project.config.sender.email.rpartition("@")[2]
    return f"<team.{day}.{member}.{digest}@{domain}>"


def answered(
    project: Project, ids: frozenset[str], sender: str
) -> tuple[dt.date, TeamMember] | None:
    """Return the day and the member whose tasks a message from *sender* answers; else None."""
    for written in ids:
        match = _ID.match(written)
        member = match and next((m for m in project.config.team if m.id == match[2]), None)
        if not (match and member and (member.email or "").lower() == sender):
            continue
        try:
            day = dt.date.fromisoformat(match[1])
        except ValueError:  # somebody made it up
            continue
        ours = message_id(project, day, member.id)
        if hmac.compare_digest(written.encode(), ours.encode()):
            return day, member
    return None


def _text(tasks: MemberTasks, words: Words) -> str:
    """Return the tasks with what to know for each, and how to answer."""
    parts = [words("team_greeting", name=tasks.member.name)]
    for number, row in enumerate(tasks.tasks.rows, start=1):
        cells = {f: tasks.tasks.cell(row, f) for f in ("name", "channel", "title", "phone")}
        lines = [f"{number}. {cells['name']} · {cells['channel']}: {cells['title']}"]
        told = (
            cells["phone"],
            *(tasks.tasks.cell(row, f) for f in ("because", "words", "prompts")),
        )
        parts.append("\n   ".join([*lines, *(" ".join(text.split()) for text in told if text)]))
    return "\n\n".join([*parts, words("team_how"), ""])
