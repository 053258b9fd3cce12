"""Random clicks and keys: nothing goes wrong, and what is shown is what a run through the steps gives."""

import random

import pytest

from .made import PRODUCT, batch, counted, matrices, traced
from .reading import page_of, replayed

KEYS = (
    "ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "PageDown", "Home", "End", "Tab", "Enter", "Escape", " ", "p",
    "?", "+", "-", "g", "5",
)  # fmt: skip
CLICK = """(where) => {
  const all = [...document.querySelectorAll(".trace button, .trace select, .arrays .cell")]
    .filter(node => node.offsetParent && !node.disabled);
  const node = all[Math.floor(where * all.length)];
  if (node.tagName !== "SELECT") return node.click();
  node.selectedIndex = Math.floor(where * 1000) % node.options.length;
  node.dispatchEvent(new Event("change"));
}"""
SHOWN = """() => {
  const number = document.querySelector(".number input"), form = document.querySelector(".stage .predict");
  const settled = document.activeElement !== number && !document.querySelector(".icon.pause");
  const asked = !form.hidden && !form.querySelector("input").readOnly;
  const grids = [...document.querySelectorAll(".arrays .array")].map(array => {
    const grid = array.querySelector("[role=grid]");
    const all = (query) => [...grid.querySelectorAll(query)].map(node => node.textContent);
    return [all(".cell"), all("[role=rowheader]").map(Number), all("[role=columnheader]:not(.corner)").map(Number)];
  });
  return settled && !asked ? [Number(number.value), grids] : null;
}"""
TRACES = {
    "product": matrices,
    "total": lambda: matrices(total=True),
    "batch": batch,
    "wide": lambda: traced(PRODUCT, [counted(11, 2), counted(2, 13)]),
}


@pytest.mark.parametrize("name", TRACES)
def test_whatever_a_reader_does_the_state_is_that_of_its_step(name, show):
    data, rng, compared = TRACES[name](), random.Random(name), 0
    states = list(replayed(data))
    page = show(page_of(data))
    for _ in range(60):
        if rng.random() < 0.5:
            page.keyboard.press(rng.choice(KEYS))
        else:
            page.evaluate(CLICK, rng.random())
        shown = page.evaluate(SHOWN)
        if shown is None:
            continue
        compared += 1
        number, grids = shown
        for array, texts, (cells, rows, columns) in zip(data["arrays"], states[number], grids, strict=True):
            if len(array["shape"]) == 2:
                assert cells == [texts[row * array["shape"][1] + column] for row in rows for column in columns]
    assert compared > 10
