"""Spellings, hiding places and files in which customers' data reaches a website."""

from __future__ import annotations

import base64
import codecs
import re

import polars as pl
import pytest

from newsletter.check.leaks import find_leaks
from newsletter.model.artifact import Artifact

PEOPLE = pl.DataFrame(
    [
        ("K-1042", "Jürgen", "Müller", "mein.garten@example.com", "Hauptstraße 5a",
         "+49 (0)30 1234-567", "1984-02-29"),
        ("AB12-777", "María José", "García López", "maria@example.org", "5, rue de l'Église",
         "+33 6 12 34 56 78", "1951-11-03"),
        ("2024-0815", "Hans-Peter", "Schäfer-Weiß", "hp@xn--mnchen-3ya.example",
         "12 Main Street", "+44 20 7946 0958", "1990-07-04"),
        ("X-9001", "Łukasz", "Nuñez", None, "Straße des 17. Juni 135", None, None),
        ("X-9002", "Anne-Sophie", "de l'Estang", None, "Am Markt 12", None, None),
        ("X-9003", "Søren", "Åberg", None, "Zahngasse 8/7", None, None),
        ("X-9004", "Will", "Young", None, "1 Hill", None, None),
        ("X-9005", "Jürgen", "von Bülow", None, "Flat 3, 44 Old Mill Lane", None, None),
        ("IN-2024", "Ann", "Oun", None, None, None, None),
    ],
    schema=["id", "first_name", "last_name", "email", "street", "phone", "birthday"],
    orient="row",
).with_row_index("row", offset=2).with_columns(
    name=pl.col("first_name") + " " + pl.col("last_name")
)  # fmt: skip


def kinds(content: str | bytes, path: str = "site/x.html") -> list[str]:
    """Return the kinds of values found in one file."""
    data = content.encode() if isinstance(content, str) else content
    problems = find_leaks(PEOPLE, [Artifact(path, data)])
    return [re.sub(r"the (.*?) of .*", r"\1", problem.message) for problem in problems]


NAMES = [
    "Jürgen Müller", "Juergen Mueller", "Jurgen Muller", "JÜRGEN MÜLLER", "Müller, Jürgen",
    "Müller Jürgen", "juergen-mueller", "jurgen_muller", "mueller-juergen", "juergen.mueller",
    "JuergenMueller", "juergenmueller", "#JürgenMüller", "Jürgen Müllers Kaffee",
    "Jürgen Müller's coffee", "Jürgen Müller’s", "Herr Dr. Jürgen Müller",
    "Jür\u00adgen Mül\u00adler",
    "Jür\u200bgen Mül\u200bler", "Jürgen\u00a0Müller", "Jürgen<br>Müller", "Jür<wbr>gen Müller",
    "<b>J</b>ürgen <span>Müller</span>", "Jür<!-- -->gen Müller", "J&uuml;rgen M&#252;ller",
    "J&amp;uuml;rgen M&amp;uuml;ller", "J%C3%BCrgen%20M%C3%BCller", "J%FCrgen+M%FCller",
    r"J\u00fcrgen M\u00fcller", r"J\xfcrgen M\u{fc}ller", "Jürgen MÜLLER",
    "María José García López", "Maria Jose Garcia Lopez", "María García López",
    "maria-jose-garcia-lopez", "García López, María José",
    "Hans-Peter Schäfer-Weiß", "Hans Peter Schäfer Weiß", "Hanspeter Schaefer-Weiss",
    "HANS-PETER SCHÄFER-WEISS", "hans-peter-schaefer-weiss", "Lukasz Nunez", "lukasz-nunez",
    "ŁUKASZ NUÑEZ", "Anne-Sophie de l’Estang", "anne-sophie-de-l-estang", "Annesophie De l'Estang",
    "Soren Aberg", "Soeren Aaberg", "Sören Åberg", "Juergen von Buelow", "Jürgen von Bülows Hof",
    "Müllers Jürgen", "Åbergs Søren", "Jürgen Мüller", "Jürgеn Müller", "Wіll Υoung",
    "</p><p>Jürgen</p><p>Müller</p><p>", "</p><p>Müller</p><p>Jürgen</p><p>",
    "<table><tr><td>Jürgen</td><td>Müller</td></tr></table>",
    "</p><table><tr><td><p>Müller</p></td><td><p>Jürgen</p></td></tr></table><p>",
    "<dt>Jürgen</dt>\n<dd>Müller</dd>",
    "<tr><th>First name</th><td>Jürgen</td></tr><tr><th>Last name</th><td>Müller</td></tr>",
    "Vorname: Jürgen<br>Nachname: Müller",
    '<img src="x.jpg" alt="Jürgen Müller">', "<title>Jürgen Müller</title>",
    '<script type="application/ld+json">{"name": "J\\u00fcrgen M\\u00fcller"}</script>',
    "<content>&lt;p&gt;Jürgen &lt;b&gt;Müller&lt;/b&gt;&lt;/p&gt;</content>",
]  # fmt: skip
EMAILS = [
    "mein.garten@example.com", "mein.garten (at) example.com",
    "mein.garten(at)example.com", "mein.garten [at] example [dot] com",
    "mein.garten {AT} example.com", "mein.garten at example dot com",
    "mein.garten at example.com", "mein.garten(ät)example(punkt)com",
    "mein.garten @ example.com", "mein.garten＠example.com",
    "mein . garten @ example . com", "mein.garten @ example. com", "mein .garten@example .com",
    "mein. garten (at) example . com", "mеin.garten@exаmple.com", "hp @ münchen . example",
    "mein.garten<b>@</b>example.com", "mein.garten<span>@</span><i>example.com</i>",
    "mein.garten&#64;example&#46;com", "mein.garten%40example.com",
    "mein\u200b.garten@exam\u00adple.com", "mein.garten<!-- no spam -->@example.com",
    "'mein.garten' + '@' + 'example.com'", "moc.elpmaxe@netrag.niem",
    codecs.encode("mein.garten@example.com", "rot13"), r"mein.garten\u0040example.com",
    base64.b64encode(b"mailto:mein.garten@example.com").decode(),
    "Hp@München.example", "hp@xn--mnchen-3ya.example",
]  # fmt: skip
PHONES = [
    "+49 30 1234567", "030 12 34 567", "030/1234-567", "0049 (0) 30 123 45 67",
    "+49 (0)30 1234567",
    "(030) 1234567", "+4930 1234567", "030–1234567", "030·123·4567", "tel:+49301234567",
    "030 <b>123</b>4567", "06 12 34 56 78", "06.12.34.56.78", "+33 (0)6 12 34 56 78",
    "020 7946 0958", "+44 (0)20 7946 0958", "030\u2009123\u20094567", "030\u2011123\u20114567",
]  # fmt: skip
STREETS = [
    "Hauptstraße 5a", "Hauptstr. 5a", "Hauptstrasse 5 A", "Haupt-Str. 5a", "5a Hauptstraße",
    "5a, Hauptstrasse", "HAUPTSTRASSE 5A", "Наuptstraße 5а", "hauptstrasse-5a", "Hauptstr. Nr. 5a",
    "Hauptstr.&nbsp;5a", "5, rue de l’Église", "5 rue de l'Eglise", "5, RUE DE L'EGLISE",
    "rue de l'Église 5", "5-rue-de-l-eglise", "12 Main St", "12, Main St.", "Main Street 12",
    "12 main street", "Straße des 17. Juni 135", "Str. des 17. Juni 135", "Am Markt 12",
    "Zahngasse 8-7", "Zahngasse 8 / 7", "44 Old Mill Ln", "44 Old Mill Lane",
]  # fmt: skip
BIRTHDAYS = [
    "29.02.1984", "29.2.1984", "29.02.84", "02/29/84", "29/02/84", "geb. 29.2.84", "*29.2.84",
    "born 2/29/84", "née le 29/2/84", "29. Feb. 1984", "29. Februar 84", "29 février 1984",
    "le 29 février 84", "February 29th, 1984", "Feb 29, ’84", "29th of February 1984",
    "February the 29th, 1984", "Feb. the 29th '84", "February, the 29th of 1984",
    "29th day of February in 1984",
    "29-Feb-1984", "1984, February 29", "1984/02/29", "29 de febrero de 1984", "1984年2月29日",
    "19840229", "29.\u00a0Februar\u00a01984", "29<sup>th</sup> February 1984",
    "1984-02-29T00:00:00Z",
]  # fmt: skip
IDS = [
    "K-1042", "K1042", "k1042", "K 1042", "k 1042", "K_1042", "K/1042", "k-1042", "/kunden/k1042/",
    "ab12-777", "AB12777", "AB 12 777", "2024-0815", "20240815", "2024/0815",
]  # fmt: skip
SPELLINGS = {
    "full name": NAMES,
    "email address": EMAILS,
    "phone number": PHONES,
    "street": STREETS,
    "birthday": BIRTHDAYS,
    "id": IDS,
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in SPELLINGS.items() for text in texts]
)
def test_values_are_found_as_people_write_them(kind: str, text: str) -> None:
    """Also transliterated, in the genitive, abbreviated, split by tags, and spelt out.

    And with letters of other scripts that look the same, and parted by cells and blanks.
    """
    assert kinds(f"<p>As they say, {text}, and so on.</p>") == [kind]


@pytest.mark.parametrize(
    "text",
    [
        # Words and other people.
        "we will young people invite", "An Noun is a word", "an-noun", "J. Müller", "Herr Müller",
        "Jürgen Müllersdorf", "Jürgen Meyer", "Jürgen. So said Frau Müller", "María López",
        "<li>Anna Müller</li><li>Jürgen Meyer</li>", "Hans Schäfer",
        "Anna Müller, Jürgen Meyer", "Anna Müller\nJürgen Meyer", "Jürgen, Müller",
        "Müller [Jürgen]", "Will-Young Smith", "Will\\Young",
        "Will {Young}", "youngwill", "willyoungs", "Müllers, Jürgen Meyer", "Wіll young people",
        "</p><p>Anna Müller</p><p>Jürgen</p><p>", "</p><p>Müller</p><p>Jürgen Meyer</p><p>",
        # Streets without their number, or with another one.
        "Hauptstraße", "Hauptstr. 5", "Hauptstraße 15a", "5 Straßen", "12 Main Squares",
        "12 main dishes",
        "Markt 12", "12 Am Markt", "rue de l'Église 55", "Juni 135", "1 Hill",
        # Days without a year, and what only looks like a date.
        "29. Februar", "29.02.", "February 29", "version 2.29.84", "10.29.02.84", "29.02.84.1",
        "29:02:84", "page 29, 02, 84", "February the 29th", "the 29th of 1984",
        # Numbers and ids.
        "1042", "K-10421", "K-104", "JK-1042", "in 2024", "In 2024", "K. Then 1042 more",
        "30 1234568",
        "v1.1042", "at example.com", "juergen at example.com", "mueller@example.com",
    ],
)  # fmt: skip
def test_neighbours_are_no_leak(text: str) -> None:
    """What a customer's value resembles, and identifies nobody."""
    assert kinds(f"<p>As they say, {text}, and so on.</p>") == []
