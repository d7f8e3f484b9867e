"""Draws the pictures of README.md by the commands that it shows. Usage: make.py DRSIM [NAME...]

Pictures of plots are the bytes that those commands write. Those of a page or a terminal are taken in headless Chromium, and
depend on its version.
"""

import argparse
import html
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/browser"))
from chromium import Chromium, find  # noqa: E402

SHIPPED = "scenarios/mobile_backend.toml"
MAP = ["sweep", SHIPPED, "--architecture", "adr_fast_10mbps", "--claim", "rpo_files",
       "--set", 'claims.rpo_files.share="95 %"', "--precision", "10%",
       "--vary", "objects.size.*=0.5 MB..50 MB:8:log", "--vary", "objects.copy_throughput=1 Mbps..100 Mbps:12:log"]
# The colours of a terminal, and what they mean there.
COLOURS = {"32": "#2e8b57", "33": "#b8860b", "1;31": "#d0342c"}


def plots(drsim, directory):
    """Two plots of a run, and the map of a sweep."""
    drsim("run", SHIPPED, "-n", "32000", "--no-what-if", "--quiet", "--out", directory / "run")
    drsim(*MAP, "--quiet", "--out", directory / "map")
    yield "recovery_ccdf", directory / "run/plots/recovery_ccdf.png"
    yield "latency", directory / "run/plots/latency.png"
    yield "what_if", directory / "map/plots/sweep_rpo_files_adr_fast_10mbps.png"


def report(drsim, directory, browser):
    """The first screen of the document for the review."""
    drsim("report", SHIPPED, "--quiet", "--out", directory)
    browser.open(directory / "report.html", 1280, 900)
    browser.screenshot(directory / "report.png")
    yield "report", directory / "report.png"


def terminal(drsim, directory, browser):
    """What a terminal shows of the gate, in its colours."""
    command = ["script", "-qec", f"{drsim.path} check {SHIPPED} -n 16000 --quiet", "/dev/null"]
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.replace("\r", "")
    text = html.escape(text, quote=False)
    for code, colour in COLOURS.items():
        text = re.sub(rf"\x1b\[{code}m(.*?)\x1b\[0m", rf'<b style="color:{colour}">\1</b>', text)
    shown = f"$ drsim check {SHIPPED} -n 16000\n{text}$ echo $?\n99"
    page = directory / "check.html"
    page.write_text('<meta charset="utf-8"><body style="margin:0;background:#1d1f21"><pre style="margin:0;padding:18px 22px;'
                    f'font:15px/1.5 DejaVu Sans Mono,monospace;color:#e6e6e3">{shown}</pre>')
    browser.open(page, 1040, 200)
    height = browser.run("document.querySelector('pre').getBoundingClientRect().height")
    browser.open(page, 1040, int(height))
    browser.screenshot(directory / "check.png")
    yield "check", directory / "check.png"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("drsim", type=pathlib.Path)
    arguments.add_argument("names", nargs="*")
    asked = arguments.parse_args()

    def drsim(*words):
        subprocess.run([drsim.path, *map(str, words)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    drsim.path = asked.drsim.resolve()
    with tempfile.TemporaryDirectory() as scratch, Chromium(find()) as browser:
        directory = pathlib.Path(scratch)
        makers = {"recovery_ccdf": plots, "latency": plots, "what_if": plots, "report": report, "check": terminal}
        chosen = dict.fromkeys(makers[name] for name in asked.names or makers)
        for maker in chosen:
            for name, path in maker(drsim, directory) if maker is plots else maker(drsim, directory, browser):
                shutil.copy(path, ROOT / "docs/images" / f"{name}.png")
                print(f"docs/images/{name}.png")


if __name__ == "__main__":
    main()
