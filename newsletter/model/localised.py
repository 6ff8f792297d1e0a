"""A text of newsletter.yml that customers read: the same in all languages, or one for each."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Discriminator, RootModel, Tag, field_validator

from newsletter.model.language import first_match
from newsletter.model.values import Language


def _kind(value: object) -> str:
    return "one for each" if isinstance(value, dict) else "one"


_Texts = Annotated[
    Annotated[str, Tag("one")] | Annotated[dict[Language, str], Tag("one for each")],
    # Without it pydantic tries both, and the user is told two faults for one.
    Discriminator(_kind),
]


class Localised(RootModel[_Texts]):
    """Written as `Stationery and coffee` or as `{en: Stationery and coffee, de: …}`."""

    model_config = ConfigDict(frozen=True)

    @field_validator("root")
    @classmethod
    def _not_empty(cls, texts: str | dict[str, str]) -> str | dict[str, str]:
        if texts == {}:
            raise ValueError("there is no text here", "write one for each language: en: …, de: …")
        return texts

    def in_language(self, language: str, default: str) -> str:
        """
        Return the text in *language*, else in *default*, else the first one.

        A German text (`de`) also serves Austria (`de-AT`), as files of content/ do.
        """
        if isinstance(self.root, str):
            return self.root
        first = next(iter(self.root))
        return first_match(self.root, language, default) or self.root[first]
