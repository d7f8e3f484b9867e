#!/usr/bin/env bash
# Every test: Rust; the Python package (on a local Ray too), the notebooks and the files of deploy/ in a virtual environment
# of their own under target/; the report in a browser, the spreadsheet in LibreOffice, where they are. Needs Rust and python3.
set -euo pipefail
cd "$(dirname "$0")/.."

# The tests build the binary too: checked like a debug build, and not optimised across crates, which takes minutes.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
export CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true

venv=target/venv
packages() {
  if [ ! -x "$venv/bin/jupyter" ] || [ notebooks/requirements.txt -nt "$venv/installed" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r notebooks/requirements.txt
    touch "$venv/installed"
  fi
}
packages &
fetched=$!
cargo test --release --workspace --quiet
wait "$fetched"

"$venv/bin/pip" install --quiet --disable-pip-version-check ./python
"$venv/bin/mypy" --strict --config-file python/pyproject.toml python/drsim
"$venv/bin/python" -m pytest -q python/tests
"$venv/bin/python" notebooks/check.py
"$venv/bin/python" deploy/check.py
python3 tests/browser/check.py target/release/drsim
python3 tests/browser/memo.py target/release/drsim
python3 tests/office/check.py target/release/drsim
