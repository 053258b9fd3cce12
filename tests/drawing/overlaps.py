"""Boxes of the texts of a picture, as estimated and as a browser has them, and random expressions to draw."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

from einloop.core.drawing import ASCENT, DESCENT, Drawing, Inscription, Prose
from einloop.views.catalogue import load_catalogue
from einloop.views.svg import prose_lines, run_width

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
TOUCH = 1.0
"""How far two boxes may reach into each other: boxes of a font are higher than its letters."""

MEASURE = """
const found = [...document.querySelectorAll("svg")].map(svg => ({
  view: svg.getAttribute("viewBox").split(" ").map(Number),
  texts: [...svg.querySelectorAll("text")].map(text => {
    const box = text.getBBox();
    const size = Number(text.getAttribute("font-size"));
    return {text: text.textContent, size, box: [box.x, box.y, box.x + box.width, box.y + box.height]};
  }),
}));
document.body.textContent = JSON.stringify(found);
"""


def estimated(drawing: Drawing, lang: str = "en") -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return every line of text with its box by the tables of `core/text_width.py`."""
    found = []
    for shape in (*drawing.head, *drawing.shapes):
        if isinstance(shape, Inscription) and shape.text:
            found.append((shape.text, shape.box))
        elif isinstance(shape, Prose):
            for line in prose_lines(shape, load_catalogue(lang)):
                wide = sum(run_width(run, line.size) for run in line.runs)
                box = (line.x, line.y - ASCENT * line.size, line.x + wide, line.y + DESCENT * line.size)
                found.append(("".join(run.text for run in line.runs), box))
    return found


def overlapping(texts: list[tuple[str, tuple[float, float, float, float]]]) -> list[tuple[str, str]]:
    """Return the pairs of texts whose boxes overlap."""
    return [
        (text, other)
        for number, (text, a) in enumerate(texts)
        for other, b in texts[:number]
        if a[0] < b[2] - TOUCH and b[0] < a[2] - TOUCH and a[1] < b[3] - TOUCH and b[1] < a[3] - TOUCH
    ]


def outside(texts: list[tuple[str, tuple[float, float, float, float]]], width: float, height: float) -> list[str]:
    """Return the texts that reach out of the picture."""
    return [text for text, box in texts if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height]


def measured(svgs: list[str], folder: Path) -> list[dict]:
    """Return the boxes that a browser gives the texts of pictures."""
    page = folder / "page.html"
    whole = "".join(f"<div>{svg}</div>" for svg in svgs)
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{whole}<script>{MEASURE}</script>", encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--virtual-time-budget=20000"]
    command = [BROWSER, *options, f"--user-data-dir={folder}/profile", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return json.loads(unescape(re.search(r"<body>(.*)</body>", done.stdout, re.DOTALL)[1]))


WORDS = (
    "batch",
    "query",
    "key",
    "head_dimension",
    "position",
    "長い添字の名前",
    "größe",
    "a_name_that_is_very_long_indeed",
)


def random_expression(seed: int) -> tuple[str, dict]:
    """Return an expression of up to 6 operands of rank 5 with shapes, and the options that describe it."""
    rng = random.Random(seed)
    labels = list("abcdefghijklmnop"[: rng.randint(1, 16)])
    named = rng.random() < 0.25
    if named:
        labels = [
            WORDS[number] if number < len(WORDS) else f"{WORDS[number % 8]}{number}" for number in range(len(labels))
        ]
    sizes = {label: rng.choice((0, 1, 2, 2, 3, 3, 4, 5, 7, 12, 40, 1000)) for label in labels}
    terms = []
    for _ in range(rng.randint(1, 6)):
        rank = rng.choice((0, 1, 2, 2, 3, 4, 5, 5))
        fresh = rng.sample(labels, min(rank, len(labels)))
        if fresh and rng.random() < 0.2 and len(fresh) < 5:
            fresh.append(rng.choice(fresh))
        terms.append(fresh)
    used = list(dict.fromkeys(label for term in terms for label in term))
    output = rng.sample(used, rng.randint(0, min(len(used), 5)))
    if len(used) > 8:  # no array holds more elements than that
        sizes = {label: min(size, 40) for label, size in sizes.items()}
    shapes = [tuple(sizes[label] for label in term) for term in terms]
    if named:
        text = ", ".join(" ".join(term) for term in terms) + " -> " + " ".join(output)
        return text, {"notation": "named", "shapes": shapes}
    text = ",".join("".join(term) for term in terms) + "->" + "".join(output)
    options: dict = {"shapes": shapes} if rng.random() < 0.7 else {}
    if rng.random() < 0.2:
        options["names"] = [f"operand_with_a_long_name_{number}" for number in range(len(terms))]
    return text, options
