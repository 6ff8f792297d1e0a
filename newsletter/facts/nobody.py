"""A customer of whom nothing is known: the reader of the public site."""

from __future__ import annotations

from newsletter.facts import FACTS
from newsletter.facts.greeting import neutral_greeting
from newsletter.facts.manager import manager_of_nobody
from newsletter.model.config import Config
from newsletter.model.customs import Customs
from newsletter.model.tables import CUSTOMERS


def nobody(config: Config, *, language: str) -> dict[str, object]:
    """Return the facts of a nameless customer: what add_facts says of an empty row."""
    return {
        **dict.fromkeys(CUSTOMERS),
        "id": "",
        "language": language,
        "formality": config.formality,
        **{name: fact.nobody for name, fact in FACTS.items()},
        "greeting": neutral_greeting(language, config),
        **manager_of_nobody(config, language),
        "mention_family": Customs().of(config.business.country).mention_family,
    }
