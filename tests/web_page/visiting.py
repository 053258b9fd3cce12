"""What tests do with the page: type, wait for its answers, read what it shows."""

from __future__ import annotations

IDLE = """() => document.querySelector(".toggles") && !document.querySelector(".view:not([hidden])[aria-busy=true]")"""
MARKED = """() => [...document.querySelectorAll(".question .wrong")].map(node => {
  const box = node.getBoundingClientRect();
  const caret = getComputedStyle(node, "::after");
  return [node.textContent, caret.content, box.width > 0] })"""


def settle(page):
    """Wait until every panel has its answer."""
    page.wait_for_function(IDLE)


def field(page):
    """Return the field of the expression."""
    return page.locator(".question textarea").first


def shapes_field(page):
    """Return the field of the shapes."""
    return page.locator(".question textarea").nth(1)


def write(page, text, shapes=None):
    """Type a text, and shapes if there are some, and wait for the answers."""
    if shapes is not None:
        shapes_field(page).fill(shapes)
    field(page).fill(text)
    settle(page)


def fault(page):
    """Return what the page says is wrong, once it says it."""
    page.wait_for_function("() => document.querySelector('#fault').textContent")
    return page.locator("#fault").inner_text()


def panel(page, name):
    """Return a panel by the name that scripts give it."""
    return page.locator(f".view-{name}")


def toggle(page, name):
    """Press the button that opens or closes a panel."""
    page.locator(f".toggles [data-panel={name}]").click()
    settle(page)


def hash_of(page):
    """Return the address' hash: Ctrl and Enter in the field write it at once, as a text that rests does later."""
    field(page).press("Control+Enter")
    return page.evaluate("location.hash")
