"""The phrases of a theme in another language: which to translate, and where they are written."""

from __future__ import annotations

from newsletter.model.program_files import THEMES

TEAM_PHRASES = ("care_", "prompt_", "agenda_", "by_", "calendar_")
"""How the keys of phrases begin that only the team reads."""
_HEAD = "# Remove the # before a line, and translate what stands after its colon.\n\n"


def words_path(theme: str, language: str) -> str:
    """Return where a project has the phrases of its theme in a language."""
    folder = theme if "/" in theme or theme.startswith(".") else f"themes/{theme}"
    return f"{folder}/words/{language}.yml"


def phrases_to_translate() -> str:
    """Return the English phrases that customers read, each as a comment, for a new language."""
    text = (THEMES / "default/words/en.yml").read_text(encoding="utf-8")
    paragraphs = map(_to_translate, text.strip().split("\n\n"))
    return _HEAD + "\n\n".join(filter(None, paragraphs)) + "\n"


def _to_translate(paragraph: str) -> str:
    """Return the lines of a paragraph with its phrases as comments; empty if none is left."""
    lines = [line for line in paragraph.splitlines() if not line.startswith(TEAM_PHRASES)]
    if all(line.startswith("#") for line in lines):
        return ""
    return "\n".join(line if line.startswith("#") else f"#{line}" for line in lines)
