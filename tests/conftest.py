"""Shared by all tests: profiles of property tests, the built example, the browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from support import EXAMPLE_DAY, ROOT, Built, built_once

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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

SLOW_FIXTURES = {"browser", "example", "year"}
"""A test that uses one of them, directly or not, is slow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that need a whole build or a browser, and start slow files first.

    Each process takes whole files; a slow file must not be the last one.
    """
    for item in items:
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the example as built on its day; tests must not write into it."""
    return built_once(tmp_path_factory, "example", ROOT, today=EXAMPLE_DAY)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium; tests never download one."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to load

    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("these tests look at pages with Chromium: install it (apt install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()
