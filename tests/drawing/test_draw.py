"""The command and the function: formats, files, languages, and what is refused, word by word."""

import asyncio
import base64
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from overlaps import BROWSER

import einloop
from einloop import cli
from einloop.views.pages import DARK, LIGHT


def run(capsys, *words):
    """Return exit code, standard output and standard error of a command."""
    code = cli.main(["draw", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_without_a_file_the_picture_is_printed(capsys):
    code, out, err = run(capsys, "ij,jk->ik", "--at", "0,1")
    assert (code, err) == (0, "")
    assert out == einloop.draw("ij,jk->ik", at=(0, 1)).show()


@pytest.mark.parametrize("name", ["picture.svg", "PICTURE.SVG", "picture"])
def test_a_file_has_what_its_name_says(capsys, tmp_path, name):
    path = tmp_path / name
    assert run(capsys, "ij->ji", "--kind", "axes", "--theme", "dark", "--lang", "ja", "-o", str(path)) == (0, "", "")
    assert path.read_text(encoding="utf-8") == einloop.draw("ij->ji", kind="axes").show("ja", "dark")


REFUSED = [
    (
        ["ij", "--kind", "cell"],
        "error EL469: there is no kind of picture 'cell'\n"
        "hint: did you mean 'cells'? one of cells, network, path, axes, stages",
    ),
    (
        ["ij", "--theme", "drak"],
        "error EL469: there is no theme 'drak'\nhint: did you mean 'dark'? one of auto, light, dark",
    ),
    (
        ["ij", "-o", "a.gif"],
        "error EL465: 'a.gif' is no name for a picture\nhint: a name that ends in .svg, .png or .pdf",
    ),
    (
        ["ij", "--kind", "axes", "--at", "0,0"],
        "error EL471: a picture of kind 'axes' shows no element of the result\nhint: leave it out",
    ),
    (
        ["ij", "--path", "greedy"],
        "error EL471: a picture of kind 'cells' shows no path\nhint: --kind path shows one",
    ),
    (["ij", "--at", "x"], "error EL421: 'x' is not a list of coordinates\nhint: whole numbers, such as 1,2"),
    (["ij", "--at", "1"], "error EL421: 1 coordinate given, but the result has 2 axes (i, j)"),
    (
        ["i", "-s", "3", "--at", "3"],
        "error EL422: 3 is out of range for 'i', axis 0 of the result, which has size 3\nhint: from -3 to 2",
    ),
    (
        ["y[i] = a[i] + b[i]", "--kind", "network"],
        "error EL436: a network is drawn of a single einsum, which this is not\nhint: draw its terms one by one",
    ),
    (
        ["y[i] = a[i] + b[i]", "--kind", "path"],
        "error EL436: a path is drawn of a single einsum, which this is not\nhint: draw its terms one by one",
    ),
    (
        ["T = A @ B\nD = A + C", "-s", "A=2x2", "-s", "B=2x2", "-s", "C=2x2"],
        "error EL436: a picture shows one statement, and these are 2 (T, D)\nhint: say which: --result D",
    ),
    (["ij", "ji"], "error EL400: unrecognized arguments: ji\nhint: einloop draw --help shows what there is"),
    (
        ["ij,jk,kl->il", "--kind", "path", "--path", "(0,9)"],
        "error EL431: step 1 of the path takes (0,9), but there are 3 arrays left, in places 0 to 2\n"
        "hint: each step's result goes to the end of the list",
    ),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_cannot_be_drawn_is_refused(capsys, words, message):
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert err == f"{message}\n"


def test_one_of_several_statements_is_drawn(capsys):
    text = "T = A @ B\nD = A + C"
    drawing = einloop.draw(text, result="D", shapes={"A": (2, 2), "B": (2, 2), "C": (2, 2)})
    assert drawing.kind == "cells"
    assert 'data-element="C[0,0]"' in drawing.show()
    with pytest.raises(einloop.EinloopError, match="no result is called 'Q'; there are T, D"):
        einloop.draw(text, result="Q", shapes={"A": (2, 2), "B": (2, 2), "C": (2, 2)})


def test_the_function_refuses_what_the_command_does():
    for kind in (None, 3, b"cells"):
        with pytest.raises(einloop.EinloopError, match="kind is"):
            einloop.draw("ij", kind=kind)
    with pytest.raises(einloop.EinloopError, match="is not a list of coordinates"):
        einloop.draw("ij", at="ab")
    drawing = einloop.draw("ij")
    for lang, theme, message in [("xx", "auto", "no language 'xx'"), ("en", "grey", "no theme 'grey'")]:
        with pytest.raises(einloop.EinloopError, match=message):
            drawing.show(lang, theme)
    with pytest.raises(einloop.EinloopError, match="there is no format 'gif'"):
        drawing.image("gif")


def test_png_and_pdf_are_refused_by_name_where_the_library_is_missing(monkeypatch, capsys, tmp_path):
    for name in ("cairosvg", "playwright.sync_api"):
        monkeypatch.setitem(sys.modules, name, None)
    code, _, err = run(capsys, "ij", "-o", str(tmp_path / "a.png"))
    assert code == 2
    assert err == (
        "error EL437: CairoSVG, which makes PNG of SVG, is not installed\n"
        "hint: pip install 'einloop[pictures]', or install Playwright and a Chromium\n"
    )
    assert not (tmp_path / "a.png").exists()


def test_a_machine_without_cairo_is_told_so(monkeypatch):
    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name == "cairosvg":
                raise OSError('no library called "cairo-2" was found\nand more')

    monkeypatch.delitem(sys.modules, "cairosvg", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(einloop.EinloopError) as caught:
        einloop.draw("ij").image("pdf")
    assert caught.value.id == "EL437"
    assert caught.value.message == 'CairoSVG finds no Cairo on this machine: no library called "cairo-2" was found'


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_what_cairosvg_is_given_has_one_theme_and_no_line_that_is_centred(monkeypatch, theme):
    given = {}
    monkeypatch.setitem(
        sys.modules,
        "cairosvg",
        SimpleNamespace(
            svg2png=lambda svg, scale: given.update(svg=svg, scale=scale) or b"PNG",
            svg2pdf=lambda svg: given.update(svg=svg) or b"PDF",
        ),
    )
    drawing = einloop.draw("ij,jk->ik")
    assert (drawing.image("png", theme=theme), given["scale"]) == (b"PNG", 2)
    svg = given["svg"].decode()
    assert "@media" not in svg
    assert "text-anchor" not in svg
    assert ("#14161a" in svg) == (theme == "dark")
    assert drawing.image("pdf", theme=theme) == b"PDF"


def test_cairosvg_reads_the_pictures():
    try:
        import cairosvg  # noqa: F401
    except (ImportError, OSError):
        pytest.skip("no CairoSVG to make PNG and PDF with")
    drawing = einloop.draw("ij,jk->ik")
    assert drawing.image("png").startswith(b"\x89PNG")
    assert drawing.image("pdf").startswith(b"%PDF")


COLOURS = """async (url) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  const paper = new OffscreenCanvas(image.width, image.height).getContext("2d");
  paper.drawImage(image, 0, 0);
  const { data } = paper.getImageData(0, 0, image.width, image.height);
  const found = {};
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.slice(at, at + 4).join(" ");
    found[colour] = (found[colour] ?? 0) + 1;
  }
  return [image.width, image.height, found];
}"""


def colours(png):
    """Return how wide and how high an image is, and how many pixels have each colour."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        page = running.chromium.launch(executable_path=BROWSER).new_page()
        return page.evaluate(COLOURS, f"data:image/png;base64,{base64.b64encode(png).decode()}")


def test_a_browser_makes_png_and_pdf_where_cairosvg_is_missing(monkeypatch):
    pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
    if BROWSER is None:
        pytest.skip("no Chromium to draw with")
    monkeypatch.setitem(sys.modules, "cairosvg", None)
    drawing = einloop.draw("i->i", shapes=[(2,)])
    width, height, found = colours(drawing.image("png"))
    assert (width, height) == (2560, 1440)
    assert found["255 255 255 255"] > 0.8 * 2560 * 1440
    assert found["255 213 74 255"] > 2 * 150 * 150  # the cells of one element
    assert found["27 31 39 255"] > 1000  # texts
    dark = colours(drawing.image("png", theme="dark"))[2]
    assert dark["20 22 26 255"] > 0.8 * 2560 * 1440
    pdf = drawing.image("pdf")
    assert pdf.startswith(b"%PDF")
    assert re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf) == [(b"960", b"540")]
    assert b"/Font" in pdf


def test_a_browser_draws_where_an_event_loop_runs(monkeypatch):
    pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
    if BROWSER is None:
        pytest.skip("no Chromium to draw with")
    monkeypatch.setitem(sys.modules, "cairosvg", None)

    async def cell():
        return einloop.draw("i->i").image("png")

    assert asyncio.run(cell()).startswith(b"\x89PNG")


def test_a_page_of_html_carries_the_cells():
    for text in ("ij,jk->ik", "y[i] = A[i,j]*x[j] - b[i]"):
        page = einloop.explain(text).show("html")
        assert page.count("<svg ") == 1
        assert 'class="lit"' in page
        assert "<svg" not in einloop.explain(text).show("fragment")
    assert "<svg" not in einloop.check("ij,jk->ik").show("html")


def linear(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return np.array([part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts])


NORMAL = np.eye(3)
PROTAN = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]])
DEUTAN = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]])
"""What people without red or without green receptors see: Machado, Oliveira, Fernandes 2009, severity 1.0."""
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
LEAST_DIFFERENCE = 13
"""Of two colours in CIELAB; about 2 can just be seen."""


def lab(colour, sight):
    x, y, z = XYZ @ np.clip(sight @ linear(colour), 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", [NORMAL, PROTAN, DEUTAN], ids=["all", "no red", "no green"])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_are_told_apart_by_people_who_are_blind_to_red_or_green(palette, sight):
    seen = [lab(colour, sight) for colour in palette]
    for number, one in enumerate(seen):
        for other in seen[:number]:
            assert np.linalg.norm(one - other) > LEAST_DIFFERENCE
