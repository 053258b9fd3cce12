"""Formats emitted text. black is loaded only where a line has to be wrapped or the templates are the user's."""

from __future__ import annotations

from ..core.errors import TemplateError
from .wrap import wrap_product

LINE_LENGTH = 88


def format_python(text: str, *, always: bool = False) -> str:
    """Return Python text as black leaves it.

    The built-in templates write lines that black leaves alone, so black runs only where a line is longer than
    88 characters, or `always`; where black is not installed such lines stay long. Raises TemplateError for text that is
    not Python.

    >>> format_python("x = 1\\n")
    'x = 1\\n'
    """
    if not always:
        wrapped = _wrapped(text)
        if wrapped is not None:
            return wrapped
    try:
        from black import format_str
        from black.mode import Mode, TargetVersion
        from black.parsing import InvalidInput
    except ModuleNotFoundError:
        if always:
            raise
        return text
    try:
        return format_str(text, mode=Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311}))
    except (InvalidInput, SyntaxError) as error:
        lines = "\n".join(f"  {number:4d} | {line}" for number, line in enumerate(text.splitlines(), 1))
        raise TemplateError("EL507", f"the templates made text that is not Python: {error}\n{lines}") from None


def _wrapped(text: str) -> str | None:
    """Return `text` with overlong products wrapped, or None where only black knows what to do."""
    if all(len(line.encode()) <= LINE_LENGTH for line in text.splitlines()):
        return text
    lines = []
    for line in text.splitlines():
        short = line if len(line.encode()) <= LINE_LENGTH else line.isascii() and wrap_product(line, LINE_LENGTH)
        if not short:
            return None
        lines.append(short)
    return "\n".join(lines) + "\n"
