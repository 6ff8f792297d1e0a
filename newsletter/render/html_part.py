"""Turns a bound layout into the HTML part: MJML, bodies, inlined styles, positions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from newsletter.errors import NewsletterError, Place, raise_all
from newsletter.model.key import key_of
from newsletter.model.source import Source
from newsletter.model.template import Slot, Tree
from newsletter.render import mjml, places
from newsletter.render.fragments import Fragments
from newsletter.render.loads import refuse_loads
from newsletter.render.token_checks import refuse_lost, refuse_moved
from newsletter.render.torn_elements import torn_elements
from newsletter.render.tree import html_tree

MOST_CHARACTERS = 1_000_000
"""Of the HTML of a layout, which is gone through a dozen times."""


def layout_html(
    bound: str,
    slots: Sequence[Slot],
    *,
    layout: Place,
    sources: Mapping[str, Source],
    hosts: Collection[str],
) -> tuple[str, str]:
    """
    Return the HTML of an MJML layout with tokens, and the CSS to inline in it.

    It may load from *hosts* only.

    Raises:
        NewsletterError: for broken MJML; names the file of *sources* at fault, else *layout*.
        RefusedError: if an open part cannot stay in its place.
    """
    places.refuse_names(bound, slots)
    document, css = mjml.take_inline_styles(places.comments_for_borders(bound))
    refuse_lost(css, "", slots, stage="CSS inlining")
    try:
        html = places.bare_in_outlook_comments(mjml.to_html(document, layout=layout))
    except NewsletterError:
        raise_all(torn_elements(sources))
        raise
    if len(html) > MOST_CHARACTERS:
        message = f"the layout makes more than {MOST_CHARACTERS:,} characters of HTML"
        hint = "print less: Gmail hides what comes after 102,400 bytes of a message"
        raise NewsletterError.at(message, layout, hint=hint)
    refuse_lost(document, html, slots, stage="MJML")
    refuse_loads(html, slots, hosts, css=css, sources=sources)
    return html, css


def finished_html(
    html: str,
    css: str,
    *,
    bodies: Sequence[str],
    slots: list[Slot],
    fragments: Fragments | None = None,
) -> Tree:
    """
    Return the HTML part of a layout with its *bodies*; *slots* are those of all their tokens.

    Raises:
        RefusedError: if an open part cannot stay in its place, or be escaped in it.
    """
    html = places.with_bodies(html, bodies)
    # Expressions are part of the key: a value percent-encoded already is escaped differently.
    key = key_of("tree", html, css, [slot.expression for slot in slots]) if fragments else ""
    cached = fragments.tree(key, slots) if fragments else None
    if cached is not None:
        return cached
    inlined = mjml.inline_styles(html, css)
    refuse_lost(html, inlined, slots, stage="CSS inlining")
    refuse_moved(html, inlined, slots, stage="CSS inlining")
    tree = html_tree(places.bare(inlined), slots)
    if fragments:
        fragments.cache_tree(key, tree, slots)
    return tree
