"""The base of every section of a YAML file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from newsletter.model.values import Localised


class Strict(BaseModel):
    """A section of a YAML file: unknown keys are refused, and values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def in_language(self, language: str, default: str) -> object:
        """Return a copy for templates, with localised texts as plain text in *language*."""
        texts = {
            name: value.in_language(language, default)
            for name, value in self
            if isinstance(value, Localised)
        }
        return self.model_copy(update=texts)
