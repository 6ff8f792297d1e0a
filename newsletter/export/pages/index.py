"""private/index.html: everybody reached by an issue, with their message; the others, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from newsletter.export.pages import Pages, link
from newsletter.export.pages.previews import MOST_LISTED, Preview, linked
from newsletter.model.artifact import Artifact
from newsletter.model.care import EditionPlan, IssuePlan
from newsletter.model.channels import AT_LENGTH
from newsletter.model.entry import Issue
from newsletter.model.project import Project

_PATH = "private/index.html"


def index_page(
    project: Project,
    plan: IssuePlan,
    previews: Sequence[Preview],
    *,
    mbox: str = "",
    printed: Sequence[str] = (),
) -> Artifact:
    """
    Return the page, made by the theme's care/issue.html in the language of the firm.

    First the numbers by edition and channel; then every recipient with links to the message as a
    page and as .eml; then everybody left out, by reason, with another channel to use. *mbox* is
    the path of the .mbox; empty if there is none. *printed* are the paths of letters and labels.
    Long lists are only counted.
    """
    pages = Pages(project)
    by_edition = [(edition.issue, _by_channel(edition)) for edition in plan.editions]
    total = sum((numbers for _, numbers in by_edition), Counter[str]())
    issue = _in_language(plan, project.config.language)
    names: dict[str, Any] = {
        "issue": issue,
        "day": issue.date,
        "links": _links(pages.words, mbox=mbox, care=bool(project.practices)),
        "counts": [(via, total[via]) for via in AT_LENGTH if total[via] or via == AT_LENGTH[0]],
        "editions": by_edition,
        "messages": linked(previews, page=_PATH),
        "letters": _letters(plan),
        "printed": [(path.rpartition("/")[2], link(path, page=_PATH)) for path in printed],
        **_left_out(plan.left_out),
    }
    return pages.artifact(_PATH, "issue.html", names)


def _by_channel(edition: EditionPlan) -> Counter[str]:
    return Counter(edition.recipients["via"].to_list())


def _in_language(plan: IssuePlan, language: str) -> Issue:
    """Return the edition that the team reads, else the first."""
    issues = [edition.issue for edition in plan.editions]
    return next((issue for issue in issues if issue.language == language), issues[0])


def _links(words: Mapping[str, str], *, mbox: str, care: bool) -> list[tuple[str, str]]:
    """Return the files beside the page; *care*: the build makes the pages of the care plan."""
    links = [
        (words["care_all_messages"], mbox),
        (words["care_all_left_out"], "private/left-out.csv"),
        (words["care_public_site"], "site/index.html"),
        (words["care_title"], "private/care/index.html" if care else ""),
    ]
    return [(text, link(path, page=_PATH)) for text, path in links if path]


def _letters(plan: IssuePlan) -> list[str]:
    """Return the names of customers reached on paper."""
    people = pl.concat(
        edition.recipients.filter(pl.col("via") != "email").select("name", "id")
        for edition in plan.editions
    )
    if people.height > MOST_LISTED:
        return []
    return [name or key or "?" for name, key in people.iter_rows()]


def _left_out(left_out: pl.DataFrame) -> dict[str, Any]:
    """Return the number of customers left out for each reason, and all of them with it."""
    counts = left_out["reason"].value_counts().sort("count", "reason", descending=[True, False])
    return {
        "left_out_count": left_out.height,
        "reasons": counts.head(8).rows() if counts.height < left_out.height else [],
        "left_out": left_out.to_dicts() if left_out.height <= MOST_LISTED else [],
    }
