"""A walk changes a shop at random, step by step, and checks it after each step."""

from __future__ import annotations

import functools
import gc
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import note, settings

from edits.project import Change, Edits, rich_shop

_STEPS = 5


def walk(
    seed: int, changes: Mapping[str, Change], look: Callable[[Edits], Callable[[], bool]]
) -> None:
    """Change a shop, with one to three changes in each step.

    *look* is called before anything has changed. It returns a function to call after each step,
    which returns whether the project is valid. Changes that broke it are taken back.
    """
    with TemporaryDirectory() as folder:
        edits = Edits(Path(folder) / "shop", random.Random(seed))
        rich_shop(edits.root)
        is_right = look(edits)
        for _ in range(_STEPS):
            before = edits.snapshot()
            for _ in range(edits.pick((1, 1, 2, 3))):
                note(edits.make(changes))
            if not settings().derandomize:
                _forget_results_of_functions()
            if not is_right():
                note("taken back")
                edits.restore(before)


def _forget_results_of_functions() -> None:
    """Empty the caches of functions, which the clean answer must not share; for a long search."""
    for value in gc.get_objects():
        if isinstance(value, functools._lru_cache_wrapper):
            value.cache_clear()
