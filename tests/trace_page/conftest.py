"""A browser, where there is one: pages are opened without a network, and what they log as an error fails the test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDE = {"width": 1280, "height": 800}


@pytest.fixture
def show(browser, tmp_path):
    """Return a function that opens a text as a page. Nothing may be asked of a network, and nothing may go wrong."""
    contexts, requests, errors = [], [], []

    def opened(text: str, fragment: str = "", **how):
        path = Path(tmp_path, f"page{len(contexts)}.html")
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(**{"viewport": WIDE, "color_scheme": "light", "reduced_motion": "reduce", **how})
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(path.as_uri() + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []
    assert [url for url in requests if not url.startswith(("file:", "about:"))] == []
