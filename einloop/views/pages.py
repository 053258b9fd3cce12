"""Pages with templates of their own, `templates/pages/`: the jinja2 environments of HTML and of LaTeX."""

from __future__ import annotations

import os.path
from functools import lru_cache
from typing import TYPE_CHECKING

from ..core.root import template_root
from .formula import latex, mathml
from .page import flat, seen
from .tex import is_long, tex_code, tex_formula, tex_prose

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = "pages"
LIGHT = ("#1d5fc4", "#c4430e", "#007e41", "#b0106e", "#6d28d9", "#744e1e", "#0d737f", "#6d000f")
DARK = ("#77b0f5", "#ff9e64", "#76e59a", "#ff77be", "#a08cff", "#e2c94f", "#33d1db", "#bb9d80")
"""One colour an index, on a light and on a dark page: also people who are blind to red or green tell
them apart. Indices beyond wear them once more, underlined."""
MAX_MATHML_CHARACTERS = 120
"""A formula of more characters is set as code: browsers break its lines, those of MathML they do not."""


@lru_cache
def html_environment() -> Environment:
    """Return the environment of HTML: every value is escaped."""
    return _environment()


@lru_cache
def latex_environment() -> Environment:
    """Return the environment of LaTeX, with delimiters that TeX does not use; values are escaped by filters."""
    env = _environment(
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        autoescape=False,
    )
    env.filters |= {"prose": tex_prose, "code": tex_code, "formula": tex_formula}
    env.tests["long"] = is_long
    return env


def _environment(**how: object) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    options = {
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "auto_reload": False,
        "keep_trailing_newline": True,
        **how,
    }
    env = Environment(loader=FileSystemLoader(os.path.join(template_root(), FOLDER)), **options)  # type: ignore[arg-type]
    env.globals.update(light=LIGHT, dark=DARK, colours=len(LIGHT), mathml=mathml, longest=MAX_MATHML_CHARACTERS)
    env.filters |= {"flat": flat, "latex": latex, "seen": seen}
    return env
