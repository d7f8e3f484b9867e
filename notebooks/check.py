"""Executes every notebook from top to bottom, in a copy, and fails on the first error."""

import pathlib
import sys

import nbclient
import nbformat

HERE = pathlib.Path(__file__).resolve().parent


def main() -> int:
    notebooks = sorted(HERE.glob("*.ipynb"))
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(HERE)}}).execute()
        print(f"executed {path.name}: {sum(cell.cell_type == 'code' for cell in notebook.cells)} cells")
    return 0 if notebooks else 1


if __name__ == "__main__":
    sys.exit(main())
