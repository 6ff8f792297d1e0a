"""Refuses what texts and layouts would load from elsewhere, or by an address for each reader."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from newsletter.errors import Place, Problem
from newsletter.facts.manager import PHOTO
from newsletter.model.loaded_addresses import (
    css_loads,
    from_elsewhere,
    loads,
    why_not,
)
from newsletter.model.source import Source
from newsletter.model.template import Slot
from newsletter.render import tokens
from newsletter.render.late import RefusedError

_PHOTO = f"customer.{PHOTO}"
"""The one address that may differ: the file of a team member, which many customers share."""


def refuse_loads(
    html: str,
    slots: Sequence[Slot],
    hosts: Collection[str],
    *,
    css: str = "",
    sources: Mapping[str, Source] | None = None,
) -> None:
    """
    Refuse each address in finished HTML and its *css* that is loaded from none of *hosts*.

    Refuses customers' values in such addresses, too: who loads one is known to its server. The
    place is that of the address in *sources*, by the order in which they are searched.

    Raises:
        RefusedError: with all others.
    """
    addresses = [*loads(html), *css_loads(css)]
    if sources:  # MJML writes one address several times
        addresses = list(dict.fromkeys(addresses))
    refused = [*_personal(addresses, slots), *_foreign(addresses, hosts, sources or {})]
    if refused:
        refused[0].others = tuple(refused[1:])
        raise refused[0]


def foreign_loads(html: str, source: Source, hosts: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each address of a body's HTML that *source* has in full, likewise."""
    for address, host in from_elsewhere(loads(html), hosts):
        before, written, _ = source.text.partition(address)
        if written:
            message, hint = why_not(address, host)
            yield Problem(message, source.place(before.count("\n") + 1), hint=hint)


def _personal(addresses: Sequence[str], slots: Sequence[Slot]) -> Iterator[RefusedError]:
    printed = [
        slots[int(match[2])]
        for address in addresses
        for match in tokens.TOKEN.finditer(address)
        if match[0] != address.strip() or slots[int(match[2])].expression != _PHOTO
    ]
    for slot in dict.fromkeys(printed):
        yield RefusedError(
            f"a customer's value in the address of a picture: {slot.written}",
            hint="the server would see who reads this: write {% if … %} around whole pictures",
            at=slot.at,
        )


def _foreign(
    addresses: Sequence[str], hosts: Collection[str], sources: Mapping[str, Source]
) -> Iterator[RefusedError]:
    for address, host in from_elsewhere(addresses, hosts):
        message, hint = why_not(tokens.TOKEN.sub("{{ … }}", address), host)
        near = as_written(address)
        at = place_of(near, sources) or place_of(host, sources)
        yield RefusedError(message, hint=hint, at=at, near=near)


def as_written(address: str) -> str:
    """Return the beginning of an address that its source surely has as well."""
    start = tokens.TOKEN.split(address)[0]
    return start.partition("?")[0].partition("#")[0].partition("&")[0].partition("%")[0]


def of_folder_first(folder: str, sources: Mapping[str, Source]) -> dict[str, Source]:
    """Return the layouts of a theme, those of a folder before the others."""
    return {
        path: sources[path] for path in sorted(sources, key=lambda p: not p.startswith(folder))
    }


def place_of(text: str, sources: Mapping[str, Source]) -> Place | None:
    """Return where a text first stands in the *sources*, if anywhere."""
    for source in sources.values():
        before, written, _ = source.text.partition(text)
        if written and text:
            return source.place(before.count("\n") + 1)
    return None
