"""Pieces of quoted-printable joined in any order decode to the joined texts."""

from __future__ import annotations

import quopri

from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.merge.quoted_printable import decode, encode

texts = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=200)


@given(st.lists(texts, max_size=6))
@example(["a ", "\n", " b", "=", "\t", "\n"])
@example(["x" * 76, "y" * 75, "é" * 25, "😀" * 13])
@example([".", "\n", "..", "From ", "me\nFrom you", "F", "rom "])
def test_joined_pieces_decode_to_the_joined_texts(pieces: list[str]) -> None:
    """With Python's reader and ours; lines are ASCII with at most 76 characters."""
    encoded = "".join(map(encode, pieces))

    assert quopri.decodestring(encoded.encode("ascii")).decode() == "".join(pieces)
    assert decode(encoded) == "".join(pieces)
    assert all(len(line) <= 76 for line in encoded.split("\n"))
    assert not any(line.endswith((" ", "\t")) for line in encoded.split("\n"))
