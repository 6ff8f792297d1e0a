"""Pictures of messages that mail programs do not show, or that are large, are remarked on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from made import entry, project_of, settings

from newsletter.check.picture_remarks import unshown_pictures
from newsletter.model.picture import Kind, Picture


def _picture(path: str, kind: Kind, *, size: int, small: bool = False) -> Picture:
    animated = kind == "gif"
    return Picture(
        path=path,
        file=Path(path),
        shown=f"content/{path}",
        digest=path,
        kind=kind,
        width=100,
        height=100,
        size=size,
        animated=animated,
        small=small,
    )


def test_drawings_and_large_animations_of_messages_are_remarked_on() -> None:
    """Not those of pages, which browsers show."""
    pictures = [
        _picture("images/logo.svg", "svg", size=900, small=True),
        _picture("images/dance.gif", "gif", size=2_340_000),
        _picture("images/wave.gif", "gif", size=90_000),
        _picture("images/map.svg", "svg", size=900),
    ]
    project = project_of(
        config=settings(),
        images={picture.path: picture for picture in pictures},
        entries=(
            entry("update", "party", image="images/dance.gif"),
            entry("offer", "hello", image="images/wave.gif"),
            entry("page", "find-us", image="images/map.svg"),
        ),
    )
    assert [str(remark) for remark in unshown_pictures(project)] == [
        "content/images/logo.svg: mail programs show no SVG, so messages lack this picture\n"
        "  hint: save it as PNG, some 600 pixels wide, and name that file",
        "content/images/dance.gif: this animation has 2.3 MB, which phones take long to load\n"
        "  hint: use fewer frames, or a photo",
    ]


def test_what_a_drawing_lost_is_remarked_on() -> None:
    """On pages, too."""
    picture = replace(
        _picture("images/map.svg", "svg", size=900), lost=("<script>", 'href="https://e.example"')
    )
    project = project_of(
        config=settings(),
        images={picture.path: picture},
        entries=(entry("page", "find-us", image="images/map.svg"),),
    )
    assert [str(remark) for remark in unshown_pictures(project)] == [
        "content/images/map.svg: left out of this drawing when it is published: <script>, "
        'href="https://e.example"\n'
        "  hint: a picture runs no scripts and loads nothing: export it as plain SVG, or as PNG"
    ]
