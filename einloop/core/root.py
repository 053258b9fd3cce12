"""Where the templates are: beside the installed package, or at the top of a checkout. Opens no template.

Paths are plain strings here: importing pathlib costs 3 ms of a start that takes 70.
"""

from __future__ import annotations

import os.path
from functools import cache

from .errors import TemplateError

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@cache
def template_root() -> str:
    """Return the folder of the built-in templates. Raises TemplateError where an installation lost it."""
    installed = os.path.join(PACKAGE, "_templates")
    if os.path.isdir(installed):
        return installed
    top = os.path.dirname(PACKAGE)
    checkout = os.path.join(top, "templates")
    if os.path.isdir(checkout) and os.path.isfile(os.path.join(top, "pyproject.toml")):
        return checkout
    raise TemplateError(
        "EL501", f"the templates are missing: neither {installed} nor {checkout} exists", hint="reinstall einloop"
    )
