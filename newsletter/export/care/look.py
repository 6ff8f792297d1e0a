"""The theme's pages for the team: templates of care/ → one HTML file that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from newsletter.errors import NewsletterError, Place
from newsletter.model.care import Touch
from newsletter.model.project import Project
from newsletter.render.filters import language_filters
from newsletter.render.view import by_name

_HINT = "docs/themes.md lists the names that templates of care/ may use"


class Pages:
    """Renders the theme's care/ templates in the language of the project, which is the team's."""

    def __init__(self, project: Project) -> None:
        language, business = project.config.language, project.config.business
        locale = _locale(language)
        words = by_name(project.theme.words, language, language)
        self._places = project.theme.places
        self._environment = _environment(project.theme.texts, project.theme.places)
        self._environment.filters.update(language_filters(language, business=business))
        items = partial(_items, silent=words["agenda_silent"])
        self._environment.filters.update(
            dial=_dial, agenda_items=items, language_name=_namer(locale)
        )
        self.words = words
        self.names: Mapping[str, Any] = {
            "business": business.in_language(language, language),
            "theme": project.theme.values,
            "words": words,
            "language": language,
            "direction": locale.text_direction,
            "channels": _channels(words),
            "by": {channel: words[f"by_{channel}"] for channel in _channels(words)},
        }

    def html(self, template: str, names: Mapping[str, Any]) -> bytes:
        """
        Return the page. Raises NewsletterError for a template of the theme that is broken.
        """
        path = f"care/{template}"
        try:
            return self._environment.get_template(path).render({**self.names, **names}).encode()
        except TemplateSyntaxError as error:
            at = Place(path=error.filename or path, line=error.lineno)
            raise NewsletterError.at(f"{error.message}", at, hint=_HINT) from error
        except (TemplateError, TypeError, ValueError, LookupError) as error:
            at = self._place(error, path)
            raise NewsletterError.at(str(error), at, hint=_HINT) from error

    def _place(self, error: BaseException, template: str) -> Place:
        """Return where it happened: the innermost frame of the traceback that is a template."""
        files = set(self._places.values())
        at, trace = Place(path=self._places.get(template, template)), error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename in files:
                at = Place(path=trace.tb_frame.f_code.co_filename, line=trace.tb_lineno)
            trace = trace.tb_next
        return at


def _environment(
    texts: Mapping[str, str], places: Mapping[str, str]
) -> ImmutableSandboxedEnvironment:
    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = texts.get(name)
        return None if text is None else (text, places.get(name, name), lambda: True)

    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _channels(words: Mapping[str, str]) -> dict[str, str]:
    """Return what the work by each channel is called, in the order in which it is done."""
    return {
        "call": words["care_call"],
        "visit": words["care_visit"],
        "text": words["care_text"],
        "handwritten": words["care_handwritten"],
        "letter": words["care_letter"],
        "email": words["care_email"],
    }


def _dial(touch: Touch) -> str:
    """Return the address that makes a phone call (RFC 3966) or begin a text message (RFC 5724)."""
    number = re.sub(r"[^\d+]", "", touch.phone.replace("(0)", ""))
    return f"sms:{number}?body={quote(touch.text)}" if touch.channel == "text" else f"tel:{number}"


def _items(touch: Touch, silent: str) -> list[str]:
    """Return the agenda without what is not to be mentioned, which stands above it."""
    said = silent.replace("{what}", touch.not_to_mention)
    return [item for item in touch.agenda if item != said]


def _namer(locale: Locale) -> Callable[[str], str]:
    def name(language: str) -> str:
        return _locale(language).get_display_name(locale) or language

    return name


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")
