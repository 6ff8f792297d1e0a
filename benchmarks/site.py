"""The site: entries of 450 words built from nothing, again, and after one edit; with rivals."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

TODAY = "2026-11-03"
WORDS = 450
PELICAN, ELEVENTY = "pelican[markdown]==4.12.0", "@11ty/eleventy@3.1.8"
CACHES = ("output", ".output.cache", "public", "_site")
"""What a build from nothing may not find."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=3, help="the fastest counts")
    parser.add_argument("--rivals", type=Path, help="where Pelican and Eleventy are, or are put")
    parser.add_argument("--alone", action="store_true", help="measure this program only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        tools = Path(options.rivals or Path(temporary) / "rivals").absolute()
        sites = [OURS] if options.alone else [OURS, pelican(tools), eleventy(tools)]
        print(f"load of the machine: {os.getloadavg()[0]:.1f}, cores: {os.cpu_count()}")
        for number in options.entries:
            measure(sites, number, Path(temporary) / str(number), rounds=options.rounds)


# --- what is built ---


@dataclass(frozen=True, kw_only=True)
class Text:
    """An entry, independent of a program's format."""

    name: str
    day: str
    title: str
    paragraphs: tuple[str, ...]
    """Markdown; `{link}` stands where another entry is named."""
    neighbour: str


def texts(number: int) -> Iterator[Text]:
    """Yield the same entries for the same number: headings, lists, links, emphasis, 450 words."""
    chance = random.Random(450)
    for i in range(number):
        year, month, day = 2006 + i % 20, 1 + i // 20 % 12, 1 + i // 240 % 28
        yield Text(
            name=f"entry-{i:05}",
            day=f"{year}-{month:02}-{day:02}",
            title=f"{sentence(chance, 5)} {i}",
            paragraphs=tuple(paragraphs(chance)),
            neighbour=f"entry-{(i * 7 + 1) % number:05}",
        )


def paragraphs(chance: random.Random) -> Iterator[str]:
    """Yield the blocks of one entry."""
    for part in range(5):
        yield f"## {sentence(chance, 4)}"
        yield f"{prose(chance, 38)} *{prose(chance, 3)}*, **{prose(chance, 2)}**."
        if part % 2:
            yield "\n".join(f"- {prose(chance, 7)}" for _ in range(4))
            yield f"{prose(chance, 12)} [as it was]({{link}}), `{prose(chance, 1)}`."
        else:
            address = f"https://example.org/{part}/{prose(chance, 1)}?a=1&b=2"
            yield f"> {prose(chance, 14)}"
            yield f"{prose(chance, 26)} [{prose(chance, 2)}]({address})."


def sentence(chance: random.Random, number: int) -> str:
    """Return that many words with a capital."""
    return prose(chance, number).capitalize()


def prose(chance: random.Random, number: int) -> str:
    """Return that many words."""
    words = _VOCABULARY.split()
    return " ".join(chance.choice(words) for _ in range(number))


_VOCABULARY = """
    paper ink morning letter shop coffee window winter bicycle parcel customer table notebook
    pen thread glue shelf a the of and in with for we you they are was make write carry open
    close ask answer small green old new quiet late early warm three seven often never again
"""


# --- the programs ---


@dataclass(frozen=True, kw_only=True)
class Program:
    """A site generator: how its project is written, and the command that builds it."""

    name: str
    folder: str
    """Where the entries lie."""
    entry: Callable[[Text], str]
    files: dict[str, str]
    """Path → text of what else a project needs."""
    command: Sequence[str]
    page: str
    """One page that must be there afterwards."""


OURS = Program(
    name="this program",
    folder="content/updates",
    entry=lambda text: (
        f"---\ntitle: {text.title}\ndate: {text.day}\nsummary: {text.title}, told in brief.\n"
        f"---\n\n{body(text, text.neighbour + '.md')}"
    ),
    files={
        "content/newsletter.yml": """\
example: true
business:
  name: Paper & Bean
  tagline: Stationery and coffee
  postal_address: Paper & Bean, 12 Lindenstrasse, 10969 Berlin
  country: DE
  website: https://paperandbean.example.com
  email: hello@example.com
sender:
  name: Paper & Bean
  email: hello@example.com
links:
  unsubscribe: https://example.com/unsubscribe/{token}
team:
  - id: maya
    name: Maya Lindqvist
    role: Paper
    email: maya@example.com
consent:
  everyone: true
  basis: customers who asked for our letter in the shop
  since: 2020-01-01
""",
        "content/customers/customers.csv": "id,name,email\nc1,Ada Byron,ada@example.com\n",
        "content/issues/2026-10.md": (
            "---\ntitle: News\nsubject: News\npreheader: What is new.\ndate: 2026-10-01\n---\n"
            "Hello.\n"
        ),
        "content/customers/secret.txt": "nobody-else-knows-this\n",
    },
    command=[
        *(sys.executable, "-c", "from newsletter.commands import main; main()"),
        *("build", "--quiet", "--today", TODAY),
    ],
    page="output/site/updates/entry-00000/index.html",
)


def pelican(tools: Path) -> Program:
    """Return Pelican with its default theme, in a virtual environment below *tools*."""
    program = tools / "pelican" / "bin" / "pelican"
    if not program.exists():
        run([sys.executable, "-m", "venv", str(tools / "pelican")])
        run([str(program.with_name("pip")), "install", "-q", PELICAN])
    return Program(
        name="Pelican 4.12.0",
        folder="content",
        entry=lambda text: (
            f"Title: {text.title}\nDate: {text.day}\nSlug: {text.name}\n"
            f"Summary: {text.title}, told in brief.\n\n"
            f"{body(text, '{filename}' + text.neighbour + '.md')}"
        ),
        files={
            "pelicanconf.py": "PATH, OUTPUT_PATH = 'content', 'public'\nTIMEZONE = 'UTC'\n"
            "SITENAME, SITEURL = 'Paper & Bean', 'https://paperandbean.example.com'\n"
            "DEFAULT_PAGINATION = False\nFEED_ALL_ATOM = 'feed.xml'\n"
        },
        command=[str(program), "-q", "-s", "pelicanconf.py"],
        page="public/entry-00000.html",
    )


def eleventy(tools: Path) -> Program:
    """Return Eleventy with a plain layout, a list and a feed, installed by npm below *tools*."""
    program = tools / "eleventy" / "node_modules" / ".bin" / "eleventy"
    if not program.exists():
        if not shutil.which("npm"):
            sys.exit("Eleventy needs Node.js and npm: apt-get install nodejs npm")
        run(["npm", "install", "--silent", "--prefix", str(tools / "eleventy"), ELEVENTY])
    return Program(
        name="Eleventy 3.1.8",
        folder="entries",
        entry=lambda text: (
            f"---\ntitle: {text.title}\ndate: {text.day}\nlayout: entry.njk\ntags: entry\n"
            f"summary: {text.title}, told in brief.\n---\n\n"
            f"{body(text, '../' + text.neighbour + '/')}"
        ),
        files={
            "_includes/entry.njk": "<!doctype html><html lang=en><title>{{ title }}</title>"
            "<main><h1>{{ title }}</h1><p>{{ summary }}</p>{{ content | safe }}</main></html>",
            "index.njk": "<!doctype html><html lang=en><title>Entries</title><ul>"
            "{% for post in collections.entry | reverse %}<li><a href='{{ post.url }}'>"
            "{{ post.data.title }}</a> {{ post.data.summary }}</li>{% endfor %}</ul></html>",
            "feed.njk": "---\npermalink: /feed.xml\n---\n<feed>{% for post in "
            "collections.entry | reverse %}{% if loop.index < 20 %}<entry>"
            "<title>{{ post.data.title }}</title></entry>{% endif %}{% endfor %}</feed>",
        },
        command=[str(program), "--quiet"],
        page="_site/entries/entry-00000/index.html",
    )


def body(text: Text, link: str) -> str:
    """Return the Markdown of an entry."""
    return "\n\n".join(text.paragraphs).replace("{link}", link) + "\n"


def write(program: Program, folder: Path, number: int) -> None:
    """Write a project of that many entries."""
    for path, content in program.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    (folder / program.folder).mkdir(parents=True, exist_ok=True)
    for text in texts(number):
        (folder / program.folder / f"{text.name}.md").write_text(program.entry(text))


# --- measuring ---


@dataclass(frozen=True)
class Cost:
    """The cost of one build."""

    wall: float
    cpu: float
    peak: int
    """Megabytes."""


def measure(programs: Sequence[Program], number: int, folder: Path, *, rounds: int) -> None:
    """Print a table of each program's costs for that many entries."""
    best: dict[tuple[str, str], Cost] = {}
    for program in programs:
        write(program, folder / program.name, number)
    for _ in range(rounds):
        for program in programs:
            for what, cost in builds(program, folder / program.name):
                before = best.get((program.name, what), cost)
                best[program.name, what] = min(before, cost, key=lambda cost: cost.cpu)
    print(f"\n{number:,} entries of {WORDS} words; seconds of CPU, wall clock, peak memory")
    for what in ("from nothing", "unchanged", "one changed"):
        ours = best[OURS.name, what]
        for program in programs:
            cost = best[program.name, what]
            print(
                f"{what:13} {program.name:15} {cost.cpu:7.2f} {cost.wall:7.2f} "
                f"{cost.peak:6,} MB   {cost.cpu / ours.cpu:6.2f} times as long"
            )


def builds(program: Program, project: Path) -> Iterator[tuple[str, Cost]]:
    """Build from nothing, again, and after an edit of one entry; yield the cost of each."""
    for cache in CACHES:
        shutil.rmtree(project / cache, ignore_errors=True)
    yield "from nothing", cost_of(program.command, project)
    assert "<h1" in (project / program.page).read_text(), program.name
    yield "unchanged", cost_of(program.command, project)
    entry = project / program.folder / "entry-00000.md"
    edited = f"edited at {time.time_ns()}"
    entry.write_text(f"{entry.read_text()}\n{edited}\n")
    yield "one changed", cost_of(program.command, project)
    assert edited in (project / program.page).read_text(), program.name


def cost_of(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end."""
    started = time.perf_counter()
    # Without compiled code on disk, each run would first compile its own program.
    surroundings = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, env=surroundings)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode} in {folder}")
    return Cost(
        time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024
    )


def run(command: Sequence[str]) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
