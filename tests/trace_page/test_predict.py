"""Questions: what is asked for stands nowhere on the page until it is answered, and then it is said what is right."""

import json
from pathlib import Path

import numpy as np
import pytest

from einloop.core.root import template_root

from .made import PRODUCT, counted, matrices, traced
from .reading import body, number, page_of, texts

SECRETS = np.array([[101, 211], [307, 401]])


def product():
    """Return a trace whose sums and products are like no other number on the page."""
    return traced(PRODUCT, [SECRETS, np.array([[503, 601], [701, 809]])])


def predict(page, kind):
    page.get_by_label("Predict").select_option(kind)


def answer(page, text):
    page.locator(".predict input").fill(text)
    page.keyboard.press("Enter")


def verdict(page):
    return page.locator(".verdict").inner_text()


def test_a_value_is_hidden_everywhere_until_it_is_answered(show):
    data = product()
    for place, step in enumerate(data["steps"], 1):
        step["why"] = [["trace.wraps", {"dtype": "int8", "low": 0, "high": 1, "exact": step["after"], "after": "x"}]]
        assert step["terms"][0]["value"] not in {text for array in data["arrays"][:2] for text in array["start"]}, place
    page = show(page_of(data), "#step=0")
    predict(page, "value")
    right = 0
    for place, step in enumerate(data["steps"], 1):
        assert number(page) == place
        said = "place => document.querySelector('[aria-live]').textContent.startsWith(`Step ${place} of`)"
        page.wait_for_function(said, arg=place)  # what a screen reader reads comes later
        shown = body(page)
        assert step["after"] not in shown, f"step {place} is given away"
        assert step["terms"][0]["value"] not in shown
        assert "?" in page.locator(".array .cell.written").inner_text()
        good = place % 2 == 0
        answer(page, step["after"] if good else "5")
        right += good
        assert verdict(page) == ("Right: " if good else "It is ") + step["after"]
        assert page.locator(".tally").inner_text() == f"{right} of {place} right"
        assert page.locator(".array .cell.written").inner_text() == step["after"]
        assert step["after"] in page.locator(".why").inner_text()
        page.keyboard.press("Enter")
    assert number(page) == len(data["steps"])


def test_a_step_forward_gives_the_answer_and_no_point(show):
    page = show(page_of(product()), "#step=0")
    predict(page, "value")
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert number(page) == 1
    assert verdict(page).startswith("It is ")
    assert page.locator(".tally").inner_text() == ""
    page.keyboard.press("ArrowRight")
    assert number(page) == 2
    assert verdict(page) == ""


def test_a_jump_asks_for_the_step_that_it_leads_to(show):
    data = product()
    page = show(page_of(data), "#step=1")
    predict(page, "value")
    page.get_by_label("Place among the steps").fill("6")
    assert number(page) == 6
    assert data["steps"][5]["after"] not in body(page)
    page.keyboard.press("Home")
    assert not page.locator(".predict").is_visible()
    predict(page, "")
    page.keyboard.press("End")
    assert not page.locator(".predict").is_visible()


def test_playing_and_changing_the_language_end_no_secret(show):
    data = product()
    page = show(page_of(data), "#step=2")
    predict(page, "value")
    page.get_by_role("button", name="日本語").click()
    assert data["steps"][2]["after"] not in body(page)
    assert page.locator(".predict").is_visible()
    page.get_by_role("button", name="再生").click()
    page.get_by_role("button", name="一時停止").click()
    assert page.get_by_label("予想").input_value() == ""


def test_a_cell_is_asked_for_by_typing_or_by_a_click(show):
    page = show(page_of(matrices()), "#step=9")
    predict(page, "cell")
    assert page.locator(".predict label").inner_text().startswith("Which element of C is next?")
    before = texts(page)
    assert before[2][3] == "8"
    answer(page, "C[1, 1]")
    assert verdict(page) == "Right: C[1,1]"
    assert texts(page)[2][3] == "28"
    page.keyboard.press("Enter")
    asked = page.locator(".predict label").inner_text()
    assert asked.startswith("Which element of C is next?")
    page.locator(".array.result .cell").nth(3).click()
    assert verdict(page) == "It is C[1,0]"
    assert page.locator(".tally").inner_text() == "1 of 2 right"
    assert not page.locator(".following").is_visible()


def test_the_shape_is_hidden_until_it_is_answered(show):
    page = show(page_of(traced(PRODUCT, [counted(2, 3), counted(3, 4)])), "#step=5")
    predict(page, "shape")
    assert page.locator(".array.result .cell").first.is_hidden()
    assert "2×4" not in page.locator(".trace").inner_text()
    answer(page, "(2, 3)")
    assert verdict(page).startswith("It is (2, 4)")
    assert page.locator(".array.result .cell").first.is_visible()
    assert "2×4" in page.locator(".array.result").inner_text()
    page.keyboard.press("Enter")
    assert not page.locator(".predict").is_visible()


VALUES = [
    ("28", "28", True),
    (" 28.0 ", "28", True),
    ("+28", "28", True),
    ("２８", "28", True),
    ("28.4", "28", False),
    ("−112", "-112", True),
    ("112", "-112", False),
    ("9007199254740993", "9007199254740992", False),
    ("0.3", "0.30000000000000004", True),
    ("0.31", "0.30000000000000004", False),
    ("3e-1", "0.30000000000000004", True),
    ("nan", "nan", True),
    ("inf", "inf", True),
    ("-inf", "inf", False),
    ("true", "True", True),
    ("1", "True", True),
    ("0", "True", False),
    ("1+2j", "(1+2j)", True),
    ("b*g + e*a", "a·e + b·g", True),
    ("a·e", "a·e + b·g", False),
    ("", "0", False),
    ("1e400", "1e300", False),
]


def test_what_means_a_value(show):
    page = show(page_of(matrices()))
    page.add_script_tag(content=Path(template_root(), "pages", "trace", "answer.js").read_text(encoding="utf-8"))
    for typed, right, good in VALUES:
        call = f"meansValue({json.dumps(typed)}, {json.dumps(right)})"
        assert page.evaluate(call) is good, (typed, right)
    for typed, numbers in (("C[1, 2]", [1, 2]), ("(1,2)", [1, 2]), ("1x2", [1, 2]), ("A2[3]", [3]), ("", [])):
        assert page.evaluate(f"numbersIn({json.dumps(typed)})") == numbers


@pytest.mark.parametrize("kind", ["value", "cell", "shape"])
def test_questions_about_a_trace_without_steps_or_axes(show, kind):
    data = traced("ij,jk->ik", [counted(2, 0), counted(0, 2)])
    page = show(page_of(data))
    predict(page, kind)
    assert page.locator(".predict").is_visible() is (kind == "shape")
    page = show(page_of(traced("i->", [counted(2)])), "#step=0")
    predict(page, kind)
    answer(page, {"value": "1", "cell": "0", "shape": "()"}[kind])
    assert verdict(page).startswith("Right:")
