"""The columns that only the team reads: they are never printed to customers."""

from __future__ import annotations

import re
import unicodedata

PRIVATE = frozenset(
    {
        # what the team noted about somebody
        *("not_to_mention", "last_conversation", "conversation_text"),
        *("occasion_remark", "visit_remark"),
        # how somebody seems to us
        *("unhappy", "unhappy_until", "bereaved", "bereaved_until", "closed"),
        # ids of other customers, and lines of the file
        *("referred_by", "recommended_id", "row"),
    }
)
"""Facts, columns and details of events; rules and conditions may ask for them."""
_OURS = frozenset({"note_about"})
"""Names that only look like notes of the team."""
_NOTES = re.compile(
    r"(?:.*_)?(?:notes?|memos?|remarks?|comments?|internal|confidential"
    r"|\w*notiz(?:en)?|\w*bemerkung(?:en)?|\w*anmerkung(?:en)?|\w*vermerke?|\w*kommentare?"
    r"|intern(?:e[mnrs]?)?|vertraulich(?:e[mnrs]?)?"
    r"|remarques?|commentaires?|confidentiel(?:le)?s?)(?:_.*)?"
)
"""Columns of the user's own in which a team keeps its notes, in English, German and French."""


def is_private(name: str) -> bool:
    """Return whether a column is for the team alone, by the list or by its name."""
    if name in PRIVATE:
        return True
    plain = unicodedata.normalize("NFKD", name.lower())
    return bool(_NOTES.fullmatch(plain)) and name not in _OURS
