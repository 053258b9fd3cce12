"""C text with a Python module around it as a callable: compiled with Python's headers, imported."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ..core.errors import RunError
from ..core.generated import Runner
from ..core.program import Program
from .caller import include_flags, open_module
from .operands import declared
from .shared_object import FLAGS, compiled


def extension_runner(program: Program) -> Runner:
    """Return a callable that runs the program, compiled and imported, on arrays.

    Raises RunError where there is no C compiler or no header, and where the compiler refuses the text; at the call
    where the module does not take the arrays.
    """
    function = extension_function(program)

    def run(*values: Any) -> Any:
        try:
            return function(*declared(program, values))
        except TypeError as error:
            raise RunError("EL638", f"the module {program.entry} does not take these arrays: {error}") from None

    return run


def extension_function(program: Program) -> Any:
    """Return the function of a module, compiled and imported. Raises RunError where that cannot be done here."""
    assert program.entry is not None
    return _function(program.text, program.entry)


@lru_cache(maxsize=256)
def _function(text: str, entry: str) -> Any:
    with compiled(text, (*FLAGS, *include_flags())) as path:
        return getattr(open_module(entry, path), entry)
