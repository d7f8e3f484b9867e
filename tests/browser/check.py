"""Opens report.html in headless Chromium and checks what a reader relies on, in every language.

No console error, no request that leaves the file, the sections in their order, every figure with size, words and a name, no
page wider than a phone, nothing cut on paper; headings, names and focus order for keyboards and screen readers. Usage: check.py DRSIM [--shots DIR]; without a browser it says "skipped: no Chromium".
"""

import pathlib
import re
import subprocess
import sys
import tempfile

from chromium import Chromium, begin

ROOT = pathlib.Path(__file__).resolve().parents[2]
DESK, PHONE = (1280, 900), (390, 844)
# A4 without its margins (13 mm left and right, 14 mm above and below) at 96 dots an inch.
PAPER = (695, 1017)

FIGURES = """[...document.querySelectorAll('figure')].map(f => {
  const shown = [...f.querySelectorAll('svg')].filter(s => getComputedStyle(s).display !== 'none');
  const box = shown[0]?.getBoundingClientRect();
  return {id: f.id, shown: shown.length, width: box?.width ?? 0, height: box?.height ?? 0,
    words: shown[0]?.querySelectorAll('text').length ?? 0,
    smallest: Math.min(...[...(shown[0]?.querySelectorAll('text') ?? [])].map(t => t.getBoundingClientRect().height)),
    title: shown[0]?.querySelector('title')?.textContent.length ?? 0,
    description: shown[0]?.querySelector('desc')?.textContent.length ?? 0};
})"""
# What a review goes through, in this order; a page may lack some.
SECTIONS = ("claims waterfall recovery loss designs duel front money worth exceedance availability sensitivity map capacity "
            "latency law assumptions worst-year method").split()
# What a page of a scenario with files on a link, money and two regions must have.
FULL = {"waterfall", "recovery", "loss", "duel", "front", "money", "worth", "exceedance", "sensitivity", "map", "worst-year"}
READER = """(() => { const wrong = [];
  const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map(h => +h.tagName[1]);
  if (levels.filter(l => l === 1).length !== 1 || levels[0] !== 1) wrong.push('one h1, first: ' + levels.slice(0, 5));
  levels.forEach((l, i) => { if (i && l > levels[i - 1] + 1) wrong.push('a heading skips a level: ' + i); });
  const named = e => (e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') ?? '').split(' ')
    .map(id => document.getElementById(id)?.textContent ?? '').join(' ')).trim();
  for (const e of document.querySelectorAll('[role=img], [role=region], table:not(.claims, .verdicts, .designs, .inputs), nav'))
    if (!named(e)) wrong.push('no name: ' + e.outerHTML.slice(0, 80));
  for (const e of document.querySelectorAll('svg:not([role=img], [aria-hidden])')) wrong.push('a drawing without a role: ' + e.id);
  for (const e of document.querySelectorAll('thead th')) if (!e.scope && e.textContent) wrong.push('th: ' + e.textContent);
  if (document.querySelector('[tabindex]:not([tabindex="0"])')) wrong.push('a focus order of its own');
  const first = document.querySelector('a, button, summary, [tabindex]');
  if (!first.matches('a.skip')) wrong.push('the first stop does not skip to the claims');
  for (const e of document.querySelectorAll('.wide')) if (e.tabIndex !== 0) wrong.push('scrolls, but not by keyboard');
  return wrong; })()"""
# Elements that stick out of the page, unless they lie in an area that scrolls by itself.
TOO_WIDE = """[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > %d
  && !e.closest('.wide') && !e.closest('svg')).map(e => e.tagName + '.' + e.className).slice(0, 5)"""
CUT_ON_PAPER = """[...document.querySelectorAll('table, tr, td, th, pre, svg.desk, figure')].filter(e => {
  const box = e.getBoundingClientRect();
  const paper = document.documentElement.clientWidth;
  const whole = ['TR', 'FIGURE'].includes(e.tagName);
  const torn = whole && (getComputedStyle(e).breakInside !== 'avoid' || box.height > %d);
  const cut = box.right > paper + 1 || e.tagName !== 'TR' && e.scrollWidth > e.clientWidth + 2;
  return getComputedStyle(e).display !== 'none' && (cut || torn);
}).map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 30)).slice(0, 5)""" % PAPER[1]


def problems_of_events(events):
    """Console errors and requests of a page."""
    for event in events:
        method, params = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            yield f"exception: {params['exceptionDetails'].get('text')}"
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            yield f"console: {params['args']}"
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            yield f"log: {params['entry']['text']}"
        elif method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if not url.startswith("data:") and not url.endswith(".html"):
                yield f"request: {url}"


def check(browser, page, shots, name):
    """Everything that is wrong with a page."""
    found = []

    def say(where, problems):
        found.extend(f"{page.name}, {where}: {problem}" for problem in problems)

    for (size, where), scheme in ((s, c) for s in ((DESK, "desk"), (PHONE, "phone")) for c in ("light", "dark")):
        browser.open(page, *size, scheme)
        say(f"{where} {scheme}", problems_of_events(browser.events))
        figures = browser.run(FIGURES)
        if len(figures) < 3:
            say(where, [f"{len(figures)} figures"])
        for f in figures:
            whole = f["shown"] == 1 and f["width"] > 300 and f["height"] > 150 and f["words"] > 5
            if not (whole and f["title"] > 20 and f["description"] > 20 and f["smallest"] >= 8):
                say(f"{where} {scheme}", [f"figure {f}"])
        width = browser.run("document.documentElement.scrollWidth")
        if width > size[0]:
            say(where, [f"{width} px wide: {browser.run(TOO_WIDE % size[0])}"])
        ink, paper = browser.run("['color', 'backgroundColor'].map(p => getComputedStyle(document.body)[p])")
        light = sum(map(int, re.findall(r"\d+", paper)[:3])) > 384
        if light != (scheme == "light") or ink == paper:
            say(where, [f"{scheme}: {ink} on {paper}"])
        if shots:
            browser.screenshot(shots / f"{name}-{where}-{scheme}.png")
            browser.screenshot(shots / f"{name}-{where}-{scheme}-whole.png", whole=True)

    # The pointer on a figure gives values; a reader finds its way without one.
    browser.open(page, *DESK)
    say("reader", browser.run(READER))
    sections = browser.run("[...document.querySelectorAll('main > section')].map(s => s.id)")
    if sections != [s for s in SECTIONS if s in sections]:
        say("order", [" ".join(sections)])
    if name.startswith("mobile_backend") and not FULL <= set(sections):
        say("sections", [f"missing: {' '.join(FULL - set(sections))}"])
    silent = browser.run("""[...document.querySelectorAll('figure')].filter(f => !f.querySelector('svg.desk .notes rect'))
      .map(f => f.id)""")
    say("pointer", [f"{figure} gives no values" for figure in silent])
    tip = browser.run("""(() => { const area = document.querySelector('#figure-recovery_ccdf svg.desk .notes rect:nth-child(20)');
      area.dispatchEvent(new PointerEvent('pointermove', {clientX: 300, clientY: 300}));
      return document.querySelector('.tip').textContent; })()""")
    if "%" not in tip:
        say("pointer", [f"no values: {tip!r}"])

    browser.open(page, *PAPER, "dark", "print")
    browser.run("dispatchEvent(new Event('beforeprint'))")
    say("paper", browser.run(CUT_ON_PAPER))
    if not browser.run("[...document.querySelectorAll('details')].every(d => d.open)"):
        say("paper", ["folded parts"])
    pdf = browser.pdf()
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    if not 3 <= pages <= 35:
        say("paper", [f"{pages} pages"])
    if shots:
        (shots / f"{name}.pdf").write_bytes(pdf)
    return found


def main():
    drsim, path, shots = begin("report in a browser")
    found = []
    with tempfile.TemporaryDirectory() as directory, Chromium(path) as browser:
        pages = []
        for scenario, lang in (("mobile_backend", "en"), ("mobile_backend", "es"), ("survivor", "en"),
                               ("first_hour", "en")):
            out = pathlib.Path(directory) / f"{scenario}-{lang}"
            subprocess.run([drsim, "report", f"scenarios/{scenario}.toml", "-n", "2000", "--lang", lang,
                            "--quiet", "--out", out], cwd=ROOT, check=True)
            pages.append((out / "report.html", out.name))
        for page, name in pages:
            found += [f"{name}: {problem}" for problem in check(browser, page, shots, name)]
    print("\n".join(found) if found else f"report in a browser: {len(pages)} pages, nothing wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
