"""The pages of output/private/: templates of care/ → self-contained HTML files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from babel import Locale

from newsletter.model.artifact import Artifact
from newsletter.model.care import Touch
from newsletter.model.channels import CHANNELS, IN_ORDER
from newsletter.model.key import key_of
from newsletter.model.language import locale_of, text_direction
from newsletter.model.project import Project
from newsletter.read.list_words import outcomes_in
from newsletter.render.language_filters import worth
from newsletter.render.templates import environment_of, rendered
from newsletter.render.view import by_name


class Pages:
    """Renders the theme's care/ templates in the language of the team."""

    def __init__(self, project: Project) -> None:
        language, business = project.team_language, project.config.business
        locale = locale_of(language)
        words = by_name(project.theme.words, language, language)
        self._theme = project.theme
        filters: dict[str, Callable[..., Any]] = {
            "dial": _dial,
            "agenda_items": partial(_items, silent=words["agenda_silent"]),
            "language_name": _namer(locale),
            "direction": text_direction,
            "worth": partial(worth, language=language, country=business.country),
        }
        self._environment = environment_of(project, language, filters=filters)
        self.words = words
        self.names: Mapping[str, Any] = {
            "business": business.in_language(language, project.config.language),
            "theme": project.theme.values,
            "words": words,
            "outcomes": tuple(outcomes_in(language).values()),
            "language": language,
            "direction": text_direction(language),
            "channels": _channels(words),
            "by": {c: words.get(f"by_{c}", kind.how) for c, kind in CHANNELS.items()},
        }

    def artifact(self, path: str, template: str, names: Mapping[str, Any]) -> Artifact:
        """
        Return the page that a template makes of *names*; it reads only these and the theme.

        Taking its content raises NewsletterError if a template of the theme is broken.
        """
        every = {**self.names, **names}
        key = key_of(self._theme.key, template, every)
        return Artifact(path, partial(self._html, template, every), key)

    def _html(self, template: str, names: Mapping[str, Any]) -> list[bytes]:
        page = rendered(self._environment, f"care/{template}", names, theme=self._theme)
        return [page.encode()]


def link(path: str, *, page: str) -> str:
    """Return the address that leads from *page* to another file; both are paths of artifacts."""
    return quote(posixpath.relpath(path, posixpath.dirname(page)))


def sheets_named(path: str, words: Mapping[str, str]) -> str:
    """Return what is on a PDF to print: Letters (pdf), Address labels L7160 (pdf)."""
    stem, _, kind = posixpath.basename(path).rpartition(".")
    what, *others = stem.split("-")  # letters-2, labels-L7160
    return f"{' '.join([words[f'care_file_{what}'], *others])} ({kind})"


def _channels(words: Mapping[str, str]) -> dict[str, str]:
    """Return the name of each channel's work, in the order in which it is done."""
    return {c: words.get(f"care_{c}", CHANNELS[c].plural.capitalize()) for c in IN_ORDER}


def _dial(touch: Touch) -> str:
    """Return the address that starts a phone call (RFC 3966) or a text message (RFC 5724)."""
    number = re.sub(r"[^\d+]", "", touch.phone.replace("(0)", ""))
    return f"sms:{number}?body={quote(touch.text)}" if touch.channel == "text" else f"tel:{number}"


def _items(touch: Touch, silent: str) -> list[str]:
    """Return the agenda without what not to mention, which the page shows above it."""
    warning = silent.replace("{what}", touch.not_to_mention)
    return [item for item in touch.agenda if item != warning]


def _namer(locale: Locale) -> Callable[[str], str]:
    def name(language: str) -> str:
        return locale_of(language).get_display_name(locale) or language

    return name
