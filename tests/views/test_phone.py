"""Pages on a narrow screen, measured in a browser where there is one: nothing is wider than the screen, and what would
be scrolls in its box."""

import json
import re
import shutil
import subprocess
from html import escape, unescape

import pytest

import einloop
from einloop.views.catalogue import languages

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

LONG = "first_matrix", "second_matrix", "third_matrix"
PAGES = {
    "explain": lambda: einloop.explain("ij,jk,kl->il", names=LONG, shapes=[(10, 20), (20, 30), (30, 40)]),
    "check": lambda: einloop.check("ij,kl->il", shapes=[(3, 4), (4, 5)], dtypes="int8"),
    "diff": lambda: einloop.diff("bhqk,bkhd->bqhd", "bhqk,bkhd->bhqd", shapes=[(2, 3, 4, 5), (2, 5, 3, 6)]),
    "why": lambda: einloop.why("ij,jk->ik", at=(1, 2), names=LONG[:2], shapes=[(20, 30), (30, 40)]),
    "stages": lambda: einloop.stages("ij,jk->ik", shapes=[(20, 30), (30, 40)], schedule="auto"),
}
MEASURE = """
const frame = document.querySelector("iframe");
frame.onload = () => {
  const inside = frame.contentDocument, view = frame.contentWindow;
  const boxes = [...inside.querySelectorAll("pre, .scroll, .formula")];
  document.body.textContent = JSON.stringify({
    wide: inside.documentElement.scrollWidth,
    boxes: boxes.map(box => ({
      hidden: box.scrollWidth - box.clientWidth,
      scrolls: view.getComputedStyle(box).overflowX,
      shades: view.getComputedStyle(box).backgroundAttachment,
    })),
    sides: [...new Set([...inside.querySelectorAll("td:not(.number)")].map(c => view.getComputedStyle(c).textAlign))],
  });
};
"""


def test_boxes_that_scroll_have_shadows_and_paper_has_none():
    style = einloop.explain("ij->i").show("html")
    boxes = ".einloop pre, .einloop .scroll, .einloop .formula {"
    on_screen, on_paper = (style.split(boxes)[number].split("}")[0] for number in (1, 2))
    assert "overflow-x: auto" in on_screen
    assert "background-attachment: local, local, scroll, scroll" in on_screen
    assert on_paper.strip() == "overflow: visible; background: none;"


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to measure pages in")
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(name, lang, tmp_path):
    page = PAGES[name]().show("html", lang)
    whole = f'<iframe width="375" height="800" srcdoc="{escape(page)}"></iframe><script>{MEASURE}</script>'
    (tmp_path / "page.html").write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{whole}", encoding="utf-8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path}",
        "--virtual-time-budget=5000",
    ]
    command = [BROWSER, *options, "--dump-dom", (tmp_path / "page.html").as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    found = json.loads(unescape(re.search(r"<body>(\{.*?\})</body>", shown, re.DOTALL)[1]))
    assert found["wide"] <= 375
    assert found["boxes"]
    assert {box["scrolls"] for box in found["boxes"]} == {"auto"}
    assert {box["shades"] for box in found["boxes"]} == {"local, local, scroll, scroll"}
    assert name in ("check", "diff") or any(box["hidden"] > 0 for box in found["boxes"])
    assert set(found["sides"]) <= {"left"}
