"""Open parts of a layout come out of MJML and CSS inlining where they went in, or are refused."""

from __future__ import annotations

import re

import html5lib
import pytest
from render.pipeline import Edition, read, refusal

from newsletter.render import tokens
from newsletter.render.late import Body

IF, END = "{% if customer.vip %}", "{% endif %}"


def section(inner: str) -> str:
    """Return a section with one column."""
    return f"<mj-section><mj-column>{inner}</mj-column></mj-section>"


def layout(body: str, head: str = "") -> str:
    """Return a whole layout."""
    return f"<mjml><mj-head>{head}</mj-head><mj-body>{body}</mj-body></mjml>"


SURVIVES = {
    "between sections": IF + section("<mj-text>Shown</mj-text>") + END + section(""),
    "in a wrapper, inside Outlook's comments": (
        f"<mj-wrapper>{IF}{section('<mj-text>Shown</mj-text>')}{END}"
        f"{section('<mj-text>b</mj-text>')}</mj-wrapper>"
    ),
    "between columns": (
        f"<mj-section>{IF}<mj-column><mj-text>Shown</mj-text></mj-column>{END}"
        "<mj-column><mj-text>b</mj-text></mj-column></mj-section>"
    ),
    "in a group": (
        f"<mj-section><mj-group>{IF}<mj-column><mj-text>Shown</mj-text></mj-column>{END}"
        "<mj-column><mj-text>b</mj-text></mj-column></mj-group></mj-section>"
    ),
    "in a column": section(f"{IF}<mj-text>Shown</mj-text><mj-divider />{END}<mj-spacer />"),
    "in a text": section(f"<mj-text><p>a</p>{IF}<p>Shown</p>{END}</mj-text>"),
    "in a line": section(f"<mj-text><p>a {IF}Shown{END} b</p></mj-text>"),
    "first row of a table": section(
        f"<mj-table>{IF}<tr><td>Shown</td></tr>{END}<tr><td>b</td></tr></mj-table>"
    ),
    "last row of a table": section(
        f"<mj-table><tr><td>b</td></tr>{IF}<tr><td>Shown</td></tr>{END}</mj-table>"
    ),
    "in a body of a table": section(
        f"<mj-table><tbody>{IF}<tr><td>Shown</td></tr>{END}</tbody></mj-table>"
    ),
    "in raw HTML": f"<mj-raw>{IF}<p>Shown</p>{END}</mj-raw>{section('<mj-text>b</mj-text>')}",
    "in an accordion": section(
        '<mj-accordion icon-wrapped-url="/open.png" icon-unwrapped-url="/close.png">'
        f"{IF}<mj-accordion-element><mj-accordion-text>Shown</mj-accordion-text>"
        f"</mj-accordion-element>{END}</mj-accordion>"
    ),
}


@pytest.mark.parametrize("case", SURVIVES)
def test_a_condition_survives(case: str) -> None:
    """Both branches give valid HTML; only customers for whom it holds read its content."""
    template = Edition().html(layout=layout(SURVIVES[case]))

    for vip in (True, False):
        html = read(template, vip=vip)
        html5lib.HTMLParser(strict=True).parse(html)
        assert ("Shown" in html) is vip
        assert "\ue000" not in html and "{%" not in html
        assert html.count("<!--[if") == html.count("<![endif]")


def test_outlook_reads_whole_tables_in_both_branches() -> None:
    """In a wrapper the condition goes inside Outlook's comments, with its table rows."""
    template = Edition().html(layout=layout(SURVIVES["in a wrapper, inside Outlook's comments"]))

    for vip in (True, False):
        html = read(template, vip=vip)
        for_outlook = html.replace("<!--[if mso | IE]>", "").replace("<![endif]-->", "")
        assert for_outlook.count("<table") == for_outlook.count("</table>")
        assert for_outlook.count("<tr") == for_outlook.count("</tr>")
        assert for_outlook.count("<td") == for_outlook.count("</td>")


def test_a_list_of_the_customer_makes_rows() -> None:
    """A loop may go between the rows of a table."""
    rows = "{% for tag in customer.tags %}<tr><td>{{ tag }}</td></tr>{% endfor %}"
    template = Edition().html(layout=layout(section(f"<mj-table>{rows}</mj-table>")))

    assert "<tr><td>pens</td></tr><tr><td>ink</td></tr>" in read(template)


def test_a_hidden_column_leaves_a_gap() -> None:
    """A limit of MJML, described in docs/templates.md: widths are those with all columns shown."""
    template = Edition().html(layout=layout(SURVIVES["between columns"]))

    assert read(template, vip=True).count("mj-column-per-50") > 1
    assert "mj-column-per-50" in read(template, vip=False)
    assert "mj-column-per-100" not in read(template, vip=False)


def test_the_title_is_escaped_for_each_place_it_is_copied_to() -> None:
    """MJML copies it into aria-label: text in one place, an attribute in the other."""
    title = f"<mj-title>For {{{{ customer.city }}}}{IF}!{END}</mj-title>"
    template = Edition().html(layout=layout(section("<mj-text>x</mj-text>"), title))
    html = read(template, city='"><script>')

    assert "<title>For &#34;&gt;&lt;script&gt;!</title>" in html
    assert 'aria-label="For &#34;&gt;&lt;script&gt;!"' in html


def test_a_condition_may_choose_an_attribute() -> None:
    """The whole value, or a part; MJML copies colours to several places."""
    text = f'<mj-text color="{IF}red{{% else %}}blue{END}" css-class="a {IF}b{END}">x</mj-text>'
    template = Edition().html(layout=layout(section(text)))

    assert "color:red" in read(template) and 'class="a b"' in read(template)
    assert "color:blue" in read(template, vip=False) and 'class="a "' in read(template, vip=False)


def test_styles_take_colours_and_lengths_only() -> None:
    """Letters, digits and `# . , % -`; nothing that could end a declaration (standards I3)."""
    text = '<mj-text color="{{ customer.city }}">x</mj-text>'
    head = "<mj-style>.a { color: {{ customer.city }} }</mj-style>"
    template = Edition().html(layout=layout(section(text), head))

    assert read(template, city="#aa0").count("#aa0") >= 2
    for hostile in ("red;background:url(x)", "red}", "url(x)", "red/**/", 'a"b', "expression(x)"):
        with pytest.raises(Exception, match="cannot stand in a style"):
            read(template, city=hostile)


def test_attributes_keep_joiners_accents_quotes_and_backslashes() -> None:
    r"""mrml prints them in Rust's debug form: `👩\u{200d}👧`."""
    image = '<mj-image src="x.png" alt="👩‍👧 Zoë ’ C:\\n &#34;q&#34; {{ customer.city }}" />'
    single = "<mj-text><p title='say \"a\\b\"'>x</p></mj-text>"
    template = Edition().html(layout=layout(section(image + single)))
    (alt,) = [
        element.get("alt")
        for element in html5lib.parse(read(template), namespaceHTMLElements=False).iter("img")
    ]
    (title,) = [
        element.get("title")
        for element in html5lib.parse(read(template), namespaceHTMLElements=False).iter("p")
    ]

    assert alt == '👩‍👧 Zoë ’ C:\\n "q" Berlin'
    assert title == 'say "a\\b"'


def test_blanks_between_words_stay() -> None:
    """mrml drops blanks with a line end between two inline elements."""
    (template,) = Edition().html(layout=layout(section("<mj-text><i>y</i>\n<u>z</u></mj-text>")))

    assert "<i>y</i> <u>z</u>" in str(template)


def test_nothing_is_loaded_from_elsewhere() -> None:
    """Neither fonts, which mrml would import from Google, nor icons."""
    (template,) = Edition().html(layout=layout(section("<mj-text>x</mj-text>")))

    assert isinstance(template, str)
    assert "googleapis" not in template and "@import" not in template
    assert not re.findall(r"(?:src|href)=\"?http", template)


def test_inline_styles_of_the_layout_reach_the_bodies() -> None:
    """A body does not go through MJML, but is styled like the layout."""
    head = '<mj-style inline="inline">.body p { margin: 7px }</mj-style>'
    text = '<mj-text css-class="body">{{ body }}</mj-text>'
    template = Edition().html("Hello {{ customer.city }}", layout(section(text), head))

    assert '<p style="margin: 7px;">Hello Berlin</p>' in read(template)
    assert "mj-style" not in template


def test_a_body_that_breaks_mjml_does_no_harm() -> None:
    """Bodies go around MJML, which `<wbr>`, form feeds, `a < b` and the like would break."""
    template = Edition().html("a < b & c <wbr> \f `</mj-text><mj-raw>` -- --> x")

    assert "&lt;/mj-text&gt;&lt;mj-raw&gt;" in read(template)


REFUSED = {
    "numeric attribute": (
        section('<mj-image src="x.png" alt="" width="{{ customer.points }}px" />'),
        "'customer.points' is in a place where MJML would lose or move it",
    ),
    "width of a column": (
        '<mj-section><mj-column width="{{ customer.points }}%"></mj-column></mj-section>',
        "'customer.points' is in a place where MJML would lose or move it",
    ),
    "tag name": (
        section("<mj-text><{{ customer.city }}>x</b></mj-text>"),
        "a customer's value in the name of a tag or attribute: customer.city",
    ),
    "attribute name": (
        section('<mj-text {{ customer.city }}="x">x</mj-text>'),
        "a customer's value in the name of a tag or attribute: customer.city",
    ),
    "condition in a tag": (
        section(f'<mj-text {IF}color="red"{END}>x</mj-text>'),
        "a customer's value in the name of a tag or attribute: customer.vip",
    ),
    "condition across elements": (
        section(f"<mj-text>{IF}<b>{END}x{IF}</b>{END}</mj-text>"),
        "a condition that cuts an element in two: customer.vip",
    ),
    "background": (
        '<mj-section background-url="https://a.example/{{ customer.city }}.png"></mj-section>',
        "a customer's value in the address of a picture: customer.city",
    ),
    "script": (
        "<mj-raw><script>a('{{ customer.city }}')</script></mj-raw>",
        "a customer's value in a tag's or attribute's name, a script or an event: customer.city",
    ),
    "event": (
        section('<mj-text><p onclick="a({{ customer.city }})">x</p></mj-text>'),
        "a customer's value in a tag's or attribute's name, a script or an event: customer.city",
    ),
    "host": (
        section('<mj-button href="https://{{ customer.city }}.example/">x</mj-button>'),
        "a customer's value in the middle of a web address's host: customer.city",
    ),
    "condition in an address": (
        section(f'<mj-button href="https://x.example/{IF}a{END}">x</mj-button>'),
        "a condition inside an address, or across the borders of an attribute",
    ),
    "text between rows": (
        section(f"<mj-table><tr><td>a</td></tr>{IF}Shown{END}</mj-table>"),
        "'customer.vip' is in a place where CSS inlining would lose or move it",
    ),
    "body in an attribute": (
        section('<mj-image src="x.png" alt="{{ body }}" />'),
        "a body is printed in an attribute, a title, a style or between rows",
    ),
    "body in a table": (
        section("<mj-table>{{ body }}</mj-table>"),
        "a body is printed in an attribute, a title,",
    ),
    "filtered body": (
        section("<mj-text>{{ body | upper }}</mj-text>"),
        "a text that differs from customer to customer can only be printed as it is",
    ),
    "late body": (
        section(
            "<mj-text>{% for b in bodies | select('in', customer.tags) %}{{ b }}{% endfor %}"
            "</mj-text>"
        ),
        "'bodies' (Body) is no plain value and cannot be used with customer",
    ),
    "broken MJML": (section("<mj-text>x<p></mj-text>"), "MJML: "),
}


@pytest.mark.parametrize("case", REFUSED)
def test_open_parts_that_would_be_lost_or_dangerous_are_refused(case: str) -> None:
    """The error names the part, and the line of the layout."""
    source, message = REFUSED[case]
    edition = Edition()
    bodies = [Body("<p>x</p>", tokens.token(tokens.BODY, 0))]

    problem = refusal(edition.html, "b", layout(source), bodies=bodies)

    assert message in problem.message
    assert problem.at and problem.at.path == "layout.mjml"
    assert problem.hint


def test_a_style_to_be_inlined_is_the_same_for_everybody() -> None:
    """css-inline would copy a customer's value to any number of places."""
    head = '<mj-style inline="inline">p { color: {{ customer.city }} }</mj-style>'

    problem = refusal(Edition().html, "b", layout(section("<mj-text>x</mj-text>"), head))

    assert "CSS inlining" in problem.message


def test_a_layout_of_a_million_characters_is_refused() -> None:
    """Each section becomes a thousand characters, which are gone through a dozen times."""
    sections = "<mj-section><mj-column><mj-text>{{ i }}</mj-text></mj-column></mj-section>"
    layout = "<mjml><mj-body>{%% for i in range(%d) %%}%s{%% endfor %%}</mj-body></mjml>"
    assert Edition().html(layout=layout % (10, sections))
    problem = refusal(Edition().html, layout=layout % (1500, sections))
    assert problem.message == "the layout makes more than 1,000,000 characters of HTML"
    assert str(problem.at) == "layout.mjml:1"
