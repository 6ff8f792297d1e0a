"""A bound layout → the HTML part: MJML, bodies put in, styles inlined, tags for tokens."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.errors import Place
from newsletter.model.template import Slot, Tree
from newsletter.render import mjml, places
from newsletter.render.kept import refuse_lost, refuse_moved
from newsletter.render.record import Record
from newsletter.render.tree import html_tree


def message_html(bound: str, record: Record, slots: Sequence[Slot], *, layout: Place) -> Tree:
    """
    Return the HTML part of an MJML layout with tokens, whose open parts are *slots*.

    Raises:
        NewsletterError: for broken MJML, which names *layout*.
        Refused: where an open part cannot stay in its place, or be escaped in it.
    """
    places.refuse_names(bound, slots)
    document, css = mjml.take_inline_styles(places.comments_for_borders(bound))
    refuse_lost(css, "", slots, stage="CSS inlining")
    html = places.words_in_comments(mjml.to_html(document, layout=layout))
    refuse_lost(document, html, slots, stage="MJML")
    html = places.with_bodies(html, record.bodies)
    inlined = mjml.inline_styles(html, css)
    refuse_lost(html, inlined, slots, stage="CSS inlining")
    refuse_moved(html, inlined, slots, stage="CSS inlining")
    return html_tree(places.bare(inlined), slots)
