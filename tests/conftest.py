"""The example, built once for every test that looks at it."""

from __future__ import annotations

import pytest
from support import EXAMPLE_DAY, ROOT, Built, Silent

from newsletter.build import build


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the example, built on its day."""
    output = tmp_path_factory.mktemp("example") / "output"
    report = build(ROOT, output=output, today=EXAMPLE_DAY, issue=None, progress=Silent())
    return Built(output, report)
