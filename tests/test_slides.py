"""Slides of a notebook: one file that asks for nothing, what is on which slide, and the keys, in a browser where there
is one."""

import json
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

import einloop

EXAMPLES = Path(einloop.__file__).parents[1] / "examples"
sys.path.append(str(EXAMPLES))

from slides import coloured, main, page, slides_of  # noqa: E402

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def md(text, **metadata):
    return {"cell_type": "markdown", "metadata": metadata, "source": text.splitlines(keepends=True)}


def py(text, *outputs, **metadata):
    return {"cell_type": "code", "metadata": metadata, "source": text, "outputs": list(outputs)}


def shown(**data):
    return {"output_type": "execute_result", "data": {name.replace("_", "/"): value for name, value in data.items()}}


FRAGMENT = {"slideshow": {"slide_type": "fragment"}}
SVG = "<svg viewBox='0 0 1280 720' xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>"
CELLS = [
    md("# A `title`\n\nSome words, and [the next](2_two_operands.ipynb)."),
    py("import numpy", slideshow={"slide_type": "skip"}),
    md("## Second\n\n**Predict** this."),
    py("1 + 1 < 3", shown(text_plain="2 < 3"), tags=["predict"]),
    md("Because.", **FRAGMENT),
    py("answer = ...", tags=["answer", "x"]),
    py("grade()", tags=["check", "x"]),
    md("## Third"),
    py("%einloop draw ij->i", {"output_type": "display_data", "data": {"image/svg+xml": [SVG], "text/plain": "a"}}),
    md("After the picture."),
    py("print('<b>')", {"output_type": "stream", "name": "stdout", "text": ["<b>\n"]}),
    py("1 / 0", {"output_type": "error", "traceback": ["\x1b[31mZeroDivisionError\x1b[0m: <division>"]}),
    py("note", {"output_type": "stream", "name": "stderr", "text": "unseen"}),
    {"cell_type": "raw", "metadata": {}, "source": "raw"},
    py("", shown(text_plain="nothing")),
]


def test_what_is_on_which_slide():
    found = slides_of(CELLS)
    assert [(slide.title, [block.kind for block in slide.blocks]) for slide in found] == [
        ("A title", ["text"]),
        ("Second", ["text", "code", "output", "text"]),
        ("Third", ["text", "code"]),
        ("Third", ["picture"]),
        ("Third", ["text", "text", "code", "output", "code", "output", "code"]),
    ]
    assert [block.later for block in found[1].blocks] == [False, False, True, True]


def test_texts_are_escaped_and_colours_taken_out():
    text = page(slides_of(CELLS))
    assert "<pre>&lt;b&gt;\n</pre>" in text
    assert '<pre class="error">ZeroDivisionError: &lt;division&gt;</pre>' in text
    assert "2 &lt; 3" in text
    assert "unseen" not in text
    assert 'href="2_two_operands.html"' in text
    assert "grade" not in text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("%einloop ij->i", '<span class="m">%einloop ij-&gt;i</span>'),
        ("%%einloop --x\nf('a')", '<span class="m">%%einloop --x</span>'),
        ("a % b", "%"),
    ],
)
def test_magics_are_marked(code, text):
    found = coloured(code)
    assert text in found
    assert unescape(re.sub("<[^>]*>", "", found)) == code


def test_a_page_asks_for_nothing():
    text = page(slides_of(CELLS))
    assert not re.findall(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//|@import|url\(", text)
    assert "default-src 'none'" in text


def test_the_script_writes_a_file(tmp_path, capsys):
    path = tmp_path / "deck.ipynb"
    path.write_text(json.dumps({"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    assert main([str(path), "--as-is"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'deck.html'}: 5 slides\n"
    assert (tmp_path / "deck.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert main([str(path), "--as-is", "-o", str(tmp_path / "other.html")]) == 0
    assert (tmp_path / "other.html").read_bytes() == (tmp_path / "deck.html").read_bytes()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"cells": 1}', "\xff"])
def test_what_is_no_notebook_is_refused_in_a_line(text, tmp_path, capsys):
    path = tmp_path / "broken.ipynb"
    path.write_text(text, encoding="latin-1")
    assert main([str(path), "--as-is"]) == 2
    assert capsys.readouterr().err.startswith(f"{path} cannot be read: ")
    assert main([str(tmp_path / "missing.ipynb"), "--as-is"]) == 2


def test_a_notebook_is_run(tmp_path, monkeypatch, capsys):
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    path = tmp_path / "deck.ipynb"
    cell = {**py("print(6 * 7)"), "execution_count": None, "id": "a"}
    told = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(told), encoding="utf-8")
    assert main([str(path)]) == 0
    assert "<pre>42\n</pre>" in path.with_suffix(".html").read_text(encoding="utf-8")
    path.write_text(json.dumps({**told, "cells": [{**cell, "source": "1 / 0"}]}), encoding="utf-8")
    assert main([str(path)]) == 1
    said = capsys.readouterr().err
    assert "ZeroDivisionError: division by zero" in said
    assert "\x1b" not in said


DRIVE = """
const press = key => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const seen = [];
const look = () => seen.push([place.textContent, [...document.querySelectorAll(".slide.now .waiting")].length]);
const keys = ["", "ArrowRight", " ", "PageDown", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home", "ArrowLeft"];
for (const key of keys) {
  if (key) press(key);
  look();
}
document.getElementById("next").click(); look();
document.getElementById("back").click(); look();
const boxes = slides.map(slide => {
  const content = slide.firstElementChild.getBoundingClientRect(), box = slide.getBoundingClientRect();
  return content.bottom <= box.bottom + 1 && content.right <= box.right + 1;
});
const scales = slides.map(slide => Number(slide.firstElementChild.dataset.scale));
document.body.textContent = JSON.stringify({ seen, boxes, scales, hash: location.hash });
"""


def driven(text, tmp_path):
    """Return what a browser without a network makes of a page after some keys."""
    path = tmp_path / "slides.html"
    path.write_text(text.replace("</body>", f"<script>{DRIVE}</script></body>"), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--window-size=1280,800"]
    options += ["--virtual-time-budget=5000", "--host-resolver-rules=MAP * ~NOTFOUND"]
    command = [BROWSER, *options, "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(unescape(re.search(r"<body>(\{.*?\})\s*</body>", done.stdout, re.DOTALL)[1]))


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to show slides in")
def test_keys_and_buttons(tmp_path):
    found = driven(page(slides_of(CELLS)), tmp_path)
    assert found["seen"] == [
        ["1 / 5", 0],
        ["2 / 5", 2],
        ["2 / 5", 1],
        ["2 / 5", 0],
        ["3 / 5", 0],
        ["2 / 5", 0],
        ["5 / 5", 0],
        ["5 / 5", 0],
        ["1 / 5", 0],
        ["1 / 5", 0],
        ["2 / 5", 2],
        ["1 / 5", 0],
    ]
    assert found["hash"] == "#1"
    assert all(found["boxes"])


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to show slides in")
def test_what_is_too_high_goes_to_slides_that_follow(tmp_path):
    many = [md("## Many\n\nwords")] + [py("\n".join(f"line {n}" for n in range(12)), tags=["x"]) for _ in range(9)]
    found = driven(page(slides_of(many)), tmp_path)
    assert len(found["boxes"]) >= 4
    assert all(found["boxes"])
    assert min(found["scales"]) >= 0.78


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to show slides in")
@pytest.mark.parametrize("high", [40, 120])
def test_one_thing_that_is_too_high_is_made_smaller(high, tmp_path):
    cells = [md("## Tall"), py("x", shown(text_plain="\n".join(map(str, range(high)))))]
    found = driven(page(slides_of(cells)), tmp_path)
    assert all(found["boxes"])


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to show slides in")
def test_a_slide_a_page_on_paper(tmp_path):
    path = tmp_path / "slides.html"
    path.write_text(page(slides_of(CELLS)), encoding="utf-8")
    pdf = tmp_path / "slides.pdf"
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--no-pdf-header-footer"]
    command = [BROWSER, *options, f"--print-to-pdf={pdf}", path.as_uri()]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    data = pdf.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 5
    (box,) = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data))
    assert [round(float(side)) for side in box] == [960, 540]
