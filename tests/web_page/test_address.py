"""The address holds all that is asked and open: what is reopened from it shows the same."""

import json
import re
from urllib.parse import quote

import pytest

from .visiting import field, hash_of, settle, shapes_field, toggle, write

STATES = [
    {},
    {"text": "ii->", "shapes": "3x3"},
    {"text": "bqhd,bkhd->bhqk", "shapes": "1x2x2x3 1x3x2x3", "target": "c"},
    {"text": "ij,jk->ik", "target": "numba", "style": "fast"},
    {"text": "ij,jk->ik", "style": "scalar"},
    {"text": "ij,jk->ik", "order": "k,i,j"},
    {"text": "ij,jk,kl->il", "path": "auto", "shapes": "2x3 3x4 4x2"},
    {"text": "ij,jk->ik", "schedule": "tile(i,2)", "shapes": "4x3 3x4"},
    {"text": "ij,jk->ik", "library": "torch"},
    {"text": "ij,jk->ik", "kind": "network"},
    {"text": "ij,jk->ik", "shapes": "2x3 3x4", "at": "1,2", "panels": "picture,why"},
    {"text": "ij,jk->ik", "other": "ij,jk->ki", "panels": "compare"},
    {
        "text": "ij,jk->ik",
        "tests": json.dumps([{"name": "", "shapes": "2x3 3x4", "values": "", "result": "2x4"}], separators=(",", ":")),
    },
    {"text": "ij,jk->ik", "dtype": "int8"},
    {"text": "y_i = \\sum_j A_{ij} x_j", "notation": "formula"},
    {"text": "i j, j k -> i k", "notation": "named"},
    {"text": "for i in range(n):\n    for j in range(m):\n        y[i] += A[i, j] * x[j]", "shapes": "A=2x3 x=3"},
    {"text": "ij,jk->iz"},
    {"text": "ij,jk->ik", "shapes": "2x3 4x3", "lang": "ja"},
    {"text": "ij,jk->ik", "panels": "meaning,trace", "wide": "1"},
    {"text": "ij,jk->ik", "panels": "none"},
    {"text": "np.einsum('ij,jk->ik', A & B, \"#=%+😀\")"},
]
SHOWN = """() => { const said = node => { const own = node.cloneNode(true);
    for (const one of own.querySelectorAll("[aria-live]")) one.remove(); // filled a moment later
    return own.textContent };
  return [[...document.querySelectorAll(".view:not([hidden])")].map(node => [node.className, said(node)]),
    document.querySelector("#fault").textContent, document.querySelector(".panels").className] }"""


def opened(visit, fragment):
    page = visit(fragment)
    page.wait_for_function("() => document.querySelector('.view-meaning .lead, #fault .fault')")
    return page


@pytest.mark.parametrize("number", range(len(STATES)))
def test_a_state_is_reopened(number, visit):
    state = STATES[number]
    page = opened(visit, "#" + "&".join(f"{name}={quote(value)}" for name, value in state.items()))
    if state:
        assert field(page).input_value() == state["text"]
        assert shapes_field(page).input_value() == state.get("shapes", "")
    toggle(page, "why")
    toggle(page, "why")
    address = hash_of(page)
    for name, value in state.items():
        written = re.search(rf"[#&]{name}=([^&]*)", address)
        assert written, (name, address)
        assert page.evaluate("text => new URLSearchParams('x=' + text).get('x')", written[1]) == value
    again = opened(visit, address)
    assert hash_of(again) == address
    assert again.evaluate(SHOWN) == page.evaluate(SHOWN)


def test_what_is_typed_is_in_the_address_and_an_address_is_gone_to(visit):
    page = visit()
    write(page, "ij->ji", "2x3")
    toggle(page, "loops")
    address = hash_of(page)
    assert "text=ij-%3Eji" in address
    assert "panels=meaning%2Csame%2Cpicture%2Ctrace" in address
    page.evaluate("location.hash = '#text=ii-%3E&shapes=3x3'")
    page.wait_for_function("() => document.querySelector('.question textarea').value === 'ii->'")
    settle(page)
    assert page.locator(".view-loops").is_visible()
    page.go_back()
    page.wait_for_function("() => document.querySelector('.question textarea').value === 'ij->ji'")
    assert not page.locator(".view-loops").is_visible()


@pytest.mark.parametrize(
    "fragment",
    ["#", "#text", "#tests=[", '#text=i-%3Ei&tests=[1,{"shapes":3}]', "#text=%E0%A4%A",
     "#panels=x&kind=y&lang=zz&text=i-%3Ei", "#arrays=nowhere&text=i-%3Ei"],
)  # fmt: skip
def test_an_address_that_is_broken_does_no_harm(fragment, visit):
    page = visit(fragment)
    write(page, "ij,jk->ik")
    assert page.locator(".view").count() == 8


def test_a_value_that_does_not_exist_is_refused_with_its_reason(visit):
    page = opened(visit, "#text=ij,jk->ik&target=cobol&kind=portrait")
    assert "cobol" in page.locator(".view-loops .fault").inner_text()
    assert "portrait" in page.locator(".view-picture .fault").inner_text()
    assert "For every i and k" in page.locator(".view-meaning").inner_text()
