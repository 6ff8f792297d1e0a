"""Which languages there are, by the tags that file names and newsletter.yml use."""

from __future__ import annotations

import re

# ISO 639-1.
_LANGUAGES = (
    " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs"
    " cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha"
    " he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn"
    " ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb"
    " nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd"
    " se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw"
    " ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
# Countries that are often written for their language.
_COUNTRIES = {"at": "de", "cn": "zh", "cz": "cs", "dk": "da", "gr": "el", "jp": "ja", "us": "en"}


def is_language(tag: str) -> bool:
    """Return whether *tag* is a language of ISO 639-1, with or without a region: de, pt-BR."""
    primary = re.fullmatch(r"([a-z]{2})(-[A-Za-z0-9]+)*", tag)
    return primary is not None and primary[1] in _LANGUAGES


def language_hint(tag: str) -> str:
    """Return what to write instead of *tag*."""
    near = _COUNTRIES.get(tag.lower())
    return f"did you mean '{near}'?" if near else "write the short form of ISO 639: en, de, fr"
