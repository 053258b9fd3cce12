"""A Report in, its page in one of the formats and languages out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module

from ..core.errors import OptionError
from ..core.near import meant
from ..core.report import Report
from ..views.catalogue import FALLBACK, languages, load_catalogue

FRAGMENT = "fragment"
"""What a notebook shows; nobody asks for it by name."""

VIEWS: Mapping[str, tuple[str, str]] = {
    "text": ("text", "write_text"),
    "markdown": ("markdown", "write_markdown"),
    "html": ("html", "write_html"),
    FRAGMENT: ("html", "write_fragment"),
    "latex": ("latex", "write_latex"),
    "json": ("report_json", "write_json"),
    "comment": ("comment", "write_comment"),
}
"""Format → its module in views/, loaded when it is asked for, and the function `(report, catalogue) -> str` there."""

SUFFIXES: Mapping[str, str] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".tex": "latex",
    ".json": "json",
    ".py": "comment",
}
"""How the names of files end that hold a page, and its format. Others, like `.txt`, hold any."""

DRAWING = "svg"
DRAWINGS: Mapping[str, tuple[str, str]] = {DRAWING: ("roofline", "write_svg")}
"""Formats that some reports have: the roofline of a bench. Like VIEWS; of other reports they are refused."""


def shown(report: Report) -> Report:
    """Return the report with what `show` needs."""
    return replace(report, render=render)


def render(report: Report, format: str, lang: str) -> str:
    """Return the page. `lang` is a language, or `auto`: what the environment's LANG asks for.

    Raises OptionError for an unknown format or language.
    """
    formats = {**VIEWS, **DRAWINGS}
    if format not in formats:
        known = [name for name in VIEWS if name != FRAGMENT]
        raise OptionError("EL469", f"there is no format {format!r}", hint=meant(format, known))
    module, name = formats[format]
    write: Callable[..., str] = getattr(import_module(f"..views.{module}", __package__), name)
    return write(report, load_catalogue(language_of(lang)))


def painted(report: Report, lang: str, width: int) -> str:
    """Return the page as text for a terminal of `width` columns that shows colours. Raises OptionError."""
    from ..views.terminal import paint_report

    return paint_report(report, load_catalogue(language_of(lang)), width)


def narrow(report: Report, lang: str, width: int, *, colours: bool = False) -> str:
    """Return the page as text of which no line is wider than `width`. Raises OptionError."""
    catalogue = load_catalogue(language_of(lang))
    if colours:
        from ..views.terminal import paint_narrow

        return paint_narrow(report, catalogue, width)
    from ..views.page import Page
    from ..views.text import narrow_lines, plain

    return "".join(plain(line) + "\n" for line in narrow_lines(Page(report, catalogue), width))


def language_of(lang: str) -> str:
    """Return the language that `lang` means; for `auto` the environment's, or English where there is no file for it."""
    if lang != "auto":
        return lang
    wanted = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), FALLBACK)
    language = wanted.partition(".")[0].partition("_")[0]
    return language if language in languages() else FALLBACK
