"""What JupyterLab, VS Code and marimo are given of a result: HTML that needs no network, with scripts in a frame alone;
and a text for a terminal."""

import re
from html.parser import HTMLParser

import pytest

import einloop
from einloop.notebook.views import Views

MATMUL = "ij,jk->ik"
RESULTS = {
    "loops": lambda: einloop.generate(MATMUL),
    "explain": lambda: einloop.explain(MATMUL),
    "check": lambda: einloop.check("ij,kl->il"),
    "diff": lambda: einloop.diff(MATMUL, "ij,jk->ki"),
    "why": lambda: einloop.why(MATMUL, [[1, 2]], [[3], [4]], at=(0, 0)),
    "verify": lambda: einloop.verify("ij->i"),
    "draw": lambda: einloop.draw(MATMUL),
    "trace": lambda: einloop.trace(MATMUL, [[1, 2]], [[3], [4]]),
    "several": lambda: Views((einloop.draw("ij->i"), einloop.trace("ij->i"), einloop.explain("ij->i"))),
}


class Tags(HTMLParser):
    """The elements of a page, each with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_shows_itself_as_html_and_as_text(name):
    result = RESULTS[name]()
    tags = Tags(result._repr_html_()).found
    assert tags
    for tag, attributes in tags:
        assert tag not in ("script", "link", "html", "body")
        for place in ("src", "href"):
            assert not re.match(r"(?:https?:)?//", attributes.get(place) or "")
    assert str(result).strip()
    assert repr(result).startswith("<")


def test_a_trace_is_in_a_frame_that_keeps_its_scripts_to_itself():
    (frame,) = Tags(RESULTS["trace"]()._repr_html_()).found
    assert frame[0] == "iframe"
    assert set(frame[1]["sandbox"].split()) <= {"allow-scripts", "allow-modals"}
    inside = Tags(frame[1]["srcdoc"]).found
    assert "script" in [tag for tag, _ in inside]
    assert not [one for _, one in inside if re.match(r"(?:https?:)?//", one.get("src") or "")]


def test_a_drawing_is_an_image_with_a_description():
    ((tag, attributes),) = Tags(RESULTS["draw"]()._repr_html_()).found
    assert tag == "img"
    assert attributes["alt"].startswith("For every i and k, multiply A[i,j] by B[j,k]")
    assert attributes["src"].startswith("data:image/svg+xml;base64,")


def test_several_are_shown_in_order():
    page = RESULTS["several"]()._repr_html_()
    places = [page.index(mark) for mark in ("<img", "<iframe", '<div class="einloop"')]
    assert places == sorted(places)
