"""How private/index.html looks, and its search box, which the page can do without."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --paper: #f6f4f0; --card: #fff; --ink: #26231f; --soft: #635d55;
  --line: #e2dcd2; --link: #1d4e89; --tint: #eee9e0; }
@media (prefers-color-scheme: dark) { :root { --paper: #171513; --card: #211e1b; --ink: #efeae2;
  --soft: #b3aa9d; --line: #3a352f; --link: #9cc4f2; --tint: #2b2723; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header, main { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
main { padding-bottom: 4rem; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; text-wrap: balance; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; }
h2 span { margin-left: .3rem; padding: .1rem .55rem; border-radius: 1rem;
  background: var(--tint); color: var(--soft); font-size: .85rem; font-weight: 600; }
p { margin: .25rem 0 1rem; color: var(--soft); }
.business { margin: 0 0 .25rem; font-size: .9rem; font-weight: 600; letter-spacing: .02em; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, input:focus-visible { outline: 3px solid var(--link);
  outline-offset: 2px; border-radius: 4px; }
ul { list-style: none; margin: 0; padding: 0; }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0 1.25rem; }
.tiles li { flex: 1 1 5.5rem; padding: .8rem 1rem; border: 1px solid var(--line);
  border-radius: 12px; background: var(--card); color: var(--soft); }
.tiles strong { display: block; color: var(--ink); font-size: 1.8rem; line-height: 1.15; }
.files { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 1rem 0 0;
  color: var(--soft); }
table { width: 100%; border-collapse: separate; border-spacing: 0; border: 1px solid var(--line);
  border-radius: 12px; background: var(--card); overflow: hidden; }
th, td { padding: .6rem 1rem; border-top: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: break-word; }
thead th { border-top: 0; background: var(--tint); color: var(--soft); font-size: .85rem; }
tbody th { font-weight: 600; }
td.edition, td.file, .editions tbody th { white-space: nowrap; }
td[dir=rtl] { text-align: right; }
small { display: block; color: var(--soft); font-weight: 400; overflow-wrap: anywhere; }
#search input { width: 100%; margin: 1.5rem 0 0; padding: .65rem 1rem;
  border: 1px solid var(--soft); border-radius: 10px; background: var(--card); color: var(--ink);
  font: inherit; }
.names { columns: 15rem; column-gap: 2rem; margin-top: .4rem; color: var(--soft); }
.names li { padding: .1rem 0; break-inside: avoid; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  .editions :is(th, td):nth-child(2) { display: none; }
  .people thead { position: absolute; clip-path: inset(50%); }
  .people, .people tbody { display: block; }
  .people tr { display: grid; grid-template-columns: 1fr auto; gap: .1rem 1rem;
    padding: .8rem 1rem; border-top: 1px solid var(--line); }
  .people tbody tr:first-child { border-top: 0; }
  .people th, .people td { padding: 0; border: 0; }
  .people .subject { grid-column: 1 / -1; grid-row: 2; }
  .people .file { grid-column: 2; grid-row: 1; }
  .people :is(.edition, .instead) { grid-column: 1 / -1; color: var(--soft);
    font-size: .85rem; }
  .instead::before { content: "Instead: "; }
}
.people tr[hidden] { display: none; }
@media print { tr { break-inside: avoid; } #search { display: none; } }
"""

SEARCH = """
const rows = [...document.querySelectorAll('.people tbody tr')];
if (rows.length > 8) {
  const plain = text => text.normalize('NFD').replace(/\\p{M}/gu, '').toLowerCase();
  const texts = rows.map(row => plain(row.textContent));
  const input = document.createElement('input');
  input.type = 'search';
  input.placeholder = 'Search a name, an address or a subject';
  input.setAttribute('aria-label', input.placeholder);
  input.addEventListener('input', () => {
    const words = plain(input.value).split(/\\s+/);
    rows.forEach((row, i) => { row.hidden = !words.every(word => texts[i].includes(word)); });
  });
  document.getElementById('search').append(input);
}
"""
