"""The page as a file: its policy allows what stands in it and nothing else, and its first answers are there."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

import pytest

from einloop.cli import main
from einloop.core.errors import OptionError
from einloop.web.arrays import HeldArrays
from einloop.web.building import FIRST_KINDS, Transport, build_page, policy, worker_script


def rules(page):
    (found,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    return dict(rule.split(" ", 1) for rule in unescape(found).split("; "))


def hashed(text):
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def embedded(page):
    return json.loads(re.search(r'<script type="application/json" id="web-data">(.*?)</script>', page, re.S)[1])


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("transport", Transport)
def test_the_policy_allows_the_scripts_and_styles_that_stand_there(transport, lang):
    page = build_page(lang, transport)
    found = rules(page)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    styles = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert scripts
    assert styles
    wasm = ["'wasm-unsafe-eval'"] if transport is Transport.WORKER else []
    assert found["script-src"].split() == [*map(hashed, scripts), *wasm]
    assert found["style-src"].split() == [*map(hashed, styles)]
    assert found["default-src"] == found["base-uri"] == found["form-action"] == "'none'"
    assert found["connect-src"] == ("'self'" if transport is Transport.SERVER else "'none'")
    assert ("worker-src" in found) == (transport is Transport.WORKER)
    assert not [value for value in found.values() if "'unsafe-" in value or "*" in value or "http" in value]
    assert page.count("<script") == page.count("</script>") == len(scripts) + 1


def test_the_page_asks_nothing_of_a_network():
    page = build_page("en", Transport.NONE)
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    assert re.findall(r'\b(?:src|href|action)="(?!data:)([^"]*)"', markup) == []
    assert re.findall(r"\bon\w+=|\bstyle=", markup) == []
    assert not re.search(r"url\(|@import", "".join(re.findall(r"<style>(.*?)</style>", page, re.S)))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_first_answers_are_there(lang):
    data = embedded(build_page(lang, Transport.NONE))
    assert (data["transport"], data["lang"], data["state"]["lang"]) == ("none", lang, lang)
    assert set(data["answers"]) == set(FIRST_KINDS)
    assert all("ok" in answer for answer in data["answers"].values())
    assert (data["state"]["text"], data["state"]["tests"], data["loaded"]) == ("ij,jk->ik", [], [])
    assert "worker" not in data
    assert set(data["words"]) == {"en", "ja"}


def test_the_worker_is_blobs_where_the_page_carries_python_and_a_file_where_it_does_not():
    page = build_page("en", Transport.WORKER, packed={"pyodide.js": "AAAA"}, licences="<b>mine</b>")
    assert rules(page)["worker-src"] == "blob:"
    assert embedded(page)["worker"] == worker_script()
    assert '<script type="application/octet-stream" data-packed="pyodide.js">AAAA</script>' in page
    assert "&lt;b&gt;mine&lt;/b&gt;" in page
    assert rules(build_page("en", Transport.WORKER))["worker-src"] == "'self'"


def test_names_of_arrays_end_no_script():
    loaded = [{"name": "</script><script>alert(1)", "key": "x", "shape": [2], "dtype": "int8"}]
    page = build_page("en", Transport.SERVER, loaded=loaded, held=HeldArrays())
    assert "<script>alert" not in page
    assert embedded(page)["loaded"] == loaded


def test_a_language_that_there_is_not(capsys):
    with pytest.raises(OptionError, match="there is no language 'xx'"):
        build_page("xx", Transport.NONE)
    assert main(["page", "--no-python", "--lang", "xx"]) == 2
    assert "error EL469" in capsys.readouterr().err


def test_the_page_without_python_is_printed(capsys):
    assert main(["page", "--no-python"]) == 0
    assert capsys.readouterr().out.rstrip("\n") == build_page("en", Transport.NONE).rstrip("\n")


def test_a_file_that_cannot_be_written(tmp_path, capsys):
    assert main(["page", "--no-python", "-o", str(tmp_path / "none" / "x.html")]) == 2
    assert "error EL412" in capsys.readouterr().err


def test_the_policy_is_a_function_of_the_texts():
    one, other = policy(["a"], ["b"], Transport.NONE), policy(["a "], ["b"], Transport.NONE)
    assert one != other
    assert one == policy(["a"], ["b"], Transport.NONE)
