"""A bound layout → the HTML part: MJML, bodies put in, styles inlined, tags for tokens."""

from __future__ import annotations

from newsletter.errors import Place
from newsletter.render import mjml, places
from newsletter.render.jinja_source import html_template
from newsletter.render.kept import refuse_lost, refuse_moved
from newsletter.render.record import Record


def message_html(bound: str, record: Record, *, layout: Place) -> str:
    """
    Return the template of the HTML part of an MJML layout with tokens.

    Raises:
        NewsletterError: for broken MJML, which names *layout*.
        Refused: where an open part cannot stay in its place, or be escaped in it.
    """
    places.refuse_names(bound, record)
    document, css = mjml.take_inline_styles(places.comments_for_borders(bound))
    refuse_lost(css, "", record, stage="CSS inlining")
    html = places.words_in_comments(mjml.to_html(document, layout=layout))
    refuse_lost(document, html, record, stage="MJML")
    html = places.with_bodies(html, record.bodies)
    inlined = mjml.inline_styles(html, css)
    refuse_lost(html, inlined, record, stage="CSS inlining")
    refuse_moved(html, inlined, record, stage="CSS inlining")
    return html_template(places.bare(inlined), record)
