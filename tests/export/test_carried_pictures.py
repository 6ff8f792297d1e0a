"""Messages that carry their pictures (RFC 2387, RFC 2392), read back by independent readers."""

from __future__ import annotations

import datetime as dt
import email
import quopri
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from made import project_of, settings
from photos import write_photo

from newsletter.errors import Place
from newsletter.export.carried_pictures import CarriedPictures
from newsletter.export.eml import message_headers
from newsletter.export.senders import MessageSender
from newsletter.model.picture_addresses import carried
from newsletter.model.project import Project
from newsletter.model.template import Condition, Envelope, MessageTemplate, Output, Slot
from newsletter.read.content.picture_files import read_pictures
from newsletter.read.project_files import ProjectFiles

ENVELOPE = Envelope(
    issue="2026-11",
    language="en",
    sender_email="p@p.example",
    date=dt.datetime(2026, 11, 4, 9, tzinfo=dt.UTC),
    list_name="P",
    list_id="news.p.example",
    one_click=False,
)
NAMES = ("big.jpg", "Über uns.png", "unused.jpg")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project without a website and with three pictures."""
    paths = {f"images/{name}": tmp_path / name for name in NAMES}
    for width, file in zip((2400, 30, 40), paths.values(), strict=True):
        write_photo(file, width=width, height=30)
    files = ProjectFiles(tmp_path)
    images = read_pictures(paths, files, in_texts=paths, small=())
    business = settings().business.model_copy(update={"website": ""})
    config = settings().model_copy(update={"business": business})
    return project_of(root=tmp_path, config=config, images=images)


def _cids(project: Project) -> list[str]:
    return [project.images[f"images/{name}"].version("message").cid for name in NAMES]


def _message(project: Project, html: str) -> bytes:
    pictures = CarriedPictures(project)
    sender = MessageSender.of(project.config.sender)
    headers = message_headers(ENVELOPE, sender, secret=b"secret", pictures=pictures)
    before, middle, end = headers.between
    content = before + b"Hello" + middle + quopri.encodestring(html.encode()) + end
    assert headers.html(content) == html
    assert headers.html_size(content) == len(html.encode())
    return content + b"".join(headers.after(content))


def _read(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=policy.default)
    assert all(part.defects == [] for part in message.walk())
    return message


def test_a_message_has_the_pictures_that_it_shows(project: Project) -> None:
    """Each once, in the order of the text, beside the HTML that names them."""
    big, about, _ = _cids(project)
    html = "".join(f'<p>{"x" * n}<img src="cid:{about}"></p>' for n in range(60))
    message = _read(_message(project, f'<img src="cid:{big}">{html}'))
    plain, related = message.iter_parts()
    first, *pictures = related.iter_parts()
    assert message.get_content_type() == "multipart/alternative"
    assert plain.get_content().strip() == "Hello"
    assert related.get_content_type() == "multipart/related"
    assert related.get_param("type") == first.get_content_type() == "text/html"
    assert [(p["Content-ID"], p.get_content_type(), p.get_filename()) for p in pictures] == [
        (f"<{big}>", "image/jpeg", "big-1200.jpg"),
        (f"<{about}>", "image/png", f"picture-{about[:8]}.png"),
    ]
    assert {p.get_content_disposition() for p in pictures} == {"inline"}
    big_file, about_file = (p.get_content() for p in pictures)
    assert (big_file[:3], about_file[:4]) == (b"\xff\xd8\xff", b"\x89PNG")
    assert all(b"Phone of Maya" not in p.get_content() for p in pictures)


def test_a_message_without_pictures_is_whole(project: Project) -> None:
    """As one of a customer for whom none of the entries with pictures is."""
    _, related = _read(_message(project, "<p>Nothing to see.</p>")).iter_parts()
    assert [part.get_content_type() for part in related.iter_parts()] == ["text/html"]


def test_a_message_with_pictures_needs_no_conversion_on_its_way(project: Project) -> None:
    """ASCII, no line over 76 columns but those of headers, and the same bytes each time."""
    html = f'<img src="cid:{_cids(project)[0]}">'
    data = _message(project, html)
    assert data == _message(project, html)
    assert data.isascii()
    assert max(map(len, data.split(b"\n"))) <= 78
    assert b"\nFrom " not in data


def _template(*html: object) -> MessageTemplate:
    return MessageTemplate(language="en", subject=("x",), text=("x",), html=tuple(html))


def test_only_templates_that_show_pictures_get_a_place_for_them(project: Project) -> None:
    """In a text for all, in one for some, or as the photo of the account manager."""
    slot = Slot("customer.x", Place(path="x.md"))
    photo = Slot("customer.manager_photo", Place(path="x.md"))
    pictures = CarriedPictures(project)
    image = '<img src="cid:x">'
    assert pictures.are_in(_template(image))
    assert pictures.are_in(_template(Condition(((slot, ("a",)),), (image,))))
    assert pictures.are_in(_template('<img src="', Output(photo, "url"), '">'))
    assert not pictures.are_in(_template("<p>cider</p>", Output(slot, "text")))


def test_messages_that_load_their_pictures_carry_none(project: Project) -> None:
    """With a website, unless the settings say otherwise."""
    linked = project_of(images=project.images)
    assert not CarriedPictures(linked).are_in(_template('<img src="cid:x">'))
    assert carried(linked) == {}
    attached = project_of(images=project.images, config=settings(images="attached"))
    assert set(carried(attached)) == set(_cids(project))
