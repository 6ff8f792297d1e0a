"""Markdown: real posts beside cmark-gfm, GitHub's own program; their structures and times."""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from xml.etree.ElementTree import Element

import cmarkgfm
import html5lib
from cmarkgfm.cmark import Options

from newsletter.render.late import RefusedError
from newsletter.render.markdown import to_html

FRONT_MATTER = re.compile(r"\A(?:(---|\+\+\+)\n.*?\n\1\n|(?:[A-Z]\w+: .*\n)+\n)", re.S)
"""Front matter in YAML, TOML, or as lines of `Key: value`."""
LIQUID = re.compile(r"\{\{.*?\}\}|(\{%.*?%\})")
"""Values and tags of the sites' own programs, which fill them in before they read Markdown."""
IGNORED = frozenset({"html", "head", "body", "aside", "div", "section", "span", "input"})
"""Wrappers without a look of their own, and the boxes of tasks, which we write as characters."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="posts: *.md, at any depth")
    parser.add_argument("--posts", type=int, default=100, help="of each folder, chosen at random")
    options = parser.parse_args()
    posts = [post for folder in options.folders for post in chosen(folder, options.posts)]
    texts = [text for _, text in posts]
    thousands = sum(map(len, texts)) / 3_000
    for name, convert in (("this program", converted), ("cmark-gfm", github)):
        print(f"{name}: {seconds(convert, texts) / thousands * 1e3:.2f} ms for 3,000 characters")
    differing, refused = [], []
    for path, text in posts:
        try:
            ours = structure(to_html(text))
        except RefusedError as error:
            refused.append(f"{path}: {error}")
            continue
        theirs = structure(github(text))
        if ours != theirs:
            differing.append(f"{path}: {first_difference(ours, theirs)}")
    print(f"{len(posts)} posts: {len(differing)} differ, {len(refused)} refused")
    print(*differing, *refused, sep="\n")


def chosen(folder: Path, number: int) -> Iterator[tuple[Path, str]]:
    """Yield *number* posts of *folder*, the same in each run, without their front matter."""
    paths = sorted(folder.rglob("*.md"))
    for path in random.Random(1).sample(paths, min(number, len(paths))):
        body = FRONT_MATTER.sub("", path.read_text("utf-8").replace("\r\n", "\n"))
        yield path, LIQUID.sub(lambda match: "" if match[1] else "value", body)


def github(text: str) -> str:
    """Return the HTML of GitHub's Markdown, with notes."""
    flags = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    flags |= Options.CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE
    return str(cmarkgfm.github_flavored_markdown_to_html(text, flags))


def converted(text: str) -> str:
    """Return our HTML, or nothing for a text that is refused."""
    try:
        return to_html(text)
    except RefusedError:
        return ""


def structure(html: str) -> list[str]:
    """Return the tags of *html* in order."""
    root = html5lib.parse(html, namespaceHTMLElements=False)
    return list(tags(root))


def tags(element: Element, parent: str = "") -> Iterator[str]:
    """Yield the tags of *element*, without comments, wrappers, and paragraphs of items."""
    if not isinstance(element.tag, str):
        return
    if "data-footnotes" in element.attrib:
        yield from ("<hr>", "</hr>")  # ours; a border by CSS at GitHub
    name = "h2" if element.tag == "h1" else element.tag  # above our texts stands their title
    shown = name not in IGNORED and not (name == "p" and parent == "li")
    if shown:
        yield f"<{name}>"
    for child in element:
        yield from tags(child, name)
    if shown:
        yield f"</{name}>"


def first_difference(ours: Sequence[str], theirs: Sequence[str]) -> str:
    """Return the tags around the first difference."""
    at = next(i for i, (a, b) in enumerate(zip_longest(ours, theirs)) if a != b)
    part = slice(max(at - 2, 0), at + 4)
    return f"ours {''.join(ours[part])}, GitHub's {''.join(theirs[part])}"


def seconds(convert: Callable[[str], str], texts: Sequence[str]) -> float:
    """Return the CPU time of converting *texts*."""
    begin = time.process_time()
    for text in texts:
        convert(text)
    return time.process_time() - begin


if __name__ == "__main__":
    main()
