"""The words of one command in, what it finds out: an object that shows itself. Runs it as the command line does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..cli import DEFAULT, prepared
from ..cli.output import refusal_picture
from ..cli.parser import asked_language
from ..core.errors import OptionError
from ..core.options import LoadedArray
from ..core.refusal import refusal_of
from .keeping import Keeping
from .names import arrays_of_call, loaded
from .views import Views

WITH_ARRAYS = ("explain", "check", "why", "draw", "trace", "verify")
"""Commands that look at the arrays that a pasted call names; loops are for all shapes."""


def run_command(words: Sequence[str], names: Mapping[str, Any], arrays: Sequence[LoadedArray] | None = None) -> Any:
    """Return what a command finds, None where it prints or writes. Raises EinloopError.

    `names` are those of the notebook; `arrays` are the operands, where they are known.
    """
    language = asked_language(words)
    output = Keeping(json="--json" in words, lang=language, shown_in=language)
    bare = words[0] == DEFAULT.name and "".join(words[1:2]).startswith("--")  # help is of einloop as a whole
    try:
        module, arguments = prepared(list(words[bare:]), output)
    except SystemExit:  # argparse, after --help or --version
        return None
    if getattr(arguments, "expression", None) == "-" or getattr(arguments, "code", None) == "-":
        raise OptionError("EL412", "standard input cannot be read: a notebook has none", hint="give the expression")
    given = [loaded(text, names) for text in getattr(arguments, "load", ())]
    if arrays is not None:
        given = [(None, array) for array in arrays]
    elif words[0] in WITH_ARRAYS and not given and not hasattr(arguments, "shapes"):
        given = [*arrays_of_call(arguments.expression, names)]
    if words[0] == "trace" and any(not isinstance(one, str) and one[1].array is None for one in given):
        arguments.shapes = [
            "x".join(map(str, array.shape)) or "()" for array in arrays or ()
        ]  # with numbers of its own
    elif given:
        arguments.load = given
    path = getattr(arguments, "output", None)
    if words[0] == "show" and path is None and not output.json:
        arguments.no_verify = True  # where they are shown, loops verify themselves
    module.run(arguments, replace(output, path=path))
    return (output.kept[0] if len(output.kept) == 1 else Views(tuple(output.kept))) if output.kept else None


def told(run: Callable[[], Any], language: str) -> Any:
    """Return what a function gives; what it refuses is raised as an error of which IPython shows the picture alone."""
    try:
        return run()
    except KeyboardInterrupt:
        raise
    except Exception as error:
        refusal = refusal_of(error)
        refusal.shown = refusal_picture(refusal, language)
        raise refusal from None
