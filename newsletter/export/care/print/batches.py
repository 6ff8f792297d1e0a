"""Files of a size that a printer and the memory can take: letters.pdf, letters-2.pdf …"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from newsletter.model.artifact import Artifact
from newsletter.model.care import Touch


def batches(
    name: str,
    touches: Sequence[Touch],
    *,
    most: int,
    make: Callable[[Sequence[Touch], int], bytes],
    taken: int = 0,
) -> Iterator[Artifact]:
    """
    Yield private/care/print/*name*.pdf and, with more than *most* in it, *name*-2.pdf …

    *make* is given the touches of a file and the places that are taken before them, which are
    *taken* in the first file and none in the others. It is called when the file is written.
    """
    first, number = 0, 1
    while first < len(touches):
        part = touches[first : first + most - taken]
        file = name if number == 1 else f"{name}-{number}"
        yield Artifact(f"private/care/print/{file}.pdf", _lazy(make, part, taken))
        first, number, taken = first + len(part), number + 1, 0


def _lazy(
    make: Callable[[Sequence[Touch], int], bytes], part: Sequence[Touch], taken: int
) -> Callable[[], list[bytes]]:
    return lambda: [make(part, taken)]
