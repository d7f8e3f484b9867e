"""Prints memo.md as anybody would, Markdown to HTML to A4, and checks that each language is one page that can be signed.

Usage: memo.py DRSIM [--shots DIR]; without a browser it says "skipped: no Chromium".
"""

import html
import pathlib
import re
import subprocess
import sys
import tempfile

from chromium import Chromium, begin

ROOT = pathlib.Path(__file__).resolve().parents[2]
STYLE = """@page { size: A4; margin: 18mm } body { font: 10pt/1.35 sans-serif; margin: 0 } h1 { font-size: 15pt; margin: 0 0 .5em }
p, ul, table { margin: 0 0 .7em } ul { padding-left: 1.3em } table { border-collapse: collapse; width: 100% }
td, th { border-bottom: .5pt solid #999; padding: 1pt 4pt; text-align: right } td:first-child, th:first-child { text-align: left }
hr { break-after: page; border: 0; margin: 0 }"""


def inline(text):
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html.escape(text))
    return re.sub(r"`(.+?)`", r"<code>\1</code>", text)


def page_of(markdown):
    """What the memo uses of Markdown: a heading, paragraphs, lists, tables, rules."""
    parts = []
    for block in re.split(r"\n\s*\n", markdown.strip()):
        lines = block.splitlines()
        if block == "---":
            parts.append("<hr>")
        elif block.startswith("# "):
            parts.append(f"<h1>{inline(block[2:])}</h1>")
        elif block.startswith("| "):
            rows = [[inline(cell.strip()) for cell in line.strip("|").split("|")] for line in lines if "---" not in line]
            cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
            parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
        elif block.startswith("- "):
            parts.append("<ul>" + "".join(f"<li>{inline(line[2:])}</li>" for line in lines) + "</ul>")
        else:
            parts.append(f"<p>{inline(' '.join(lines))}</p>")
    return f"<!DOCTYPE html><meta charset=utf-8><style>{STYLE}</style>" + "\n".join(parts)


def main():
    drsim, path, shots = begin("memo on paper")
    wrong = []
    with tempfile.TemporaryDirectory() as directory, Chromium(path) as browser:
        for scenario in ("mobile_backend", "first_hour"):
            out = pathlib.Path(directory) / scenario
            command = [drsim, "run", f"scenarios/{scenario}.toml", "-n", "300", "--quiet", "--out", out]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            text = (out / "memo.md").read_text()
            (out / "memo.html").write_text(page_of(text))
            browser.open(out / "memo.html", 800, 1100, media="print")
            pdf = browser.pdf()
            pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
            if pages != 2:
                wrong.append(f"{scenario}: {pages} pages for two languages")
            if text.count("____") < 6 or "NaN" in text:
                wrong.append(f"{scenario}: nowhere to sign, or no number")
            if shots:
                (shots / f"memo-{scenario}.pdf").write_bytes(pdf)
    print("\n".join(wrong) if wrong else "memo on paper: one A4 page in each language")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
