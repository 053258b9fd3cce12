"""The page answers what is typed, clicked and dropped: with the mouse, and with keys alone."""

import numpy as np
import pytest

from .visiting import MARKED, fault, field, panel, settle, shapes_field, toggle, write

PRODUCT = "ij,jk->ik"
LOOPS = "for i in range(n):\n    for j in range(m):\n        y[i] += A[i, j] * x[j]"


def test_a_first_visit_shows_a_product_with_all_that_is_known_of_it(visit):
    page = visit()
    assert field(page).input_value() == PRODUCT
    assert "For every i and k, multiply A[i,j] by B[j,k]" in panel(page, "meaning").inner_text()
    assert "C[i, k] += A[i, j] * B[j, k]" in panel(page, "loops").inner_text()
    assert "torch.einsum('ij,jk->ik', A, B)" in panel(page, "same").inner_text()
    assert panel(page, "picture").locator("svg [data-element='C[1,2]']").count() == 1
    assert panel(page, "trace").locator(".number input").input_value() == "1"
    assert page.locator("#fault").text_content() == ""


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("bqhd,bkhd->bhqk", "attention", "C[b, h, q, k] += A[b, q, h, d] * B[b, k, h, d]"),
        ("np.einsum('ii->', M)", "Trace: the sum of the diagonal", "M[i, i]"),
        ("y_i = \\sum_j A_{ij} x_j", "Matrix-vector product", "A[i, j] * x[j]"),
        (LOOPS, "Matrix-vector product", "y[i] += A[i, j] * x[j]"),
        ("A @ B.T", "with B transposed", "A[i, j] * B[k, j]"),
    ],
)
def test_every_notation_is_answered_as_it_is_typed(text, said, code, visit):
    page = visit()
    write(page, text, {"A @ B.T": "A=2x3 B=4x3", LOOPS: "A=2x3 x=3"}.get(text, ""))
    assert said in panel(page, "meaning").inner_text()
    assert code in panel(page, "loops").inner_text()
    assert page.title().startswith(text.split("\n")[0])


def test_the_shapes_of_an_example_go_with_it_and_those_of_a_person_stay(visit):
    page = visit()
    field(page).fill("ij,jk->ki")
    settle(page)
    assert shapes_field(page).input_value() == "2x3 3x4"
    write(page, PRODUCT)
    field(page).fill(LOOPS)
    settle(page)
    assert shapes_field(page).input_value() == ""
    assert page.locator("#fault").text_content() == ""
    assert page.locator(".question .copy span", has_text="in").count() == 0
    write(page, "ij->i", "2x3")
    field(page).fill("ij,ij->i")
    settle(page)
    assert shapes_field(page).input_value() == "2x3"


@pytest.mark.parametrize(
    ("text", "shapes", "places", "id"),
    [
        ("ij,jk->iz", "", ["z"], "EL106"),
        ("ij,jk->ik", "2x3 4x3", ["j", "j"], "EL205"),
        ("a😀,b->a", "", ["😀"], "EL101"),
        ("np.einsum('ij,jk->iz', A, B)", "", ["z"], "EL106"),
        ("ij,jk->ik", "2x3 3x", ["3", "x"], "EL405"),
    ],
)
def test_carets_stand_below_the_characters_that_are_wrong(text, shapes, places, id, visit):
    page = visit()
    write(page, text, shapes)
    assert id in fault(page)
    marked = page.evaluate(MARKED)
    assert [one for one, _, _ in marked] == places
    assert {(caret, wide) for _, caret, wide in marked} == {('"^"', True)}
    assert page.locator("#fault pre").count() == 0
    assert page.locator(".question textarea[aria-invalid=true]").count() == 1


def test_the_copy_below_the_field_breaks_lines_where_the_field_does(visit):
    page = visit(viewport={"width": 375, "height": 812})
    write(page, "np.einsum('bqhd,bkhd->bhqk', queries_of_heads, keys_of_heads, optimize=True)  # あ", "")
    boxes = page.evaluate(
        """() => [".copy", "textarea"].map(one => { const node = document.querySelector(".question " + one);
        const { font, lineHeight, letterSpacing, padding, whiteSpace, overflowWrap } = getComputedStyle(node);
        return [node.clientWidth, node.scrollHeight, font, lineHeight, letterSpacing, padding,
          whiteSpace, overflowWrap] })"""
    )
    assert boxes[0] == boxes[1]


def test_a_fix_is_clicked_and_everything_is_answered_again(visit):
    page = visit()
    page.get_by_role("button", name="a mistake and its fix").click()
    assert "EL205" in fault(page)
    assert page.locator(".view.old").count() == 5
    assert page.locator(".still code").inner_text().split() == [PRODUCT, "2x3", "3x4"]
    page.locator("#fault .fix").click()
    settle(page)
    assert field(page).input_value() == "ij,kj->ik"
    assert page.locator("#fault").text_content() == ""
    assert page.locator(".view.old").count() == 0
    assert page.evaluate("document.activeElement === document.querySelector('.question textarea')")


@pytest.mark.parametrize(
    ("text", "shapes", "right"),
    [
        ("np.einsum('ij,jk->iz', queries, keys)", "", "np.einsum('ij,jk->ik', queries, keys)"),
        ('C = np.einsum("ij,jk->ik", A, B)', "2x3 4x3", 'C = np.einsum("ij,kj->ik", A, B)'),
        ("あ = np.einsum('ij,jk->iz', A, B)", "", "あ = np.einsum('ij,jk->ik', A, B)"),
        ("ij,jk->iz", "", "ij,jk->ik"),
    ],
)
def test_a_fix_stays_in_the_call_that_is_wrong(text, shapes, right, visit):
    page = visit()
    write(page, text, shapes)
    fault(page)
    page.locator("#fault .fix").first.click()
    settle(page)
    assert field(page).input_value() == right
    assert page.locator("#fault").text_content() == ""


def test_a_trace_shows_letters_in_place_of_values(visit):
    page = visit()
    panel(page, "trace").get_by_role("button", name="letters").click()
    settle(page)
    assert panel(page, "trace").locator(".sum").inner_text().startswith("C[0,0] = a·g + b·k + c·o")


def test_a_field_that_was_right_again_has_no_marks(visit):
    page = visit()
    write(page, "ij,jk->iz", "")
    fault(page)
    write(page, "ij,jk->ki")
    assert page.evaluate(MARKED) == []
    assert page.locator("#fault").text_content() == ""


def test_target_style_order_and_library_are_switched(visit):
    page = visit()
    loops = panel(page, "loops")
    loops.get_by_role("button", name="C", exact=True).click()
    settle(page)
    assert "void" in loops.inner_text()
    loops.get_by_role("button", name="Numba").click()
    settle(page)
    assert "@njit" in loops.inner_text()
    loops.get_by_role("button", name="Python").click()
    loops.locator("select").select_option("scalar")
    settle(page)
    assert "total" in loops.inner_text()
    loops.locator("select").select_option("article")
    loops.locator("summary").click()
    loops.get_by_label("Order").press_sequentially("k,j,i", delay=30)
    settle(page)
    assert page.evaluate("document.activeElement.value") == "k,j,i"
    code = loops.locator("pre").inner_text()
    assert code.index("for k") < code.index("for i")
    assert "for k" in panel(page, "trace").locator(".lines").inner_text()
    panel(page, "same").locator("select").select_option("torch")
    settle(page)
    assert panel(page, "same").locator("li").first.inner_text().startswith("torch")
    assert "torch.einsum" in panel(page, "meaning").locator(".paste").inner_text()


def test_pictures_are_chosen_and_a_cell_is_asked_for(visit):
    page = visit()
    toggle(page, "why")
    panel(page, "picture").locator("[data-element='C[0,1]']").click()
    settle(page)
    assert panel(page, "why").locator("input").input_value() == "0,1"
    assert "C[0,1] is the sum of 3 terms" in panel(page, "why").inner_text()
    for kind in ("network", "path", "axes", "stages", "cells"):
        panel(page, "picture").get_by_role("button", name=kind).click()
        settle(page)
        assert panel(page, "picture").locator("svg title").count() > 0, kind
        assert panel(page, "picture").locator(".fault").count() == 0, kind


def test_tests_are_stated_checked_and_dropped(visit):
    page = visit()
    toggle(page, "tests")
    tests = panel(page, "tests")
    for shapes, values, result in [("2x3 3x4", "", "2x4"), ("", "[[1, 2]] [[3], [4]]", "[[12]]"), ("2x3 4x3", "", "")]:
        tests.get_by_label("Shapes").fill(shapes)
        tests.get_by_label("Values").fill(values)
        tests.get_by_label("Result").fill(result)
        tests.get_by_label("Result").press("Enter")
        settle(page)
    said = [one.inner_text() for one in tests.locator("li .outcome").all()]
    assert [one.split(".")[0] for one in said] == ["Passed", "Failed", "Refused"]
    assert "is 11, not 12" in said[1]
    write(page, "ij,jk->ki")
    assert tests.locator("li .outcome").first.inner_text().startswith("Failed")
    tests.get_by_role("button", name="Drop the test 2x3 3x4 · 2x4").click()
    settle(page)
    assert tests.locator("li").count() == 2


def test_two_expressions_are_compared(visit):
    page = visit()
    toggle(page, "compare")
    other = panel(page, "compare").get_by_label("Another expression")
    other.fill("ij,jk->ki")
    settle(page)
    assert "order of the output axes" in panel(page, "compare").inner_text()
    other.fill("ij,jk->iz")
    settle(page)
    assert panel(page, "compare").locator(".wrong").inner_text() == "z"


def test_files_are_chosen_and_dropped_and_their_values_count(visit, tmp_path):
    np.save(tmp_path / "A.npy", np.array([[1, 2], [3, 4]]))
    np.save(tmp_path / "B.npy", np.array([[5, 6], [7, 8]]))
    page = visit("#text=ij,jk-%3Eik&panels=meaning,why,trace")
    page.locator("input[type=file]").set_input_files([tmp_path / "A.npy", tmp_path / "B.npy"])
    page.wait_for_function("() => document.querySelectorAll('.held li').length === 2")
    settle(page)
    assert page.locator(".held").inner_text().split()[:3] == ["A", "2×2", "int64"]
    assert "C[0,0]" in panel(page, "why").inner_text()
    assert "19" in panel(page, "why").inner_text()
    page.get_by_role("button", name="Do not use A").click()
    page.get_by_role("button", name="Do not use B").click()
    settle(page)
    assert page.locator(".held .unused").count() == 2
    page.get_by_role("button", name="Use A", exact=True).click()
    settle(page)
    assert page.locator(".held .unused").inner_text().split()[0] == "B"
    data = page.evaluate_handle(
        """bytes => { const carried = new DataTransfer(); carried.items.add(new File([new Uint8Array(bytes)], "B.npy"));
        return carried }""",
        list((tmp_path / "B.npy").read_bytes()),
    )
    for kind in ("dragenter", "dragover"):
        page.dispatch_event("body", kind, {"dataTransfer": data})
        assert page.locator(".veil").is_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": data})
    page.wait_for_function("() => document.querySelectorAll('.held li:not(.unused)').length === 2")
    assert not page.locator(".veil").is_visible()


def test_a_file_that_is_no_array_is_refused(visit, tmp_path):
    (tmp_path / "A.npy").write_bytes(b"<script>alert(1)</script>")
    page = visit()
    page.locator("input[type=file]").set_input_files(tmp_path / "A.npy")
    assert "EL411" in fault(page)


def test_code_and_the_address_are_copied(visit):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    panel(page, "loops").get_by_role("button", name="Copy: Loops").click()
    page.locator(".view-loops .copied").wait_for()
    assert "C[i, k] += A[i, j] * B[j, k]" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert "text=ij%2Cjk-%3Eik" in page.url


def test_every_row_of_the_cheatsheet_is_answered(visit):
    page = visit()
    rows = page.locator("dialog[open] .pick")
    page.get_by_role("button", name="Cheatsheet").click()
    rows.first.wait_for()
    count = rows.count()
    assert count > 20
    for number in range(count):
        if number:
            page.get_by_role("button", name="Cheatsheet").click()
        rows.nth(number).click()
        settle(page)
        assert page.locator(".fault").count() == 0, field(page).input_value()


def test_history_keeps_what_was_asked(visit):
    page = visit()
    write(page, "ii->", "3x3")
    field(page).press("Control+Enter")
    write(page, "ij->ji", "2x3")
    field(page).press("Control+Enter")
    page.get_by_role("button", name="History").click()
    kept = [one.inner_text() for one in page.locator("dialog[open] .pick code").all()]
    assert kept == ["ij->ji", "ii->"]
    page.locator("dialog[open] .pick").nth(1).click()
    settle(page)
    assert (field(page).input_value(), shapes_field(page).input_value()) == ("ii->", "3x3")
    page.get_by_role("button", name="History").click()
    page.get_by_role("button", name="Forget all").click()
    assert page.locator("dialog[open] .pick").count() == 0


def test_language_and_ground_are_switched(visit):
    page = visit()
    write(page, "ij,jk->iz")
    fault(page)
    page.get_by_role("button", name="日本語").click()
    page.wait_for_function("() => document.querySelector('#fault').textContent.includes('エラー')")
    assert page.evaluate("document.documentElement.lang") == "ja"
    write(page, PRODUCT)
    assert "すべての" in panel(page, "meaning").inner_text()
    assert "一歩ずつ" in panel(page, "trace").inner_text()
    page.get_by_role("button", name="ダーク").click()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(20, 22, 26)"
    page.reload()
    settle(page)
    assert page.evaluate(ground) == "rgb(20, 22, 26)"
    page.get_by_role("button", name="ダーク").click()
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_keys_alone_are_enough(visit):
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Meaning"
    page.keyboard.press("/")
    page.keyboard.press("Control+A")
    page.keyboard.type("ij,kj->iz")
    assert "EL106" in fault(page)
    page.keyboard.press("Tab")  # shapes
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    for _ in range(4):  # dtype, notation, files, the fix
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "fix"
    page.keyboard.press("Enter")
    settle(page)
    assert field(page).input_value() == "ij,kj->ik"
    page.keyboard.press("Alt+4")
    assert page.evaluate("document.activeElement.textContent") == "Loops"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # from Python to C
    settle(page)
    assert "void" in panel(page, "loops").inner_text()
    page.keyboard.press("Alt+8")
    settle(page)
    assert panel(page, "why").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("1,0")
    settle(page)
    assert "[1,0]" in panel(page, "why").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert not panel(page, "why").is_visible()
    assert page.evaluate("document.activeElement.dataset.panel") == "why"
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_listeners_hear_what_the_text_means(visit):
    page = visit()
    write(page, "ii->", "")
    page.wait_for_function("() => document.querySelector('.live').textContent.startsWith('Add up A[i,i]')")


def test_without_scripts_the_example_is_there_as_text(visit, addresses, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(addresses["en"])
    said = page.locator("body").inner_text()
    assert "With JavaScript" in said
    assert "For every i and k, multiply A[i,j] by B[j,k]" in said
    assert "C[i, k] += A[i, j] * B[j, k]" in said
    context.close()
