"""How the page looks to everyone: widths, axe-core's findings, paper, what belongs to an earlier text."""

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from trace_page.axe import axe_source

from einloop.core.root import template_root
from einloop.views.trace.page import SCRIPTS, page_words
from einloop.web import building

from .visiting import fault, panel, settle, toggle, write

FOLDER = Path(template_root(), "pages", "web")
FILES = sorted(FOLDER.glob("*.js"))
SCREENS = {375: 812, 768: 1024, 1280: 900, 1920: 1080}
ALL = "#panels=meaning,tests,compare,loops,same,picture,trace,why&text="
TEXTS = {
    "product": ("ij,jk->ik", "2x3 3x4"),
    "attention": ("bqhd,bkhd->bhqk", "1x2x2x3 1x3x2x3"),
    "a long call": ("np.einsum('abcdefgh,abcdefgh->', a_name_that_is_long, another_name_that_is_even_longer)", ""),
    "a mistake": ("ij,jk->ik", "2x3 4x3"),
    "a long word": ("x" * 400, ""),
    "loops": ("for i in range(n):\n    for j in range(m):\n        y[i] += A[i, j] * x[j]", "A=2x3 x=3"),
}


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("width", [320, *SCREENS])
def test_nothing_is_wider_than_the_screen(width, lang, visit):
    page = visit(ALL + "ij,jk->ik", lang, viewport={"width": width, "height": 800})
    for name, (text, shapes) in TEXTS.items():
        write(page, text, shapes)
        wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide[0] <= width, name
        page.evaluate("scrollTo(0, 1e6)")
        assert page.locator(".question").bounding_box()["y"] == 0, name
        page.evaluate("scrollTo(0, 0)")


def test_three_columns_stand_beside_each_other_where_there_is_room_and_close(visit):
    page = visit(viewport={"width": 1280, "height": 900})

    def lefts():
        return [round(one.bounding_box()["x"]) for one in page.locator(".column").all() if one.is_visible()]

    before = lefts()
    assert len(before) == 3
    assert before == sorted(set(before))
    panel(page, "loops").get_by_role("button", name="Close Loops").click()
    toggle(page, "same")
    assert len(lefts()) == 2
    page.set_viewport_size({"width": 375, "height": 812})
    assert len(set(lefts())) == 1


def test_the_trace_has_the_width_of_its_panel(visit):
    page = visit(viewport={"width": 1280, "height": 900})
    beside = "() => getComputedStyle(document.querySelector('.trace .panes')).gridTemplateColumns.split(' ').length"
    assert page.evaluate(beside) == 1
    page.get_by_role("button", name="wide").click()
    page.wait_for_function(f"() => ({beside})() === 2")


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1280), ("ja", "dark", 375)])
def test_axe_finds_nothing(lang, theme, width, visit):
    source = axe_source()
    page = visit(
        ALL + "ij,jk->ik&tests=" + '[{"shapes":"2x3 3x4"}]',
        lang,
        viewport={"width": width, "height": 900},
        color_scheme=theme,
    )
    page.evaluate(source)
    for place in range(0, 9000, 500):  # what is far from the screen is laid out, and then measured, when it comes near
        page.evaluate(
            f"new Promise(go => {{ scrollTo(0, {place}); requestAnimationFrame(() => requestAnimationFrame(go)) }})"
        )
    run = "async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html)])"
    assert page.evaluate(run) == []
    page.locator(".trials button").nth(3).click()
    fault(page)
    assert page.evaluate(run) == []
    for name in ("keys", "sheet", "past"):
        page.locator(f"header .{name}").click()
        page.locator("dialog[open]").wait_for()
        assert page.evaluate(run) == [], name
        page.keyboard.press("Escape")


def test_headings_and_landmarks_make_an_outline(visit):
    page = visit(ALL + "ij,jk->ik")
    levels = page.evaluate(
        """[...document.querySelectorAll('h1, h2, h3, h4')].filter(node => !node.closest('dialog'))
        .map(node => Number(node.tagName[1]))"""
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.locator("main").count() == page.locator("header:not(.trace header)").count() == 1
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
    assert len(ids) == len(set(ids))


def test_what_belongs_to_an_earlier_text_is_dim_and_out_of_reach(visit):
    page = visit()
    write(page, "ij,jk->iz")
    fault(page)
    for one in page.locator(".view:not([hidden]) .body").all():
        assert one.evaluate("node => node.inert && getComputedStyle(node).opacity < 0.5")
    write(page, "ij,jk->ki")
    assert page.locator(".still").is_hidden()
    assert not page.locator(".view-loops .body").evaluate("node => node.inert")


def test_paper_is_white_and_has_no_buttons(visit):
    page = visit(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for name in (".tools", ".under", ".copying", ".closing", ".trace .controls"):
        assert all(not one.is_visible() for one in page.locator(f".web {name}").all()), name
    assert page.locator(".view-loops pre").first.is_visible()


def test_colours_are_those_of_indices_in_every_panel(visit):
    page = visit()
    write(page, "qi,ij->qj", "2x3 3x4")
    looks = """() => { const found = {};
      for (const place of [".question .x", ".view-meaning .lead span", ".view-loops .x", ".view-trace h3 .x"])
        for (const node of document.querySelectorAll(place)) if (["q", "i", "j"].includes(node.textContent))
          (found[node.textContent] ??= new Set()).add(getComputedStyle(node).color);
      return Object.fromEntries(Object.entries(found).map(([name, colours]) => [name, [...colours]])) }"""
    found = page.evaluate(looks)
    assert {name: len(colours) for name, colours in found.items()} == {"q": 1, "i": 1, "j": 1}
    assert len({colours[0] for colours in found.values()}) == 3


def test_every_word_of_the_page_is_in_the_catalogues_and_used():
    code = "".join(path.read_text(encoding="utf-8") for path in FILES) + Path(building.__file__).read_text(
        encoding="utf-8"
    )
    written = set(re.findall(r"(?<=[\"'`])web\.[a-z_.]+(?=[\"'`])", code)) - {"web.css", "web.html"}
    page = (FOLDER.parent / "web.html").read_text(encoding="utf-8")
    written |= set(re.findall(r"(?<=words\[\")web\.[a-z_.]+(?=\"\])", page))
    tables = set(re.findall(r"web\.(?:[a-z_]+\.)*(?=\$)", code))
    assert {"web.panel.", "web.try.", "web.keys.", "web.notation.", "web.tests.", "web.picture."} <= tables
    for lang, words in page_words().items():
        there = {id for id in words if id.startswith("web.")}
        assert written <= there, lang
        assert {id for id in there - written if not any(id.startswith(one) for one in tables)} == set(), lang


def test_scripts_make_no_html_of_data_and_are_all_put_into_the_page():
    assert {path.stem for path in FILES} - {"worker"} == {*building.OWN_SCRIPTS, "types"}
    assert not {path.stem for path in FILES} & {*SCRIPTS}
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            path.name
        )
        assert len(text.splitlines()) <= 260, path.name


@pytest.mark.skipif(shutil.which("node") is None, reason="no node to read scripts with")
def test_scripts_are_javascript():
    read = "process.argv.slice(1).forEach(path => new (require('vm').Script)(require('fs').readFileSync(path, 'utf8')))"
    subprocess.run(["node", "-e", read, *map(str, FILES)], check=True, timeout=60)


def test_a_page_without_answers_shows_its_example_and_says_why_it_has_no_more(browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(building.build_page("en", building.Transport.NONE), encoding="utf-8")
    context = browser.new_context()
    context.set_offline(True)
    page = context.new_page()
    page.goto(path.as_uri())
    settle(page)
    assert "For every i and k" in panel(page, "meaning").inner_text()
    page.locator(".question textarea").first.fill("ii->")
    assert "einloop serve" in fault(page)
    context.close()
