#!/usr/bin/env bash
# Every test: Rust; the Python package (on a local Ray too), the notebooks and the files of deploy/ in a virtual environment
# of their own under target/; the report in a browser, the spreadsheet in LibreOffice, where they are. Needs Rust and python3.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/venv
packages() {
  if [ ! -x "$venv/bin/jupyter" ] || [ notebooks/requirements.txt -nt "$venv/installed" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --no-compile --disable-pip-version-check -r notebooks/requirements.txt
    touch "$venv/installed"
  fi
}
packages &
fetched=$!
cargo test --profile checked --workspace --quiet
export DRSIM="${CARGO_TARGET_DIR:-target}/checked/drsim"
wait "$fetched"

# Of the crates that the tests have compiled: with all their features, in their profile.
MATURIN_PEP517_ARGS="--profile checked --features as-tested" "$venv/bin/pip" install --quiet --disable-pip-version-check ./python
"$venv/bin/mypy" --strict --config-file python/pyproject.toml python/drsim
"$venv/bin/python" -m pytest -q python/tests
"$venv/bin/python" notebooks/check.py
"$venv/bin/python" deploy/check.py
python3 tests/browser/check.py "$DRSIM"
python3 tests/browser/memo.py "$DRSIM"
python3 tests/office/check.py "$DRSIM"
