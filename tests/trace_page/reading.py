"""What a page shows, read from its elements, and the same from the data by running through every step."""

from __future__ import annotations

from einloop.views.trace.page import page_words, write_trace_page

CELLS = """() => [...document.querySelectorAll(".array")].map(array => [...array.querySelectorAll("[role=gridcell]")]
  .map(cell => ({text: cell.textContent, read: cell.classList.contains("read"),
    written: cell.classList.contains("written"), done: cell.classList.contains("done"),
    goes: cell.classList.contains("goes"), current: cell.getAttribute("aria-current")})))"""

SAID = """() => {
  const root = document.querySelector(".trace");
  const attributes = [...root.querySelectorAll("*")].flatMap(node => [...node.attributes])
    .filter(one => !["d", "viewBox"].includes(one.name)).map(one => one.value);
  const rest = [...root.querySelectorAll(".unseen, input")].map(node => `${node.textContent} ${node.value ?? ""}`);
  return [root.innerText, ...attributes, ...rest].join("\\n");
}"""


def page_of(data, lang="en", **how):
    return write_trace_page(data, page_words(), lang, **how)


def cells(page):
    """Return the cells of every array as they are shown."""
    return page.evaluate(CELLS)


def texts(page):
    return [[cell["text"] for cell in array] for array in cells(page)]


def places(page, kind):
    """Return (array, place) of the cells that are marked in a way."""
    return {(a, n) for a, array in enumerate(cells(page)) for n, cell in enumerate(array) if cell[kind]}


def replayed(data):
    """Yield the texts of every array before the first step and after every one, by running through them."""
    held = [[text or "" for text in array["start"]] for array in data["arrays"]]
    yield [list(array) for array in held]
    for step in data["steps"]:
        array, place = step["target"]
        held[array][place] = step["after"]
        yield [list(array) for array in held]


def reads(step):
    return {(array, place) for term in step["terms"] for array, place, _ in term["factors"]}


def number(page):
    return int(page.locator(".number input").input_value())


def body(page):
    """Return all text that the page shows or says, attributes included, but not the data that it carries."""
    return page.evaluate(SAID)
