"""The example, built once for every test that looks at it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from support import EXAMPLE_DAY, ROOT, Built, Silent

from newsletter.build import build

settings.register_profile(
    "full",
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
"""The same examples in each run, however busy the machine is."""
settings.register_profile("quick", settings.get_profile("full"), max_examples=10)
"""For the next save."""
settings.register_profile(
    "search", settings.get_profile("full"), max_examples=2000, derandomize=False
)
"""Looks for examples that nobody thought of, other ones each time."""
settings.load_profile("full")


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the example, built on its day."""
    output = tmp_path_factory.mktemp("example") / "output"
    report = build(ROOT, output=output, today=EXAMPLE_DAY, issue=None, progress=Silent())
    return Built(output, report)
