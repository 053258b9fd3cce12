"""Python's worker in Chromium, offline and under the page's policy: with a stand-in for Pyodide, which is not here."""

import json
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from made_up_pyodide import FILES

from einloop.cli import main


@pytest.fixture
def pyodide(tmp_path):
    made = tmp_path / "pyodide"
    made.mkdir()
    for name, data in FILES.items():
        (made / name).write_bytes(data)
    return made


@pytest.fixture
def opened(browser):
    """Return a function that opens an address, and gives the page and a list of what it logs as errors."""
    contexts = []

    def open_page(address, *, offline=True, script=""):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(20_000)
        contexts.append(context)
        errors = []
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        if script:
            page.add_init_script(script)
        if offline:
            context.set_offline(True)
        page.goto(address)
        return page, errors

    yield open_page
    for context in contexts:
        context.close()


def typed(page, text):
    """Type an expression, and return what the worker says of it, which stands where the sentence is shown."""
    page.locator("textarea").first.fill(text)
    wanted = f'"text":{json.dumps(text)}'
    found = page.get_by_text(wanted).first
    found.wait_for()
    return json.loads(found.text_content())


def check(told, index):
    assert told["wasm"] == ["application/wasm", len(FILES["pyodide.asm.wasm"])]
    assert told["library"][1] > 12_000  # stored, not compressed
    assert told["python"] == "3.13.2"
    assert told["archive"][0] > 1_000_000
    assert told["archive"][1:] == ["zip", "/einloop"]
    assert "from einloop.web.answer import answer" in told["code"]
    assert index


def test_one_file_starts_python_and_asks_it(opened, pyodide, tmp_path):
    path = tmp_path / "einsum.html"
    assert main(["page", "--pyodide", str(pyodide), "-o", str(path)]) == 0
    page, errors = opened(path.as_uri())
    check(typed(page, "ij,jk->i"), path)
    check(typed(page, "ab,bc"), path)
    assert errors == []
    assert page.locator("progress").first.is_hidden()


def test_several_files_do_the_same_from_a_server(opened, pyodide, tmp_path):
    place = tmp_path / "public"
    assert main(["page", "--pyodide", str(pyodide), "--folder", str(place)]) == 0
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=place)) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        page, errors = opened(f"http://127.0.0.1:{server.server_address[1]}/", offline=False)
        told = typed(page, "ij,jk->i")
        assert told["library"][1] > 12_000
        assert [error for error in errors if "404" not in error] == []  # the stand-in asks for what is not there
        server.shutdown()


def test_python_that_does_not_start_is_said(opened, pyodide, tmp_path):
    (pyodide / "pyodide.js").write_text("var loadPyodide = () => { throw new Error('no <b>memory</b>'); };")
    path = tmp_path / "einsum.html"
    assert main(["page", "--pyodide", str(pyodide), "-o", str(path)]) == 0
    page, errors = opened(path.as_uri())
    page.locator("textarea").first.fill("ij->ji")
    page.get_by_text("Python did not start in this browser: Error: no <b>memory</b>").first.wait_for()
    assert page.locator("b", has_text="memory").count() == 0
    assert errors == []


def test_python_that_is_stuck_is_given_up_and_starts_again(opened, pyodide, tmp_path):
    path = tmp_path / "einsum.html"
    assert main(["page", "--pyodide", str(pyodide), "-o", str(path)]) == 0
    quick = "const wait = setTimeout; window.setTimeout = (run, time) => wait(run, time === 30000 ? 500 : time);"
    page, errors = opened(path.as_uri(), script=quick)
    typed(page, "ij->i")
    for text in ("stuck", "broken"):
        page.locator("textarea").first.fill(text)
        page.get_by_text("This took too long, and was given up").first.wait_for()
        typed(page, "ij->j")
    assert errors == []
