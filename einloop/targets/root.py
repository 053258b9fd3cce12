"""Where the templates are: beside the installed package, or at the top of a checkout. Opens no template."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..core.errors import TemplateError

PACKAGE = Path(__file__).resolve().parent.parent


@cache
def template_root() -> Path:
    """Return the folder of the built-in templates. Raises TemplateError where an installation lost it."""
    installed = PACKAGE / "_templates"
    if installed.is_dir():
        return installed
    checkout = PACKAGE.parent / "templates"
    if checkout.is_dir() and (PACKAGE.parent / "pyproject.toml").is_file():
        return checkout
    raise TemplateError("EL501", f"the templates are missing: neither {installed} nor {checkout} exists", hint="reinstall einloop")
