"""The page in a browser, answered by `einloop serve`'s own server: nothing else may be asked, or go wrong."""

from __future__ import annotations

from threading import Thread

import pytest
from trace_page.conftest import WIDE

from einloop.web.arrays import HeldArrays
from einloop.web.building import Transport, build_page
from einloop.web.serving import start

from .visiting import settle


@pytest.fixture(scope="session")
def addresses():
    """Return the addresses of the page, by language."""
    servers = {}
    for lang in ("en", "ja"):
        held = HeldArrays()
        servers[lang] = start(build_page(lang, Transport.SERVER, held=held), held, 0)
        Thread(target=servers[lang].serve_forever, args=(0.01,), daemon=True).start()
    yield {lang: server.url for lang, server in servers.items()}
    for server in servers.values():
        server.shutdown()
        server.server_close()


@pytest.fixture
def visit(browser, addresses):
    """Return a function that opens the page; what it logs, and what it asks of others, fails the test."""
    contexts, requests, errors = [], [], []

    def opened(fragment: str = "", lang: str = "en", **how):
        context = browser.new_context(**{"viewport": WIDE, "color_scheme": "light", "reduced_motion": "reduce", **how})
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None
        )
        page.goto(addresses[lang] + fragment)
        settle(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []
    own = (*addresses.values(), "data:")
    assert [url for url in requests if not url.startswith(own)] == []
