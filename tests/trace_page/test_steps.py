"""Each step as the page shows it: against a run through all steps, and against what the step reads and writes."""

import re

import pytest

import einloop
from einloop.views.trace.data import trace_data

from .made import PRODUCT, batch, counted, matrices, traced, wrapping
from .reading import cells, number, page_of, places, reads, replayed, texts


def real(expression, **how):
    trace = einloop.trace(expression, **how)
    return trace_data(trace, 1, trace.count)


TRACES = {
    "product": matrices,
    "batch": batch,
    "total": lambda: matrices(total=True),
    "wrapping": wrapping,
    "scalar result": lambda: traced("ij->", [counted(2, 2)]),
    "diagonal": lambda: traced("ii->i", [counted(3, 3)]),
    "one step": lambda: traced("i->i", [counted(1)]),
    "real": lambda: real("ij,jk->ik"),
    "real, a total": lambda: real("ij,jk->ik", style="scalar"),
    "real, symbols": lambda: real("ij,jk->ik", shapes=[(2, 2), (2, 2)], symbolic=True),
    "real, on a path": lambda: real("ij,jk,kl->il", path="optimal", shapes=[(2, 2), (2, 3), (3, 2)]),
}


@pytest.mark.parametrize("name", TRACES)
def test_every_state_is_that_of_a_run_through_all_steps(name, show):
    data = TRACES[name]()
    page = show(page_of(data), "#step=0", viewport={"width": 1900, "height": 1400})
    shown = [[array["text"] for array in one] for one in cells(page)]
    whole = [[[one.replace("-", "−") for one in array] for array in state] for state in replayed(data)]
    longest = max(len(text) for state in whole for array in state for text in array)
    assert [len(array) for array in shown] == [len(array["start"]) for array in data["arrays"]]
    for place, wanted in enumerate(whole):
        if place:
            page.keyboard.press("ArrowRight")
        assert number(page) == place
        if longest <= 9:
            assert texts(page) == wanted, f"after step {place}"
        if place:
            step = data["steps"][place - 1]
            assert places(page, "read") == reads(step), f"read by step {place}"
            assert places(page, "written") == {tuple(step["target"])}
            lit = places(page, "read") | places(page, "written")
            assert places(page, "current") == lit
            assert page.locator(".lines li[aria-current]").count() == 1
    for place in (len(whole) - 1, 0, len(whole) // 2):  # jumps, not steps
        page.locator(".number input").fill(str(place))
        page.keyboard.press("Enter")
        assert longest > 9 or texts(page) == whole[place]


BOXES = """() => [...document.querySelectorAll(".array")].map(array => {
  const box = (query) => {
    const { x, y, width, height } = array.querySelector(query).getBoundingClientRect();
    return [x, y, width, height];
  };
  return {cell: box(".cell.read, .cell.written"), row: box(".band.across.edge"), column: box(".band.down.edge")} })"""


def test_the_bands_cross_at_the_cell_that_is_looked_at(show):
    page = show(page_of(matrices()), "#step=10")
    boxes = page.evaluate(BOXES)
    assert len(boxes) == 3
    for box in boxes:
        assert box["column"][0] == pytest.approx(box["cell"][0], abs=1)
        assert box["column"][2] == pytest.approx(box["cell"][2], abs=1)
        assert box["row"][1] == pytest.approx(box["cell"][1], abs=1)
        assert box["row"][3] == pytest.approx(box["cell"][3], abs=1)


def test_the_sum_is_written_out(show):
    page = show(page_of(matrices()), "#step=10")
    assert page.locator(".sum .whole").inner_text() == "C[1,1] = 4·2 + 5·4 + 6·6"
    assert page.locator(".sum .current").inner_text() == "5·4"
    assert page.locator(".sum .later").inner_text() == "6·6"
    assert page.locator(".sum .now").inner_text() == "now 8 + 5·4 = 8 + 20 = 28"


def test_a_total_that_wraps_shows_what_it_holds(show):
    page = show(page_of(wrapping()), "#step=2")
    assert page.locator(".sum .now").inner_text() == "now (−56) + 100·2 = (−56) + (−56) = −112"


def test_long_fractions_are_rounded_and_said_to_be(show):
    found = einloop.trace("ij,j->i", [[0.1234567, -2.0]], [-1.0, 0.25])
    page = show(found.show("html"), "#step=2")
    assert page.locator(".sum .whole").inner_text() == "c[0] ≈ 0.12346·(−1) + (−2)·0.25"
    assert page.locator(".sum .now").inner_text() == ("now (−0.12346) + (−2)·0.25 ≈ (−0.12346) + (−0.5) ≈ −0.62346")
    assert texts(page)[:3] == [["≈0.12346", "−2"], ["−1", "0.25"], ["≈−0.62346"]]


def test_a_sum_that_begins_with_what_was_there(show):
    page = show(page_of(matrices(start=7)), "#step=1")
    assert page.locator(".sum .whole").inner_text() == "C[0,0] = 7 + 1·1 + 2·3 + 3·5"


def test_long_sums_are_shortened_in_the_middle_with_a_count(show):
    page = show(page_of(traced("i,i->", [counted(50), counted(50)])), "#step=25")
    assert page.locator(".sum .whole").inner_text() == (
        "C = 1·1 + 2·2 + … 21 more … + 24·24 + 25·25 + 26·26 + … 23 more … + 50·50"
    )


def test_all_signs_of_a_term(show):
    data = matrices()
    data["steps"][0]["terms"] = [
        {"factors": [[0, 0, "-1"]], "value": "2", "times": "3", "over": [[1, 0, "4"], "5"], "negative": True},
        {"factors": [[0, 1, "2"], [1, 1, "a + b"]], "value": "9"},
    ]
    page = show(page_of(data), "#step=1")
    assert page.locator(".sum .now").inner_text() == "now 0 − 3·(−1) / 4 / 5 + 2·(a + b) = 0 − 2 + 9 = 1"


def test_truth_values_have_their_own_signs(show):
    data = matrices()
    data["arrays"][2]["dtype"] = "bool"
    page = show(page_of(data), "#step=10")
    assert page.locator(".sum .whole").inner_text() == "C[1,1] = 4∧2 ∨ 5∧4 ∨ 6∧6"


def test_a_cell_that_is_complete_is_marked(show):
    page = show(page_of(matrices()), "#step=5")
    assert places(page, "done") == {(2, 0)}
    page.keyboard.press("End")
    assert places(page, "done") == {(2, place) for place in range(4)}


def test_one_cell_an_element_and_one_within_reach_of_tab(show):
    data = batch()
    page = show(page_of(data))
    for number_, array in enumerate(data["arrays"]):
        section = page.locator(".array").nth(number_)
        page.set_viewport_size({"width": 1600, "height": 1400})
        assert section.locator("[role=gridcell]").count() == len(array["start"])
        assert section.locator("[role=gridcell][tabindex='0']").count() == 1
        assert section.locator("[role=grid]").count() == 2


def test_a_part_of_a_trace_claims_nothing_about_the_rest(show):
    trace = einloop.trace(PRODUCT, shapes=[(2, 3), (3, 2)])
    page = show(page_of(trace_data(trace, 1, 5)), "#step=5")
    assert places(page, "done") == set()  # C[0,0] is complete, but that is not known from these steps alone
    assert page.locator(".sum .whole").inner_text() == "C[0,0] = 1·1 + 2·3 + 3·5"  # its sentence says that it is
    page.keyboard.press("ArrowLeft")
    assert page.locator(".sum .whole").inner_text() == "C[0,1] = 1·2 + 2·4 + … 1 more after this page"
    page.locator(".array.operand .cell").first.click()
    lead = page.locator(".following p").first.inner_text()
    assert lead == "A[0,0] is read by 2 steps: 1 2 (of the steps on this page)"


def test_a_total_that_began_anew_is_known_to_be_whole(show):
    trace = einloop.trace(PRODUCT, shapes=[(2, 3), (3, 2)], style="scalar")
    page = show(page_of(trace_data(trace, 1, 6)), "#step=3")
    assert page.locator(".sum .whole").inner_text() == "total = 1·1 + 2·3 + 3·5"
    page.keyboard.press("End")
    assert page.locator(".sum .whole").inner_text() == "total = 1·2 + 2·4 + …"


def test_an_axis_along_which_nothing_counts_has_no_name(show):
    trace = einloop.trace("...ij,...jk->...ik", shapes=[(2, 1, 2, 2), (3, 2, 2)])
    page = show(page_of(trace_data(trace, 1, trace.count)))
    assert page.locator("h3").first.inner_text().startswith("A[e0,·,i,j] 2×1×2×2")
    assert page.locator(".slice").first.inner_text() == "e0 = 0"


def test_steps_from_the_middle_of_a_trace(show):
    trace = einloop.trace(PRODUCT, shapes=[(2, 3), (3, 4)])
    page = show(page_of(trace_data(trace, 9, 14)))
    assert number(page) == 9
    assert "This page holds the steps 9 to 14 of 24." in page.locator(".stage").inner_text()
    assert page.locator(".number").inner_text().endswith("of 24 on this page: 9 to 14")
    page.keyboard.press("End")
    assert number(page) == 14
    page.keyboard.press("Home")
    assert number(page) == 9
    assert page.get_by_role("button", name="Step back").is_disabled()


def sums(page, count):
    found = []
    for _ in range(count):
        found.append(page.locator(".sum .whole").inner_text())
        page.keyboard.press("ArrowRight")
    return found


def test_a_sum_of_which_the_page_holds_a_part_says_how_much(show):
    trace = einloop.trace(PRODUCT, shapes=[(1, 5), (5, 2)])
    page = show(page_of(trace_data(trace, 4, 7)))
    one = "C[0,1] = 2 (1 term before this page) + 2·4 + 3·6 + … 2 more after this page"
    two = "C[0,0] = 7 (2 terms before this page) + 3·5 + 4·7 + … 1 more after this page"
    assert sums(page, 4) == [one, two, one, two]


def test_of_a_total_it_is_not_known_how_much_is_missing(show):
    trace = einloop.trace(PRODUCT, shapes=[(1, 5), (5, 1)], style="scalar")
    page = show(page_of(trace_data(trace, 2, 3)))
    assert sums(page, 1) == ["total = 1 (…) + 2·2 + 3·3 + …"]


def test_every_part_of_a_trace_tells_of_every_term(show):
    trace = einloop.trace(PRODUCT, shapes=[(2, 3), (3, 2)])
    for first in range(1, 13, 3):
        page = show(page_of(trace_data(trace, first, first + 2)))
        for text in sums(page, 3):
            early, late = re.search(r"(\d+) terms? before", text), re.search(r"(\d+) more after", text)
            away = sum(int(one.group(1)) for one in (early, late) if one)
            assert text.count("·") + away == 3, text


def test_a_step_that_is_not_on_the_page_is_not_replaced_by_another(show):
    trace = einloop.trace(PRODUCT, shapes=[(2, 3), (3, 4)])
    text = page_of(trace_data(trace, 9, 14))
    for given in (20, 3):
        page = show(text, f"#step={given}")
        said = f"Step {given} is not on this page. This page holds the steps 9 to 14 of 24."
        assert page.locator(".sum").inner_text().strip() == said
        assert number(page) == given
        assert page.locator(".array .cell").first.is_hidden()
        assert page.locator(".lines li[aria-current]").count() == 0
        page.get_by_role("button", name="日本語").click()
        assert f"ステップ {given} はこのページにない。" in page.locator(".sum").inner_text()
        page.keyboard.press("ArrowLeft")
        assert number(page) == (14 if given == 20 else 9)
        assert page.locator(".array .cell").first.is_visible()
        page.locator(".number input").fill("24")
        page.keyboard.press("Enter")
        assert "24" in page.locator(".sum").inner_text()
        assert number(page) == 24


def test_a_large_array_is_a_window_that_follows_and_can_be_moved(show):
    data = traced(PRODUCT, [counted(30, 2), counted(2, 40)])
    page = show(page_of(data), f"#step={len(data['steps'])}")
    result = page.locator(".array.result")
    heads = result.locator("[role=columnheader]:not(.corner)").all_inner_texts()
    assert heads[-1] == "39"
    assert result.locator(".cell.written").count() == 1
    result.get_by_role("button", name="C: earlier places along k").click()
    moved = result.locator("[role=columnheader]:not(.corner)").all_inner_texts()
    assert int(moved[0]) == int(heads[0]) - (len(heads) - 1)
    assert result.locator(".cell.written").count() == 0
    page.keyboard.press("ArrowLeft")
    assert result.locator(".cell.written").count() == 1


def test_cells_of_an_array_that_is_given_in_part(show):
    data = matrices()
    start = data["arrays"][0].pop("start")
    data["arrays"][0]["cells"] = {"0": start[0], "4": start[4]}
    page = show(page_of(data))
    assert texts(page)[0] == ["1", "·", "·", "·", "5", "·"]


def test_a_part_that_begins_in_a_sum_that_is_converted_later_marks_what_came_before(show):
    trace = einloop.trace(PRODUCT, shapes=[(1, 3), (3, 1)], dtypes="float16")
    page = show(page_of(trace_data(trace, 2, trace.count)))
    assert sums(page, 1) == ["C[0,0] = 1 (1 term before this page) + 2·2 + 3·3"]
