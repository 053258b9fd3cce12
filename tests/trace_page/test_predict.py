"""Questions: what is asked for stands nowhere on the page until it is answered, and then it is said what is right."""

import json
from pathlib import Path

import numpy as np
import pytest

from einloop.core.root import template_root

from .made import PRODUCT, counted, matrices, traced
from .reading import body, cells, number, page_of, texts

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
        assert number(page) == place - 1
        said = "place => document.querySelector('[aria-live]').textContent.startsWith(`Step ${place} of`)"
        page.wait_for_function(said, arg=place - 1)  # what a screen reader reads comes later
        shown = body(page)
        assert step["after"] not in shown, f"step {place} is given away"
        assert step["terms"][0]["value"] not in shown
        marked = {cell["text"] for array in cells(page) for cell in array if cell["read"]}
        before = data["steps"][place - 2]["terms"][0]["factors"] if place > 1 else []
        assert marked == {text for _, _, text in before}, "what meets next is not marked"
        good = place % 2 == 0
        answer(page, step["after"] if good else "5")
        if not good:
            assert verdict(page).endswith("Try once more.")
            answer(page, "6")
        right += good
        assert verdict(page).startswith("Right: " if good else "It is ")
        assert verdict(page).endswith(step["after"])
        assert number(page) == place
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
    assert number(page) == 1  # the question about step 2
    assert verdict(page) == ""
    page.keyboard.press("ArrowRight")
    assert number(page) == 2


def test_switching_it_on_or_over_stays_at_the_step(show):
    page = show(page_of(product()), "#step=3")
    whole = page.locator(".sum .now").inner_text()
    for kind, asks in (("value", "after step 4"), ("cell", "in step 4"), ("shape", "shape of C"), ("value", "step 4")):
        predict(page, kind)
        assert number(page) == 3
        assert page.locator(".sum .now").inner_text() == whole
        assert asks in page.locator(".predict label").inner_text()
    predict(page, "")
    assert number(page) == 3
    assert not page.locator(".predict").is_visible()


def test_a_wrong_answer_says_why_and_gives_a_second_try(show):
    page = show(page_of(matrices()), "#step=9")
    predict(page, "value")
    answer(page, "27")
    assert verdict(page) == "It becomes 8 + A[1,1]·B[1,1]. Try once more."
    assert "28" not in page.locator(".now-panel").inner_text()
    answer(page, "28,")
    assert verdict(page) == "Right: 28"
    assert page.locator(".tally").inner_text() == "1 of 1 right"
    page.keyboard.press("Enter")
    for typed in ("1", "2"):
        answer(page, typed)
    assert verdict(page) == "It is C[1,0] = 19 + 6·5 = 19 + 30 = 49"
    assert page.locator(".tally").inner_text() == "1 of 2 right"


def test_what_is_no_number_is_no_answer(show):
    page = show(page_of(matrices()), "#step=9")
    for kind in ("value", "cell", "shape"):
        predict(page, kind)
        for _ in range(3):
            answer(page, "abc")
            what = "That is not a number" if kind == "value" else "There is no number in that"
            assert verdict(page) == f"{what}, so it does not count."
        assert page.locator(".tally").inner_text() == ""
    predict(page, "value")
    answer(page, "2.8e1")
    assert verdict(page) == "Right: 28"


def test_a_followed_cell_is_asked_about_at_its_own_next_step(show):
    page = show(page_of(matrices()), "#step=8&cell=2:3")
    predict(page, "value")
    assert "C[1,1] hold after step 10?" in page.locator(".predict label").inner_text()
    answer(page, "28")
    assert (verdict(page), number(page)) == ("Right: 28", 10)


def test_a_jump_asks_for_the_step_that_it_leads_to(show):
    data = product()
    page = show(page_of(data), "#step=1")
    predict(page, "value")
    page.get_by_label("Place among the steps").fill("6")
    assert number(page) == 6
    assert data["steps"][5]["after"] in body(page)
    assert data["steps"][6]["after"] not in body(page)
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
    assert page.locator(".predict label").inner_text().startswith("Which element of C comes next, in step 10?")
    before = texts(page)
    assert before[2][3] == "8"
    answer(page, "C[1, 1]")
    assert verdict(page) == "Right: C[1,1]"
    assert texts(page)[2][3] == "28"
    page.keyboard.press("Enter")
    asked = page.locator(".predict label").inner_text()
    assert asked.startswith("Which element of C comes next, in step 11?")
    page.locator(".array.result .cell").nth(3).click()
    assert verdict(page) == "k is not 1. Try once more."
    answer(page, "1")
    assert verdict(page) == "It is C[1,0]: i = 1, k = 0"
    assert page.locator(".tally").inner_text() == "1 of 2 right"
    assert not page.locator(".following").is_visible()


def test_the_shape_is_hidden_until_it_is_answered(show):
    page = show(page_of(traced(PRODUCT, [counted(2, 3), counted(3, 4)])), "#step=5")
    predict(page, "shape")
    assert page.locator(".array.result .cell").first.is_hidden()
    assert "2×4" not in page.locator(".trace").inner_text()
    answer(page, "(2, 3, 4)")
    assert verdict(page) == "C has 2 indices: i, k. Try once more."
    answer(page, "(2, 3)")
    assert verdict(page).startswith("It is (2, 4): i = 2, k = 4\nThe result has an axis")
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
    ("28,", "28", True),
    ("2.8e1", "28", True),
    ("2.81e1", "28", False),
    ("1,234", "1234", True),
    ("12,34", "1234", False),
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
    for typed, right, good in (("abc", "28", False), ("-3", "28", True), ("inf", "2.5", True), ("a", "a·e", True)):
        assert page.evaluate(f"isValue({json.dumps(typed)}, {json.dumps(right)})") is good, typed
    for typed, numbers in (("C[1, 2]", [1, 2]), ("(1,2)", [1, 2]), ("1x2", [1, 2]), ("A2[3]", [3]), ("", [])):
        assert page.evaluate(f"numbersIn({json.dumps(typed)})") == numbers


@pytest.mark.parametrize("kind", ["value", "cell", "shape"])
def test_questions_about_a_trace_without_steps_or_axes(show, kind):
    data = traced("ij,jk->ik", [counted(2, 0), counted(0, 2)])
    page = show(page_of(data))
    assert page.locator(f"option[value={kind}]").evaluate("one => one.disabled") is (
        kind != "shape"
    )  # there is no next step
    if kind == "shape":
        predict(page, kind)
        assert page.locator(".predict").is_visible()
    page = show(page_of(traced("i->", [counted(2)])), "#step=0")
    predict(page, kind)
    answer(page, {"value": "1", "cell": "0", "shape": "()"}[kind])
    assert verdict(page).startswith("Right:")


@pytest.mark.parametrize("size", [(375, 812), (1280, 720)])
def test_what_is_said_of_an_answer_is_seen(show, size):
    page = show(page_of(matrices()), "#step=9", viewport={"width": size[0], "height": size[1]})
    predict(page, "shape")
    for _ in range(2):
        answer(page, "9, 9")
        said, bar = page.locator(".verdict").bounding_box(), page.locator(".controls").bounding_box()
        assert said["y"] + said["height"] <= bar["y"]
