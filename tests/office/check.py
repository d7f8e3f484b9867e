#!/usr/bin/env python3
"""costs.xlsx in LibreOffice: it opens without a warning, and what its formulas come to is what costs.csv, budget.csv and
results.json say. The values that the file bears are overwritten first, so that only calculating can bring them back.

    python3 tests/office/check.py target/release/drsim

Where there is no LibreOffice it says so and counts as skipped.
"""

import csv
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WRONG = "-123456789"
# Calculate on loading, whatever the file bears.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def check(condition, message):
    if not condition:
        sys.exit(f"tests/office: {message}")


def near(a, b):
    return abs(a - b) <= 0.005 + 1e-9 * max(abs(a), abs(b))


def convert(office, profile, source, to, out):
    """Converts a file; anything that is said beside what was converted is a warning."""
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", to, "--outdir", str(out)]
    done = subprocess.run([*command, str(source)], capture_output=True, text=True, timeout=300, check=False)
    # Without Java it says so; a spreadsheet needs none.
    said = [line for line in done.stderr.splitlines() if line.strip() and "javaldx" not in line]
    made = out / f"{source.stem}.{to.split(':')[0]}"
    check(done.returncode == 0 and made.exists(), f"{source.name} was not converted: {done.stdout}{done.stderr}")
    check(not said, f"{source.name} opened with a warning: {said}")
    return made


def overwritten(source, target):
    """The same workbook, the results of its formulas spoilt; returns how many there are."""
    count = 0
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text, n = re.subn(r"(</f><v>)[^<]*(</v>)", rf"\g<1>{WRONG}\g<2>", text.decode())
                count += n
            new.writestr(name, text)
    return count


def workbook(path):
    """Sheet by name, cell by place: (value, whether it is a formula)."""
    with zipfile.ZipFile(path) as z:
        strings = []
        if "xl/sharedStrings.xml" in z.namelist():
            items = ET.fromstring(z.read("xl/sharedStrings.xml"))
            strings = ["".join(t.text or "" for t in item.iter(f"{MAIN}t")) for item in items]
        book = ET.fromstring(z.read("xl/workbook.xml"))
        names = [sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")]
        sheets = {}
        for i, name in enumerate(names):
            cells = {}
            for cell in ET.fromstring(z.read(f"xl/worksheets/sheet{i + 1}.xml")).iter(f"{MAIN}c"):
                value = cell.find(f"{MAIN}v")
                if value is None or value.text is None:
                    continue
                kind = cell.get("t", "n")
                check(kind != "e", f"{name}!{cell.get('r')} is {value.text}")
                text = strings[int(value.text)] if kind == "s" else value.text
                found = float(text) if kind == "n" else text
                cells[cell.get("r")] = (found, cell.find(f"{MAIN}f") is not None)
            sheets[name] = cells
        return sheets


def column(sheet, letter):
    """The cells of a column by row."""
    places = ((re.fullmatch(r"([A-Z]+)(\d+)", place), value) for place, (value, _) in sheet.items())
    return {int(place[2]): value for place, value in places if place[1] == letter}


def against_files(sheets, out):
    """The calculated sheets against the files beside them, added up here once more."""
    lines = list(csv.DictReader((out / "costs.csv").open()))
    amounts = column(sheets["Lines"], "I")
    for row, line in enumerate(lines, 2):
        expected = line["usd_per_month_expected"]
        if expected:
            check(near(amounts[row], float(expected)), f"Lines!I{row} is {amounts[row]}, costs.csv has {expected}")
        else:
            check(row not in amounts, f"Lines!I{row} is not estimated and yet a number")
    results = json.loads((out / "results.json").read_text())
    bill = sheets["Bill"]
    row = next(r for r, value in column(bill, "B").items() if value == "cloud")
    letters = {value: place[:-1] for place, (value, _) in bill.items() if re.fullmatch(r"[A-Z]+1", place)}
    for own in results["bills"]:
        letter = letters[own["architecture"]]
        listed = sum(
            round(100 * float(line["usd_per_month_expected"]))
            for line in lines
            if line["architecture"] == own["architecture"] and line["kind"] == "cloud" and line["usd_per_month_expected"]
        )
        for what, at, known in (
            ("the total", row, own["usd_per_month"]),
            ("what is above the baseline", row + 1, own["premium_usd_per_month"]),
        ):
            check(near(bill[f"{letter}{at}"][0], known), f"{what} of {own['architecture']} is {bill[f'{letter}{at}'][0]}, not {known}")
        check(near(listed / 100, own["usd_per_month"]), f"the lines of {own['architecture']} come to {listed / 100}")
    if results["losses"]:
        worth(sheets["Worth"], results, list(csv.DictReader((out / "budget.csv").open())))
        summary = {value: r for r, value in column(sheets["Summary"], "A").items()}
        design = next(d["architecture"] for d in results["designs"] if d["is_proposed"])
        loss = next(own for own in results["losses"] if own["architecture"] == design)
        for name, known in (
            ("costs more", loss["more"]["estimate"]),
            ("net benefit on money alone", loss["avoided"]["estimate"] - loss["more"]["estimate"]),
        ):
            found = sheets["Summary"][f"B{summary[name]}"][0]
            check(near(found, known), f"Summary: {name} is {found}, results.json has {known}")


def worth(sheet, results, budget):
    """Net present value and break-even, from budget.csv and results.json by the textbook."""
    names = {value: row for row, value in column(sheet, "A").items()}
    price, rate, hours, beside = (sheet[f"B{row}"][0] for row in range(1, 5))
    design, base = sheet["B5"][0], sheet["B6"][0]
    flow = {}
    for line in budget:
        if line["kind"] != "contingency" and line["architecture"] in (design, base):
            year = flow.setdefault(line["fiscal_year"], [0.0, set()])
            year[0] += float(line["expected"]) * (1 if line["architecture"] == base else -1)
            year[1].add(line["month"])
    net = [saved + (hours * price + beside) * len(months) / 12 for saved, months in flow.values()]
    known = sum(amount / (1 + rate) ** (i + 1) for i, amount in enumerate(net))
    found = sheet[f"K{names['net present value (year ends)']}"][0]
    check(abs(found - known) < 0.02, f"the net present value is {found}, by hand {known}")
    loss = next(own for own in results["losses"] if own["architecture"] == design)
    row = next(r for r, value in column(sheet, "G").items() if value == "pays above, per hour down")
    known = loss["break_even_per_hour"]["estimate"]
    check(abs(sheet[f"K{row}"][0] / known - 1) < 1e-6, f"it pays above {sheet[f'K{row}'][0]}, results.json has {known}")


def main():
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        print("tests/office: skipped: no LibreOffice")
        return
    drsim = pathlib.Path(sys.argv[1]).resolve()
    formulas = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(PROFILE)
        scenarios = {"mobile_backend": [], "drills": ["--set", "money.negotiated_discount=7 %"]}
        for scenario, more in scenarios.items():
            out = folder / scenario
            command = [drsim, "run", f"scenarios/{scenario}.toml", "-n", "400", "--quiet", "--out", out, *more]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            spoilt = folder / f"{scenario}.xlsx"
            formulas += overwritten(out / "costs.xlsx", spoilt)
            made = workbook(convert(office, profile, spoilt, "xlsx:Calc MS Excel 2007 XML", folder / "made"))
            known = workbook(out / "costs.xlsx")
            check(list(made) == list(known), f"{scenario}: the sheets are {list(made)}")
            for name, cells in known.items():
                for place, (value, is_formula) in cells.items():
                    if is_formula:
                        found = made[name].get(place, (None, False))[0]
                        check(
                            isinstance(found, float) and near(found, value),
                            f"{scenario}: {name}!{place} comes to {found}, the file bears {value}",
                        )
            against_files(made, out)
            convert(office, profile, out / "costs.xlsx", "pdf", folder / "made")
    check(formulas > 300, f"only {formulas} formulas")
    print(f"tests/office: {len(scenarios)} workbooks, {formulas} formulas calculated by LibreOffice as drsim has them")


if __name__ == "__main__":
    main()
