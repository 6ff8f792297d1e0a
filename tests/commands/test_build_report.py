"""The report at the end of a build, for people and for programs."""

import json
from dataclasses import replace

from newsletter.commands.build import build_json, build_text
from newsletter.errors import Place, Problem
from newsletter.model.report import BuildReport, EditionReport

REPORT = BuildReport(
    issue="2026-11",
    editions=(
        EditionReport(language="en", recipients={"email": 1200, "letter": 3}),
        EditionReport(language="de", recipients={"email": 0}),
    ),
    left_out={"no consent to email": 14, "suppressed": 2},
    customers_used=1219,
    bad_rows=1,
    written=7,
    unchanged=0,
    removed=2,
    seconds=1.25,
    open_first=("private/index.html",),
    remarks=(Problem(message="two rows are one", at=Place(path="c.csv", line=3), hint="x"),),
)


def test_the_text_report_of_a_build() -> None:
    """Recipients, customers left out and why, files, and duration."""
    assert build_text(REPORT, output="output") == (
        "issue    edition  recipients\n"
        "2026-11  en       1,200 by email, 3 by letter\n"
        "2026-11  de       nobody\n\n"
        "1,219 customers, 1 bad row not used; 16 left out\n"
        "  14  no consent to email\n"
        "   2  suppressed\n\n"
        "output: 7 written, 0 unchanged, 2 removed, in 1.2 s\n\n"
        "1 remark:\n"
        "  c.csv:3: two rows are one\n"
        "    hint: x\n\n"
        "open next:\n"
        "  output/private/index.html"
    )


def test_the_json_report_of_a_build() -> None:
    """The same figures for programs."""
    fields = json.loads(build_json(REPORT))
    assert fields["editions"][0] == {"language": "en", "recipients": {"email": 1200, "letter": 3}}
    assert fields["left_out"]["suppressed"] == 2


def test_more_than_five_remarks_go_to_a_file() -> None:
    """The terminal shows the first five and names the file with the others."""
    text = build_text(replace(REPORT, remarks=REPORT.remarks * 7), output="out")
    assert text.count("two rows are one") == 5
    assert "  … and 2 more: out/private/remarks.txt\n" in text
