"""A whole project is read, and all its problems are raised at once."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.read.assembly import read_project

MINIMAL = Path(__file__).parents[1] / "projects/valid/minimal"
TODAY = dt.date(2026, 11, 5)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the minimal project."""
    return Path(shutil.copytree(MINIMAL, tmp_path / "project"))


def test_the_minimal_project_has_every_part(root: Path) -> None:
    """Each is read; of pictures only those that a text or the settings name."""
    images = root / "content/images"
    (images / "unused.png").write_bytes((images / "shop.png").read_bytes())
    with (root / "content/updates/hours.md").open("a") as text:
        text.write("\n![The shop](../images/shop.png)\n")
    project = read_project(root, today=TODAY)
    assert project.config.business.name == "Corner Shop"
    assert [segment.name for segment in project.segments] == ["regulars"]
    assert list(project.images) == ["images/shop.png"]
    assert project.secret == b"a-secret-of-the-test-project"
    assert project.theme.name == "default"


def test_problems_of_all_files_are_reported_at_once(root: Path) -> None:
    """Of configuration, content and segments, sorted by file."""
    config = root / "content/newsletter.yml"
    config.write_text(config.read_text(encoding="utf-8") + "theme: nice\n", encoding="utf-8")
    (root / "content/segments.yml").write_text("Big: x > 1\n", encoding="utf-8")
    (root / "content/updates/hours.md").write_text("no front matter", encoding="utf-8")
    with pytest.raises(NewsletterError) as caught:
        read_project(root, today=TODAY)
    assert [str(problem.at) for problem in caught.value.problems] == [
        "content/newsletter.yml:19:8",
        "content/segments.yml:1:1",
        "content/updates/hours.md:1:1",
    ]


def test_customers_may_lie_outside_the_project(root: Path) -> None:
    """The secret lies beside them."""
    (root / "content/customers").rename(root.parent / "crm")
    config = root / "content/newsletter.yml"
    text = config.read_text(encoding="utf-8") + "customers: ../../crm/customers.csv\n"
    config.write_text(text, encoding="utf-8")
    project = read_project(root, today=TODAY)
    assert project.people.customers.height == 2
    assert project.people.source == "../crm/customers.csv"


def test_consent_of_a_future_day_is_refused(root: Path) -> None:
    """Nobody can have given it yet."""
    with pytest.raises(NewsletterError, match="2024-05-01 is in the future"):
        read_project(root, today=dt.date(2024, 4, 30))


@pytest.mark.parametrize(
    ("strangers", "customers", "stops"),
    [(3, 0, True), (2, 0, False), (9, 1, False), (10, 1, True), (10, 41, False)],
)
def test_tables_that_name_nobody_stop_the_build(
    root: Path, strangers: int, customers: int, *, stops: bool
) -> None:
    """Ten rows and a fifth of all, or three if a table names nobody else."""
    rows = "x,2026-10-01\n" * strangers + "1,2026-10-01\n" * customers
    orders = root / "content/customers/orders.csv"
    orders.write_text(f"customer,date\n{rows}", encoding="utf-8")
    if stops:
        with pytest.raises(NewsletterError, match="name nobody in the customer file"):
            read_project(root, today=TODAY)
    else:
        read_project(root, today=TODAY)
