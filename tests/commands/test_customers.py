"""What is left for one customer is enough to know the same of them."""

import pytest
from polars.testing import assert_frame_equal
from support import EXAMPLE_DAY

from newsletter.commands.customers import account_of, only
from newsletter.facts import FACTS, add_facts
from newsletter.facts.referrals import REFERRALS
from newsletter.model.project import Project


def test_the_same_facts(project: Project) -> None:
    """Everybody's facts are the same without the others, but for who recommended whom."""
    config, people = project.config, project.people
    names = ["id", *(name for name in FACTS if name not in REFERRALS.facts)]
    whole = add_facts(people, config, today=EXAMPLE_DAY, since=EXAMPLE_DAY).select(names)
    for key in people.customers["id"]:
        alone = add_facts(only(people, key), config, today=EXAMPLE_DAY, since=EXAMPLE_DAY)
        mine = alone.select(names).filter(alone["id"] == key)
        assert_frame_equal(mine, whole.filter(whole["id"] == key))


@pytest.mark.parametrize(("key", "ids"), [("PB-1001", 1), ("PB-1035", 3)])
def test_accounts(project: Project, key: str, ids: int) -> None:
    """Contacts of a firm belong together."""
    assert account_of(project.people, key).len() == ids
    assert only(project.people, key).customers.height < project.people.customers.height
