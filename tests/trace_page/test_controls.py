"""Buttons, keys, links: what a reader does, and what then stands on the page."""

import re

import pytest

from .made import PRODUCT, batch, counted, large, matrices, traced
from .reading import number, page_of, places


def test_buttons_go_where_they_say(show):
    page = show(page_of(matrices()))
    assert number(page) == 1
    click = lambda name: page.get_by_role("button", name=name, exact=True).click()  # noqa: E731
    click("Step")
    assert number(page) == 2
    click("To the end")
    assert number(page) == 12
    assert page.get_by_role("button", name="Step", exact=True).is_disabled()
    click("Step back")
    assert number(page) == 11
    click("To the start")
    assert number(page) == 0
    assert page.get_by_role("button", name="Step back").is_disabled()
    assert page.locator(".sum").inner_text().strip() == "Before the first step."


def test_playing_runs_to_the_end_and_stops(show):
    page = show(page_of(matrices()))
    page.get_by_label("Speed").select_option("240")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelector('.number input').value === '12'")
    page.get_by_role("button", name="Play").wait_for()
    page.get_by_label("Speed").select_option("0.5")
    page.get_by_role("button", name="Play").click()
    assert number(page) in (0, 1)  # from the start again
    page.get_by_role("button", name="Pause").click()
    assert page.get_by_role("button", name="Play").count() == 1


def test_the_slider_and_the_number_jump(show):
    page = show(page_of(matrices()))
    page.get_by_label("Place among the steps").fill("7")
    assert number(page) == 7
    page.get_by_label("Go to step").fill("3")
    page.keyboard.press("Enter")
    assert number(page) == 3
    for given, gone in (("99", 12), ("-4", 0), ("x", 0), ("1,0", 10), ("１２", 12)):
        page.get_by_label("Go to step").fill(given)
        page.keyboard.press("Enter")
        assert number(page) == gone


def test_keys_alone_are_enough(show):
    page = show(page_of(matrices()))
    press = page.keyboard.press
    for key, gone in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 12), ("Home", 0)):
        press(key)
        assert number(page) == gone
    press("g")
    page.keyboard.type("9")
    press("Enter")
    assert number(page) == 9
    press("?")
    assert page.get_by_role("dialog").is_visible()
    press("ArrowRight")
    assert number(page) == 9  # keys are the dialog's while it is open
    press("Escape")
    assert not page.get_by_role("dialog").is_visible()


def test_space_plays_and_pauses(show):
    page = show(page_of(matrices()))
    page.keyboard.press("+")
    assert page.get_by_label("Speed").input_value() == "4"
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert page.get_by_label("Speed").input_value() == "1"
    page.keyboard.press(" ")
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play").wait_for()


def test_arrows_move_in_a_grid_and_enter_follows_a_cell(show):
    page = show(page_of(batch()), "#step=0")
    page.set_viewport_size({"width": 1600, "height": 1400})
    page.locator(".array").nth(0).locator("[tabindex='0']").focus()
    focused = "() => { const cell = document.activeElement; return [cell.getAttribute('role'), cell.textContent] }"
    assert page.evaluate(focused) == ["gridcell", "1"]
    for key, text in (("ArrowRight", "2"), ("ArrowDown", "5"), ("PageDown", "11"), ("End", "12"), ("Home", "10")):
        page.keyboard.press(key)
        assert page.evaluate(focused) == ["gridcell", text]
    assert number(page) == 0
    page.keyboard.press("Enter")
    assert page.locator(".following p").first.inner_text().startswith("A[1,1,0] is read by 4 steps:")
    page.keyboard.press("Escape")
    assert not page.locator(".following").is_visible()


def test_a_grid_moves_its_window_with_the_keys(show):
    page = show(page_of(large()), "#step=0")
    page.locator(".array").nth(0).locator("[tabindex='0']").focus()
    for _ in range(16):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == str(16 * 17 + 1)
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.textContent") == str(17 * 17)


def test_a_cell_of_the_result_shows_just_its_terms(show):
    page = show(page_of(matrices()))
    page.locator(".array.result .cell").nth(3).click()
    assert page.locator(".following p").first.inner_text() == "C[1,1] is made by 3 steps: 8 10 12"
    found = []
    page.keyboard.press("Home")
    for _ in range(3):
        found.append(number(page))
        page.keyboard.press("ArrowRight")
    assert found == [8, 10, 12]
    assert number(page) == 12
    page.get_by_role("button", name="To step 10").click()
    assert number(page) == 10
    page.get_by_role("button", name=re.compile("Show all")).click()
    page.keyboard.press("ArrowRight")
    assert number(page) == 11


def test_a_cell_that_gets_a_total_shows_the_terms_of_that_total(show):
    page = show(page_of(matrices(total=True)))
    page.locator(".array.result .cell").nth(1).click()
    assert page.locator(".following p").first.inner_text() == "C[0,1] is made by 4 steps: 5 6 7 8"


@pytest.mark.parametrize("total", [False, True])
def test_a_cell_of_an_operand_shows_where_it_goes(show, total):
    page = show(page_of(matrices(total=total)))
    page.locator(".array.operand").nth(0).locator(".cell").nth(4).click()
    steps = "10 14" if total else "9 10"
    lead, goes = page.locator(".following p").all_inner_texts()
    assert (lead, goes) == (f"A[1,1] is read by 2 steps: {steps}", "It goes to C[1,0] C[1,1]")
    last = 3 if total else 2
    assert places(page, "goes") == {(last, 2), (last, 3)}


def test_a_cell_that_nothing_reads_or_writes_is_not_followed(show):
    page = show(page_of(traced("ii->i", [counted(2, 2)])))
    page.locator(".array.operand .cell").nth(1).click()
    assert not page.locator(".following").is_visible()


def test_an_index_is_lit_everywhere(show):
    page = show(page_of(matrices()))
    page.locator(".lines .x", has_text="j").first.hover()
    lit = page.locator(".hot").all_inner_texts()
    assert page.evaluate("() => [...document.querySelectorAll('.hot')].every(node => node.dataset.x === '1')")
    for place in ("h1", ".formula", ".lines", ".chips", ".array"):
        assert page.locator(f"{place} .hot").count() > 0, place
    assert len(lit) > 8
    page.mouse.move(640, 700)
    assert page.locator(".hot").count() == 0
    page.locator(".chip").nth(2).click()
    assert page.locator(".chip").nth(2).get_attribute("aria-pressed") == "true"
    page.mouse.move(640, 700)
    assert page.locator("h1 .hot").all_inner_texts() == ["k", "k"]


def test_a_link_leads_to_a_step_and_a_cell(show):
    page = show(page_of(matrices()), "#step=10&cell=2:3&lang=ja")
    assert number(page) == 10
    assert page.evaluate("document.documentElement.lang") == "ja"
    assert page.locator(".following").is_visible()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.hash === '#step=12&cell=2:3&lang=ja'")
    page.evaluate("location.hash = '#step=4'")
    page.wait_for_function("() => document.querySelector('.number input').value === '4'")
    assert not page.locator(".following").is_visible()


@pytest.mark.parametrize("fragment", ["#step=99", "#step=-1", "#step=x&cell=9:9", "#cell=2:77", "#%", "#lang=xx"])
def test_a_link_that_leads_nowhere_does_no_harm(show, fragment):
    page = show(page_of(matrices()), fragment)
    assert number(page) in (1, 12)
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_language_and_the_theme_change_at_once(show):
    page = show(page_of(matrices()), "#step=10")
    back = "() => getComputedStyle(document.querySelector('.trace')).backgroundColor"
    assert page.evaluate(back) == "rgb(255, 255, 255)"
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(back) == "rgb(20, 22, 26)"
    page.get_by_role("button", name="日本語").click()
    assert number(page) == 10
    assert page.evaluate(back) == "rgb(20, 22, 26)"
    assert page.evaluate("[document.documentElement.lang, document.activeElement.lang]") == ["ja", "ja"]
    assert page.get_by_role("button", name="再生").count() == 1
    page.get_by_role("button", name="ダーク").click()
    assert page.evaluate(back) == "rgb(255, 255, 255)"


def test_a_screen_reader_is_told_the_step_but_not_while_it_plays(show):
    page = show(page_of(matrices()), "#step=9")
    live = page.locator("[aria-live]")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('[aria-live]').textContent.startsWith('Step 10 of 12')")
    assert "i = 1, j = 1, k = 1. C[1,1] = 8 + 5·4 = 8 + 20 = 28" in live.inner_text()
    page.get_by_label("Speed").select_option("0.5")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelector('.number input').value === '11'")
    assert live.inner_text().startswith("Step 10 of 12")


def test_the_order_of_focus_is_that_of_the_page(show):
    page = show(page_of(matrices()), "#step=10")
    order = []
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "() => { const n = document.activeElement; return n === document.body ? '' : "
            "n.getAttribute('aria-label') ?? n.labels?.[0]?.textContent ?? n.textContent }"
        )
        if not found:
            break
        order.append(found.strip())
    assert order[:4] == ["English", "日本語", "Dark", "Help"]
    assert [text[0] for text in order[4:7]] == ["i", "Σ", "k"]
    assert order[7:11] == ["Code", "5", "4", "28"]
    assert order[11:] == [
        "To the start", "Step back", "Play", "Step", "To the end", "Place among the steps", "Go to step", "Speed",
        "Predict offthe valuethe cellthe shape",
    ]  # fmt: skip


def test_an_expression_of_many_indices_has_colours_again(show):
    page = show(page_of(traced("abcdefghij->", [counted(*[1] * 9, 2)])))
    assert page.locator("h1 .again").all_inner_texts() == ["i", "j"]


def test_letters_are_lit_in_subscripts_and_names_in_code_only(show):
    data = traced(PRODUCT, [counted(2, 2), counted(2, 2)], code=("x.i + i + ij + A[i,j]",))
    page = show(page_of(data))
    assert page.locator(".lines .x").all_inner_texts() == ["i", "i", "j"]
    assert page.locator("h1 .x").all_inner_texts() == ["i", "j", "j", "k", "i", "k"]
