"""Executes every notebook from top to bottom, in a copy, and fails on the first error or where it says something else than the
outputs that are committed (figures are not compared). With --write the outputs are replaced."""

import pathlib
import sys

import nbclient
import nbformat

HERE = pathlib.Path(__file__).resolve().parent


def words(notebook: nbformat.NotebookNode) -> list[str]:
    """What the cells print and show, without figures."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    shown = [output.get("text") or output.get("data", {}) for output in outputs if output.get("name") != "stderr"]
    return [show if isinstance(show, str) else show.get("text/plain", "") for show in shown if "image/png" not in show]


def main() -> int:
    notebooks = sorted(HERE.glob("*.ipynb"))
    stale = []
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        committed = words(notebook)
        nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(HERE)}}).execute()
        if "--write" in sys.argv:
            for cell in notebook.cells:
                cell.metadata.pop("execution", None)  # when it was
            nbformat.write(notebook, path)
        elif words(notebook) != committed:
            stale.append(path.name)
        print(f"executed {path.name}: {sum(cell.cell_type == 'code' for cell in notebook.cells)} cells")
    if stale:
        print(f"not what is committed: {', '.join(stale)}; python notebooks/check.py --write replaces it", file=sys.stderr)
    return 0 if notebooks and not stale else 1


if __name__ == "__main__":
    sys.exit(main())
