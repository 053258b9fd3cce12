"""Turns a notebook into slides: one HTML file that needs nothing else, for a projector and for paper.

`python examples/slides.py examples/1_first_steps.ipynb -o slides.html` runs the notebook (which needs nbclient and
ipykernel) and writes the file; `--as-is` takes the outputs that are stored in it.

A cell that begins with a heading begins a slide. What a cell's metadata say of its slide holds, as in Jupyter:
`fragment` appears when a key is pressed, `skip` and `notes` are left out. Of a cell with the tag `predict` the output
appears so; cells with the tags `answer` and `check` are for the reader of the notebook alone.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

ROOT = Path(__file__).resolve().parent
PARTS = ROOT / "slides"
HEADING = re.compile(r"#{1,2} +(.+)")
NOTEBOOK_LINK = re.compile(r'(href="[^":]+)\.ipynb"')
ANSI = re.compile(r"\x1b\[[\d;]*m")
LEFT_OUT = {"skip", "notes", "answer", "check"}
MAGIC = re.compile(r"^(%%?\w+.*)$", re.MULTILINE)
WHOLE = ("<figure>", "<iframe")
"""What an output begins with that has a slide of its own: pictures and traces."""
SECONDS = 120
"""What running one cell may take."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a slide: what it is (text, code or output), its HTML, and whether it appears at a key."""

    kind: str
    html: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide: its title as plain text, and its blocks."""

    title: str
    blocks: tuple[Block, ...]


def slides_of(cells: Sequence[Mapping[str, Any]]) -> list[Slide]:
    """Return the slides of a notebook's cells; pictures and traces have one of their own."""
    found: list[tuple[str, list[Block]]] = []
    for cell in cells:
        marks = {*cell["metadata"].get("tags", ()), cell["metadata"].get("slideshow", {}).get("slide_type", "")}
        if marks & LEFT_OUT:
            continue
        heading = HEADING.match(source(cell)) if cell["cell_type"] == "markdown" else None
        if heading is not None or not found:
            found.append(("" if heading is None else heading[1].replace("`", ""), []))
        title = found[-1][0]
        for block in blocks_of(cell, marks):
            after = found[-1][1][-1:]
            if block.kind == "picture":
                found.append((title, []))
            elif after and after[0].kind == "picture":
                found.append((title, [Block("text", f"<h2>{escape(title)}</h2>")]))
            found[-1][1].append(block if block.kind != "picture" else Block("picture", block.html))
    return [Slide(title, tuple(blocks)) for title, blocks in found]


def source(cell: Mapping[str, Any]) -> str:
    """Return the text of a cell, which is stored as a text or as lines."""
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def blocks_of(cell: Mapping[str, Any], marks: set[str]) -> Iterator[Block]:
    """Yield the blocks of a cell."""
    predict = "predict" in marks
    later = "fragment" in marks and not predict
    if cell["cell_type"] == "markdown":
        text = MarkdownIt().enable("table").render(source(cell))
        yield Block("text", NOTEBOOK_LINK.sub(r'\1.html"', text), later)  # to the slides of another notebook
    elif cell["cell_type"] == "code" and source(cell).strip():
        yield Block("code", f"<pre>{coloured(source(cell))}</pre>", later)
        for html in filter(None, map(output_html, cell.get("outputs", ()))):
            yield Block("picture" if html.lstrip().startswith(WHOLE) else "output", html, predict or later)


def coloured(code: str) -> str:
    """Return code as HTML; the lines of magics are marked as such."""
    magics = MAGIC.findall(code)
    text = highlight(MAGIC.sub("__magic__", code), PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n")
    for magic in magics:
        text = re.sub(
            r'<span class="\w+">__magic__</span>',
            lambda _, m=magic: f'<span class="m">{escape(m)}</span>',
            text,
            count=1,
        )
    return text


def output_html(output: Mapping[str, Any]) -> str:
    """Return an output of a cell as HTML, the richest form that it has."""
    kind = output["output_type"]
    if kind == "stream":
        return f"<pre>{escape(text_of(output['text']))}</pre>" if output["name"] == "stdout" else ""
    if kind == "error":
        lines = "\n".join(output["traceback"])
        return f'<pre class="error">{escape(ANSI.sub("", lines))}</pre>'
    data = output["data"]
    if "image/svg+xml" in data:
        return f"<figure>{text_of(data['image/svg+xml'])}</figure>"
    if "text/html" in data:
        return text_of(data["text/html"])
    if "image/png" in data:
        about = escape(text_of(data.get("text/plain", "")))
        return f'<figure><img alt="{about}" src="data:image/png;base64,{text_of(data["image/png"]).strip()}"></figure>'
    return f"<pre>{escape(text_of(data.get('text/plain', '')))}</pre>"


def text_of(value: str | Sequence[str]) -> str:
    """Return a text that is stored as one or as lines."""
    return value if isinstance(value, str) else "".join(value)


def page(slides: Sequence[Slide]) -> str:
    """Return the slides as one page."""
    environment = Environment(loader=FileSystemLoader(PARTS), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    title = next((slide.title for slide in slides if slide.title), "Slides")
    return environment.get_template("page.html").render(title=title, slides=slides)


def stored(path: Path) -> list[Any]:
    """Return the cells of a notebook as they are stored. Raises ValueError where it is none."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise ValueError("it is no notebook")
    return cells


def executed(path: Path) -> list[Any]:
    """Return the cells of a notebook with the outputs of running it in its own folder.

    Raises ValueError where it is none, RuntimeError where a cell fails.
    """
    import nbclient  # noqa: PLC0415 - what is stored needs neither
    import nbformat  # noqa: PLC0415

    stored(path)
    notebook = nbformat.read(path, as_version=4)
    try:
        nbclient.NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(path.parent)}}).execute()
    except nbclient.exceptions.CellExecutionError as error:
        raise RuntimeError(ANSI.sub("", str(error)).strip()) from None
    return list(notebook["cells"])


def main(words: Sequence[str] | None = None) -> int:
    """Write the slides; return the exit code."""
    parser = argparse.ArgumentParser(description="Turn a notebook into slides: one HTML file that needs nothing else.")
    parser.add_argument("notebook", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="the file to write (default: the notebook's name, .html)")
    parser.add_argument("--as-is", action="store_true", help="take the outputs that are stored, and run nothing")
    asked = parser.parse_args(words)
    output = asked.output or asked.notebook.with_suffix(".html")
    try:
        cells = stored(asked.notebook) if asked.as_is else executed(asked.notebook)
    except ModuleNotFoundError as error:
        print(f"running a notebook needs {error.name}: pip install nbclient ipykernel", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(f"{asked.notebook} cannot be read: {error}", file=sys.stderr)
        return 2
    except RuntimeError as error:
        print(f"{asked.notebook} cannot be run: {error}", file=sys.stderr)
        return 1
    slides = slides_of(cells)
    output.write_text(page(slides), encoding="utf-8")
    print(f"{output}: {len(slides)} slides")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
