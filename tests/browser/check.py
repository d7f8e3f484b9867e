"""Opens report.html in headless Chromium and checks what a reader relies on, in every language.

No console error, no request that leaves the file, every figure has size and words, no page wider than a phone, nothing
cut on paper. Usage: check.py DRSIM [--shots DIR]; without a browser it says "skipped: no Chromium".
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

from chromium import Chromium, find

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
# Elements that stick out of the page, unless they lie in an area that scrolls by itself.
TOO_WIDE = """[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > %d
  && !e.closest('.wide') && !e.closest('svg')).map(e => e.tagName + '.' + e.className).slice(0, 5)"""
CUT_ON_PAPER = """[...document.querySelectorAll('table, tr, td, th, pre, svg.desk')].filter(e => {
  const box = e.getBoundingClientRect();
  const paper = document.documentElement.clientWidth;
  const torn = e.tagName === 'TR' && (getComputedStyle(e).breakInside !== 'avoid' || box.height > %d);
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

    # The pointer on a figure gives values.
    browser.open(page, *DESK)
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
    if not 3 <= pages <= 30:
        say("paper", [f"{pages} pages"])
    if shots:
        (shots / f"{name}.pdf").write_bytes(pdf)
    return found


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("drsim", type=pathlib.Path)
    arguments.add_argument("--shots", type=pathlib.Path)
    asked = arguments.parse_args()
    path = find()
    if path is None:
        print("report in a browser: skipped: no Chromium")
        return 0
    if asked.shots:
        asked.shots.mkdir(parents=True, exist_ok=True)
    found = []
    with tempfile.TemporaryDirectory() as directory, Chromium(path) as browser:
        pages = []
        for scenario, lang in (("mobile_backend", "en"), ("mobile_backend", "es"), ("survivor", "en"),
                               ("first_hour", "en")):
            out = pathlib.Path(directory) / f"{scenario}-{lang}"
            subprocess.run([asked.drsim.resolve(), "report", f"scenarios/{scenario}.toml", "-n", "4000", "--lang", lang,
                            "--quiet", "--out", out], cwd=ROOT, check=True)
            pages.append((out / "report.html", out.name))
        for page, name in pages:
            found += [f"{name}: {problem}" for problem in check(browser, page, asked.shots, name)]
    print("\n".join(found) if found else f"report in a browser: {len(pages)} pages, nothing wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
