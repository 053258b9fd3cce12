"""What holds for every view: it writes any report, keeps facts, refuses formats that there are not."""

import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from samples import ENGLISH, FORMATS, HOSTILE, hostile, long_sample, reports, sample, texts

from einloop.core.errors import OptionError
from einloop.pipeline.page import painted, render, shown
from einloop.views.catalogue import languages


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_in_every_language(format, lang):
    page = render(sample(), format, lang)
    assert page.endswith("\n")
    assert "i" in page


@given(reports)
def test_no_view_raises(report):
    for format in FORMATS:
        assert isinstance(render(report, format, "en"), str)
    assert isinstance(painted(report, "en", 60), str)


@given(texts)
@example("")
@example("\ud800")
def test_no_text_of_a_user_breaks_a_view(text):
    for format in FORMATS:
        render(hostile(text), format, "en").encode()  # no half of a surrogate pair is left


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("format", ["text", "comment", "markdown", "html", "latex"])
def test_what_cannot_be_seen_is_replaced(format, text):
    page = render(hostile(text), format, "en")
    assert not set(page) & set("\x00\x1b\r\u202e\u2028\t")


@pytest.mark.parametrize("format", FORMATS)
def test_long_reports(format):
    page = render(long_sample(), format, "en").replace("\\_", "_")
    assert all(f"operand_{number}" in page for number in range(60))


def test_an_unknown_format_is_refused():
    with pytest.raises(OptionError, match="there is no format 'pdf'") as caught:
        render(sample(), "pdf", "en")
    assert caught.value.id == "EL469"
    assert caught.value.hint == "one of text, markdown, html, latex, json, comment"


def test_a_report_shows_itself():
    report = shown(sample())
    assert str(report) == report.show() == render(sample(), "text", "en")
    assert report._repr_html_() == report.show("fragment")
    assert report.show("html").startswith("<!DOCTYPE html>")
    assert json.loads(report.show("json"))["subject"] == "ij,k->i"


@pytest.mark.parametrize("format", FORMATS)
def test_sections_without_parts_show_in_json_only(format):
    report = sample()
    without = replace(report, sections=tuple(section for section in report.sections if section.parts))
    assert (render(report, format, "en") == render(without, format, "en")) == (format != "json")


def test_the_samples_hold_words_of_the_catalogue():
    assert {"view.hint", "view.fix.known", "view.fix.unknown"} <= set(ENGLISH.entries)
