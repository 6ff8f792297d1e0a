"""Changes of newsletter.yml, segments.yml and customs.yml."""

from __future__ import annotations

from typing import Any

import yaml

from edits.project import CUSTOMS, SEGMENTS, Change, Edits, write_segments

_VALUES: dict[str, tuple[Any, ...]] = {
    "example": (True,),
    "business.name": ("Paper & Bean", "Bean & Paper {0}"),
    "business.tagline": ("Number {0}", {"en": "Number {0}", "de": "Nummer {0}"}),
    "business.postal_address": ("Street {0}, Berlin",),
    "business.country": ("DE", "LU", "US"),
    "business.currency": ("EUR", "USD"),
    "business.website": ("https://shop{0}.example", "no address", ""),
    "business.phone": ("+49 30 {0}", ""),
    "business.email": ("hello{0}@example.com", "nothing"),
    "business.opening_hours": ("Hours {0}",),
    "sender.name": ("Sender {0}",),
    "sender.email": ("news{0}@example.com",),
    "sender.reply_to": ("reply{0}@example.com",),
    "sender.personal": (True, False),
    "sender.list_id": ("list{0}.example.com",),
    "links.unsubscribe": ("https://a.example/{0}/{{token}}", "mailto:leave@example.com"),
    "links.one_click": (True, False),
    "links.feedback": ("https://a.example/f/{0}", "mailto:tell@example.com"),
    "links.review": ("https://r.example/{0}", {"Maps": "https://m.example/{0}"}),
    "language": ("en", "de", "fr"),
    "timezone": ("UTC", "Europe/Berlin", "Nowhere"),
    "start": ("2026-11-01", "2026-11-{1:02d}", "2027-01-01"),
    "leap_day": ("02-28", "03-01"),
    "formality": ("formal", "informal"),
    "send_at": ("09:00", "08:{1:02d}"),
    "team.0.name": ("Maya {0}",),
    "team.0.id": ("maya", "maja"),
    "team.1.role": ("Role {0}",),
    "team.1.phone": ("+49 31 {0}",),
    "team.1.email": ("tomas{0}@example.com",),
    "team.1.photo": ("images/maya.png", "images/gone.png"),
    "team.0.away": ("2026-11-20 to 2026-11-27", ["from 2026-11-25"], "until 2026-11-24", "later"),
    "team.0.deputy": ("tomas", "nobody"),
    "team.1.left": ("2026-11-20", "2027-01-01"),
    "team.1.handed_to": ("maya",),
    "team.0.languages": (["en"], ["de", "en"]),
    "team.0.capacity": ({"call": 0}, {"handwritten": 1, "call": 3}),
    "loyalty.points_per_unit": (1, 2, 10),
    "loyalty.rewards": ([], [{"points": 100, "reward": "a pen {0}"}]),
    "stamps": (
        [],
        [{"name": "Card {0}", "category": "ink", "stamps": 2, "reward": "a pen"}],
        [{"name": "Visits", "visits": True, "stamps": 3, "reward": {"en": "tea {0}"}}],
    ),
    "images": ("linked", "attached", "inline"),
    "load_from": (["cdn{0}.example.com"], [], ["https://cdn.example.com"]),
    "theme": ("default", "margin", "unknown"),
    "brand.accent": ("#0b5d4f", "#0a1b2{1}", "red"),
    "brand.on_accent": ("#ffffff", "#fffdf{1}"),
    "brand.dark_band": ("#101820",),
    "brand.weight_heading": ("400", "900"),
    "brand.logo": ("images/letters.png", "images/hours.png"),
    "brand.font": ("Georgia, serif", "Arial, sans-serif"),
    "columns.points": ("points", "row_points"),
    "columns.favourite": ("city", "favourite"),
    "dates": ("DMY", "MDY"),
    "consent.column": ("consent_phone", "consent_post"),
    "consent.everyone": (True, False),
    "consent.basis": ("at the counter {0}",),
    "consent.since": ("2020-01-01", "2026-11-20", "2030-01-01"),
    "order_status": ({}, {"paid": False}, {"odd": False, "cancelled": True}),
    "may_be_public": ([], ["Ada Byron"], ["Max Weber {0}", "1 May 1889"]),
    "exports": ([], ["klaviyo"], ["csv", "Mailchimp"], ["nothing"]),
    "feedback.good_from": (5, 9),
    "feedback.answered_by": (["feedback-answer", "complaint", "answer"],),
    "etiquette.gift_days": (0, 30),
    "etiquette.promise_days": (0, 30),
    "etiquette.households": ("address", "name"),
    "etiquette.away_days": (0, 1, 3),
    "etiquette.most_bad_rows": (0.5, 0.0),
    "etiquette.most_unknown_rows": (0.5, 0.0, 1),
    "etiquette.channels": (["letter", "email"], ["call", "email"]),
    "etiquette.post_days": (0, 1, 5),
    "etiquette.caps": ([], [{"per": "customer", "most": 1, "days": 30}]),
    "etiquette.gap": (0, 1, 7),
    "etiquette.quiet_days": ([], ["tuesday"], ["2026-11-25"]),
    "etiquette.try_again": ({"message_left": 5}, {"not_reached": 2, "somebody_else": 1}),
    "etiquette.peace.unhappy.score": (3, 6, -1),
    "etiquette.peace.bereaved.days": (0, 90),
    "etiquette.peace.owed.stops": ([], ["ask"], ["ask", "sell", "celebrate"]),
    "etiquette.capacity": ({"call": 1}, {"call": 0, "handwritten": 0}),
    "output.formats": (["eml"], ["mbox", "mailmerge"], []),
    "output.most_single_files": (0, 1, 5000),
    "output.labels": ("L7160", "5160"),
    "output.labels_skip": (0, 3),
    "output.letters": ("din-5008-a", "right"),
    "account": ({"user": "shop", "smtp": "smtps://mail.example.com"}, {"user": "shop"}),
    "customers": ("customers", "customers/customers.csv", "nowhere"),
    "sheet": ("Kunden", ""),
}
"""Path of a setting → values; {0} is a number and {1} a small one."""


def _edit(section: str) -> Change:
    """Return a change that gives a setting of the section another value, or removes it."""

    def edit(edits: Edits) -> str:
        path = edits.pick([p for p in _VALUES if p.partition(".")[0] == section])
        settings = edits.settings
        *above, last = path.split(".")
        part: Any = settings
        for key in above:
            part = part[int(key)] if isinstance(part, list) else part.setdefault(key, {})
        if edits.chance.random() < 0.2 and last in part:
            del part[last]
            value = None
        else:
            value = part[last] = _with_number(edits, edits.pick(_VALUES[path]))
        edits.settings = settings
        return f"{path} = {value}"

    return edit


def _with_number(edits: Edits, value: Any) -> Any:
    if isinstance(value, str):
        return edits.text(value)
    if isinstance(value, dict):
        return {key: _with_number(edits, inner) for key, inner in value.items()}
    return [_with_number(edits, inner) for inner in value] if isinstance(value, list) else value


def _team(edits: Edits) -> str:
    """Add a member to the team, or remove the last one."""
    settings = edits.settings
    team = settings["team"]
    if len(team) > 2:
        del team[-1]
    else:
        team.append({"id": f"new{edits.number}", "name": f"New {edits.number}"})
    edits.settings = settings
    return f"{len(team)} members"


def _remove_section(edits: Edits) -> str:
    settings = edits.settings
    section = edits.pick([key for key in settings if key not in ("business", "sender", "example")])
    del settings[section]
    edits.settings = settings
    return section


def _append(edits: Edits) -> str:
    """Break newsletter.yml, or write an unknown key."""
    with (edits.content / "newsletter.yml").open("a") as file:
        file.write(edits.pick(("colour: red\n", "business: twice\n", "- a\n", "# a remark\n")))
    return "appended"


def _segments(edits: Edits) -> str:
    """Add, remove, rename or change a segment, or remove the file."""
    file = edits.content / "segments.yml"
    segments = yaml.safe_load(file.read_text()) if file.exists() else {}
    how = edits.pick(("add", "add", "remove", "rename", "edit", "edit", "file", "wrong"))
    if how == "file":
        file.unlink(missing_ok=True)
        return "no file"
    if how == "add":
        name = edits.pick(SEGMENTS)
        segments[name] = SEGMENTS[name]
    elif how == "wrong":
        segments["wrong"] = edits.pick(("points >", "no_such_fact > 1", 'points == "x"'))
    else:
        name = edits.pick(segments)
        rule = segments.pop(name)
        if how == "rename":
            segments[f"{name}{edits.number}"] = rule
        elif how == "edit":
            segments[name] = {"rule": f"points > {edits.number % 200}", "description": "New."}
    write_segments(edits.root, segments)
    return how


def _customs(edits: Edits) -> str:
    """Add, change or remove customs.yml."""
    file = edits.content / "customs.yml"
    how = edits.pick(("write", "edit", "remove", "wrong"))
    if how == "remove":
        file.unlink(missing_ok=True)
    elif how == "wrong":
        file.write_text("holidays:\n  lamps:\n    days: 13-40\n")
    else:
        day = f"11-{24 + edits.number % 6}" if how == "edit" else "11-26"
        file.write_text(CUSTOMS.replace("11-26", day).replace("Bright", f"Bright {edits.number}"))
    return how


SECTIONS = tuple(dict.fromkeys(path.partition(".")[0] for path in _VALUES))
"""Sections of newsletter.yml."""

CHANGES: dict[str, Change] = {f"settings: {section}": _edit(section) for section in SECTIONS} | {
    "settings: remove a section": _remove_section,
    "settings: append": _append,
    "team": _team,
    "segments": _segments,
    "customs": _customs,
}
