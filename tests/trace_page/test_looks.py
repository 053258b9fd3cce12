"""How the page looks to everyone: widths, contrast, roles and names, paper, no scripts."""

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import einloop
from einloop.core.root import template_root
from einloop.views.trace import page as trace_page
from einloop.views.trace.data import trace_data
from einloop.views.trace.page import page_words

from .axe import axe_source
from .made import PRODUCT, batch, counted, large, matrices, traced
from .reading import page_of, places

LANGS, THEMES = ("en", "ja"), ("light", "dark")
PHONE = {"width": 375, "height": 812}


def long():
    data = matrices()
    for array in data["arrays"]:
        array["start"] = ["-1.2345678901234567890e-300" + "0" * 40 for _ in array["start"]]
        array["name"] = array["name"] + "_with_a_name_of_some_length" * 2
    for step in data["steps"]:
        step["after"] = "7" * 60
        step["terms"][0]["factors"] = [[array, at, "9" * 60] for array, at, _ in step["terms"][0]["factors"]]
    data["expression"] = "x" * 300
    data["code"] = ["y" * 300]
    return data


KINDS = {
    "product": matrices,
    "batch": batch,
    "large": large,
    "total": lambda: matrices(total=True),
    "many indices": lambda: traced("abcdefghij->", [counted(*[1] * 9, 2)]),
    "empty": lambda: traced(PRODUCT, [counted(2, 0), counted(0, 2)]),
    "long names and values": long,
}


STATES = {
    "a step": "",
    "a question": "document.querySelector('.controls label:last-child select').value = 'value';"
    "document.querySelector('.controls label:last-child select').dispatchEvent(new Event('change'))",
    "a followed cell": "document.querySelector('.cell')?.click()",
    "the help": "document.querySelector('.ask').click()",
}


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_wider_than_a_phone(name, show):
    page = show(page_of(KINDS[name](), "ja" if name in ("batch", "total") else "en"), viewport=PHONE)
    for state, do in STATES.items():
        page.evaluate(do)
        wide = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth]")
        assert wide == [375, 375], state
        page.keyboard.press("Escape")


@pytest.mark.parametrize("width", [320, 768, 960, 1280, 1920])
def test_nothing_is_wider_than_other_screens(width, show):
    page = show(page_of(batch()), viewport={"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("lang", LANGS)
def test_text_at_twice_its_size_fits_a_projector(lang, show):
    page = show(page_of(matrices(), lang), viewport={"width": 1920, "height": 1080})
    page.add_style_tag(content="html { font-size: 200% }")
    page.evaluate("window.dispatchEvent(new Event('resize'))")
    assert page.evaluate("document.documentElement.scrollWidth") == 1920
    box = page.locator(".array.result").bounding_box()
    assert box["x"] + box["width"] <= 1920


@pytest.mark.parametrize(
    ("expression", "shapes"),
    [
        ("ij,jk->ik", [(50, 50), (50, 50)]),
        ("bimd,bind->bimn", [(2, 3, 4, 5), (2, 3, 6, 5)]),
        ("abcde,cf->abdef", [(2, 3, 4, 2, 3), (4, 5)]),
    ],
)
def test_a_projector_shows_what_is_read_and_written_without_scrolling(expression, shapes, show):
    """A page of 1920 by 1080 that is zoomed to twice its size has half as many pixels."""
    data = trace_data(einloop.trace(expression, shapes=shapes), 1, 20)
    page = show(page_of(data), "#step=10", viewport={"width": 960, "height": 540})
    below = page.locator(".controls").bounding_box()["y"]
    lit = page.locator(".cell.read:visible, .cell.written:visible").all()
    assert [cell.bounding_box()["y"] + cell.bounding_box()["height"] <= below for cell in lit[:3]] == [True] * 3
    assert page.locator(".arrays").evaluate("node => node.scrollWidth <= node.clientWidth")


def test_on_a_phone_an_array_is_in_sight_above_the_controls(show):
    page = show(page_of(matrices()), "#step=1", viewport=PHONE)
    controls = page.locator(".controls").bounding_box()
    array = page.locator(".array").first.bounding_box()
    assert array["y"] + array["height"] <= controls["y"]
    assert controls["y"] + controls["height"] <= PHONE["height"]


CUT = """() => [...document.querySelectorAll(".lines, .lines li, .lines code")]
  .filter(node => node.scrollWidth > node.clientWidth).length"""


def test_a_batch_of_products_is_whole_on_a_small_screen(show):
    data = trace_data(einloop.trace("bimd,bind->bimn", shapes=[(2, 3, 4, 5), (2, 3, 6, 5)]), 1, 20)
    page = show(page_of(data), "#step=10", viewport={"width": 1280, "height": 900})
    assert page.evaluate(CUT) == 0
    for name, count in (("A", 20), ("B", 30), ("C", 24)):
        array = page.locator(".array", has=page.locator("h3 b", has_text=name))
        assert array.locator("[role=gridcell]").count() == count, name
        assert "slice 1 of 6" in array.locator(".pans").inner_text()
        box = array.bounding_box()
        assert box["x"] + box["width"] <= 1280
        assert box["y"] + box["height"] <= page.locator(".controls").bounding_box()["y"]


def test_a_long_line_of_code_is_not_cut(show):
    for width in (375, 768, 1280):
        page = show(page_of(long()), "#step=1", viewport={"width": width, "height": 800})
        assert page.evaluate(CUT) == 0, width


CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const read = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
  const over = (top, below) => below.map((v, i) => top[i] * top[3] + v * (1 - top[3]));
  const under = (node) => {
    if (!node) return [255, 255, 255];
    const colour = read(getComputedStyle(node).backgroundColor);
    return colour[3] === 1 ? colour.slice(0, 3) : over(colour, under(node.parentElement));
  };
  const found = [];
  for (const node of document.querySelectorAll(".trace *")) {
    const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    if (!own || node.disabled || node.closest(":disabled") || node.closest(".unseen, option, noscript")) continue;
    const box = node.getBoundingClientRect();
    if (!box.width || getComputedStyle(node).visibility === "hidden") continue;
    const [a, b] = [light(read(getComputedStyle(node).color)), light(under(node))].sort((x, y) => y - x);
    found.push([(a + 0.05) / (b + 0.05), node.className + " " + node.textContent.slice(0, 30)]);
  }
  return found;
}"""
TINTS = """() => [...document.querySelectorAll(".array")].map(array => {
  const style = getComputedStyle(array.querySelector(".band.tint") ?? array);
  return [style.backgroundColor, Number(style.opacity), getComputedStyle(array).color] })"""


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["batch", "many indices", "total"])
def test_text_has_contrast(name, theme, show):
    page = show(page_of(KINDS[name]()), "#step=2", color_scheme=theme)
    for state, do in STATES.items():
        page.evaluate(do)
        measured = page.evaluate(CONTRAST)
        assert len(measured) > 30
        assert [(round(ratio, 2), what) for ratio, what in measured if ratio < 4.5] == [], state
        page.keyboard.press("Escape")
    page.locator("h1 .x").first.hover()
    assert [what for ratio, what in page.evaluate(CONTRAST) if ratio < 4.5] == []


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_contrast_where_two_bands_lie_below_it(theme, show):
    page = show(page_of(batch()), "#step=2", color_scheme=theme)
    ground = (20, 22, 26) if theme == "dark" else (255, 255, 255)
    tints = page.evaluate(TINTS)
    assert len(tints) == 3

    def numbers(text):
        return [float(x) for x in re.findall(r"[\d.]+", text)][:3]

    def light(colour):
        return sum(
            w * (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4)
            for w, v in zip((0.2126, 0.7152, 0.0722), (v / 255 for v in colour), strict=True)
        )

    for colour, opacity, text in tints:
        below = ground
        for _ in range(2):
            below = [c * opacity + g * (1 - opacity) for c, g in zip(numbers(colour), below, strict=True)]
        high, low = sorted((light(below), light(numbers(text))), reverse=True)
        assert 0 < opacity < 0.5
        assert (high + 0.05) / (low + 0.05) >= 4.5


NAMED = """() => [...document.querySelectorAll(
    "button, input, select, [role=grid], [role=region], [role=group], dialog, section")]
  .filter(node => !(node.getAttribute("aria-label") || node.labels?.length || node.textContent.trim()))
  .map(node => node.outerHTML.slice(0, 80))"""
TWICE = """() => { const ids = [...document.querySelectorAll("[id]")].map(node => node.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place) }"""
HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3')].map(node => Number(node.tagName[1]))"
ORPHANS = """() => [...document.querySelectorAll("[role=gridcell], [role=rowheader], [role=columnheader]")]
  .filter(node => node.parentElement.getAttribute("role") !== "row" || !node.closest("[role=grid]")).length"""


@pytest.mark.parametrize("name", KINDS)
def test_names_roles_and_headings(name, show):
    page = show(page_of(KINDS[name]()))
    assert page.evaluate(NAMED) == []
    assert page.evaluate(TWICE) == []
    assert page.evaluate(ORPHANS) == 0
    levels = page.evaluate(HEADINGS)
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.locator("main").count() == 1
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title()


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize(("theme", "lang"), [("light", "en"), ("dark", "ja")])
@pytest.mark.parametrize("name", ["total", "batch", "empty"])
def test_axe_finds_nothing(name, theme, lang, show):
    source = axe_source()
    page = show(page_of(KINDS[name](), lang), color_scheme=theme)
    page.evaluate(source)
    for state, do in STATES.items():
        page.evaluate(do)
        found = page.evaluate("async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html)])")
        assert found == [], state
        page.keyboard.press("Escape")


FORMS = """() => ["read", "written", "cell:not(.read, .written, .done)"].map(kind => {
  const { boxShadow, fontWeight } = getComputedStyle(document.querySelector(`.array .cell.${kind}`));
  return [boxShadow.replace(/rgba?\\([^)]*\\)/g, ""), fontWeight] })"""


def test_nothing_is_said_by_colour_alone(show):
    page = show(page_of(matrices()), "#step=10")
    forms = page.evaluate(FORMS)
    assert len({str(form) for form in forms}) == 3
    assert places(page, "current")


TOPMOST = """(cell) => {
  const { left, top } = cell.getBoundingClientRect();
  return document.elementFromPoint(left + 2, top + 2) === cell;
}"""


def test_the_edges_of_lit_cells_lie_over_the_bands(show):
    page = show(page_of(matrices()), "#step=10&cell=0:4", viewport={"width": 1280, "height": 1000})
    page.add_style_tag(content=".trace .band { pointer-events: auto !important }")
    assert page.locator(".array .cell.done").first.evaluate(TOPMOST)
    for look in ("read", "written", "goes", "pinned"):
        cells = page.locator(f".array .cell.{look}").all()
        assert cells
        assert all(cell.evaluate(TOPMOST) for cell in cells), look


def test_paper_has_a_still_picture_on_white(show):
    page = show(page_of(matrices()), "#step=10", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".controls").is_hidden()
    assert page.locator(".tools").is_hidden()
    assert page.locator(".sum").is_visible()
    colours = """() => { const { backgroundColor, color } = getComputedStyle(document.querySelector(".trace"));
      return [backgroundColor, color] }"""
    assert page.evaluate(colours) == ["rgb(255, 255, 255)", "rgb(27, 31, 39)"]


def test_motion_is_left_out_for_who_wants_none(show):
    data = page_of(matrices())
    moving = "() => getComputedStyle(document.querySelector('.band')).transitionDuration"
    assert show(data).evaluate(moving) == "0s"
    assert show(data, reduced_motion="no-preference").evaluate(moving) != "0s"


def test_without_scripts_the_first_step_is_there_as_text(show):
    page = show(page_of(matrices()), java_script_enabled=False)
    text = page.locator("main").inner_text()
    assert "ij,jk->ik" in text
    assert "A[0,0] = 1; B[0,0] = 1; C[0,0] = 0 + 1 = 1" in text
    assert "    for j in range(J):" in page.locator("main pre").inner_text()


def test_a_fragment_is_a_frame_that_keeps_to_itself(show):
    frame = page_of(matrices(), fragment=True)
    page = show(f"<!DOCTYPE html><title>x</title><body>{frame}</body>")
    inside = page.frame_locator("iframe")
    inside.get_by_role("button", name="Step", exact=True).click()
    assert inside.locator(".number input").input_value() == "2"
    inside.get_by_role("button", name="日本語").click()
    inside.get_by_role("button", name="再生").wait_for()
    assert page.evaluate("document.documentElement.lang") == ""
    assert re.match(r'<iframe sandbox="allow-scripts" [^>]*title="ij,jk-&gt;ik · einloop trace"', frame)


def test_several_traces_stand_on_one_page(show):
    page = show(page_of(matrices()))
    page.evaluate(
        """() => { const { data, words } = JSON.parse(document.getElementById("trace-data").textContent);
        const other = document.createElement("div"); other.className = "trace"; document.body.append(other);
        window.second = mountTrace(other, data, words, { lang: "ja" }); second.show(7) }"""
    )
    assert page.locator(".number input").nth(1).input_value() == "7"
    assert page.locator(".number input").nth(0).input_value() == "1"
    page.evaluate("() => second.close()")
    assert page.locator(".number input").count() == 1


HOSTILE = "<img src=x onerror='document.title=1'></script><script>alert(1)</script><!--\u2028{{ x }}&amp;\ud800"


def hostile():
    data = matrices()
    for array in data["arrays"]:
        array["name"] = array["dtype"] = HOSTILE
        array["start"] = [HOSTILE] * len(array["start"])
    for step in data["steps"]:
        step["after"] = step["before"] = HOSTILE
        step["terms"][0]["value"] = HOSTILE
        step["why"] = [["trace.same", {"old": HOSTILE, "same": HOSTILE}], [HOSTILE, {}]]
    for index in data["indices"]:
        index["name"] = index["label"] = HOSTILE
    return data | {"expression": HOSTILE, "formula": HOSTILE, "code": [HOSTILE], "notes": [[HOSTILE, {}]]}


def test_hostile_names_and_values_are_text(show):
    text = page_of(hostile()).encode("utf-8", "replace").decode()
    for state, do in STATES.items():
        page = show(text)
        page.evaluate(do)
        page.wait_for_function("() => document.querySelector('[aria-live]').textContent")
        assert page.locator("img").count() == 0, state
        assert page.locator("script").count() == 2
        assert "onerror" in page.title()
        assert page.locator(".lines").inner_text().strip().startswith("<img src=x")


def test_odd_values_do_no_harm(show):
    values = ["", "nan", "-inf", "1e+300", "9" * 60, "(1-2j)", "a·b + c", "\u200b"]
    data = traced("i->i", [np.arange(len(values))])
    for step, value in zip(data["steps"], values, strict=True):
        step["after"] = value
    page = show(page_of(data), "#step=0")
    for value in values:
        page.keyboard.press("ArrowRight")
        assert page.locator(".sum .after").text_content() == value.replace("-", "−")


def test_every_word_of_the_page_is_in_the_catalogues_and_used():
    folder = Path(__file__).parents[2] / "templates" / "pages" / "trace"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.js"))
    code += Path(folder.parents[2], "einloop", "views", "trace", "page.py").read_text(encoding="utf-8")
    written = set(re.findall(r"trace\.page\.[a-z_]+(?:\.[a-z_]+)*(?=[\"'])", code))
    tables = set(re.findall(r"trace\.page\.[a-z_]+\.(?=\$)", code))
    for lang, words in page_words().items():
        there = {id for id in words if id.startswith("trace.page.")}
        assert written <= there, lang
        assert {id for id in there - written if not any(id.startswith(one) for one in tables)} == set()
    for table in ("keys", "marks", "controls", "predict", "role"):
        assert f"trace.page.{table}." in tables


SCRIPTS = sorted(Path(template_root(), "pages", "trace").glob("*.js"))


@pytest.mark.skipif(shutil.which("node") is None, reason="no node to read scripts with")
def test_scripts_are_javascript():
    read = "process.argv.slice(1).forEach(path => new (require('vm').Script)(require('fs').readFileSync(path, 'utf8')))"
    subprocess.run(["node", "-e", read, *map(str, SCRIPTS)], check=True, timeout=60)


def test_scripts_make_no_html_of_data_and_are_all_put_into_the_page():
    assert {path.stem for path in SCRIPTS} == {*trace_page.SCRIPTS, "types"}
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
        assert len(text.splitlines()) <= 260, path.name


def test_the_page_is_small_and_names_no_other_place():
    data = traced("i->i", [counted(1)])
    page = page_of(data)
    code = page[page.index("<style>") : page.index("</style>")] + page[page.index("const mountTrace") :]
    assert len(code.encode()) < 90_000
    assert len(page.encode()) < 100_000
    assert set(re.findall(r"https?://[^\"]*", page)) == {"http://www.w3.org/2000/svg"}


def test_the_same_data_make_the_same_bytes():
    assert page_of(batch()) == page_of(batch())
