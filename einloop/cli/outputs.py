"""The files that a command is to write: what their names ask for, and which of them it had better not touch."""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Iterator, Mapping

from ..core.errors import OptionError, TemplateError
from ..pipeline.page import DRAWING, SUFFIXES
from ..targets.target import load_target, target_names
from .files import check_writable

FLAGS = {"output": "-o", "plot": "--plot"}
"""What commands call the files they write."""
STANDARD = "-"
HEADER = ".h"
LIKE = {".cpp": ".c", ".cc": ".c", ".cxx": ".c", HEADER: ".c"}
"""Files of other names that take what a target writes: its C is C++ too."""
DATA, COMMENT = "json", "comment"


def settle(arguments: argparse.Namespace) -> None:
    """Check the files that arguments name for writing, and take format or target from a name where none was given.

    Raises OptionError where a file cannot be written, is read by the same command, is named twice, or has a name that
    asks for something else than the arguments do.
    """
    if getattr(arguments, "output", None) == STANDARD:
        arguments.output = None
    files = [(flag, path) for name, flag in FLAGS.items() if (path := getattr(arguments, name, None)) is not None]
    stem, suffix = os.path.splitext(getattr(arguments, "output", None) or "")
    if getattr(arguments, "header", False) and stem and suffix != HEADER:
        files.append(("--header", stem + HEADER))
    if files and getattr(arguments, "expression", None) == STANDARD:
        raise OptionError("EL472", "-o takes one expression, - reads many", hint="send standard output to a file")
    for number, (flag, path) in enumerate(files):
        check_writable(path)
        _check_inputs(flag, path, arguments)
        for other, earlier in files[:number]:
            if _one_file(path, earlier):
                raise OptionError("EL466", f"{other} and {flag} name one file, {path!r}", hint="give two names")
    path = getattr(arguments, "output", None)
    if path is not None and hasattr(arguments, "target") and not arguments.show_stages:
        _choose_target(arguments, path)
    elif path is not None:
        _choose_format(arguments, path)


def _choose_format(arguments: argparse.Namespace, path: str) -> None:
    """Set the format of a page to that of its file's name. Raises OptionError where another was asked for."""
    suffix = _suffix(path)
    asked = DATA if arguments.json else arguments.format
    wanted = SUFFIXES.get(suffix)
    if suffix == f".{DRAWING}":
        raise OptionError(
            "EL465", f"{path!r} is a name for a drawing, -o takes a page", hint="einloop bench has --plot"
        )
    if wanted is None and suffix in _suffixes(arguments).values():
        hint = f"the loops themselves: einloop EXPR -o {path}"
        raise OptionError("EL465", f"{path!r} is a name for loops, and this is a page", hint=hint)
    if wanted is not None and asked not in (None, wanted):
        flag = "--json" if arguments.json else f"--format {asked}"
        why = f"{path!r} is a name for {wanted}, and {flag} asks for another format"
        raise OptionError("EL465", why, hint="leave one of the two out, or change the name")
    arguments.format = asked if wanted is None else wanted


def _choose_target(arguments: argparse.Namespace, path: str) -> None:
    """Set the target to one that has such files, or the format to JSON. Raises OptionError where another is wanted."""
    suffix = _suffix(path)
    suffixes = _suffixes(arguments)
    names = [name for name, own in suffixes.items() if own == LIKE.get(suffix, suffix)]
    asked = arguments.target
    if SUFFIXES.get(suffix) == DATA:
        arguments.format = DATA
    elif not names and suffix in SUFFIXES:
        hint = f"a page about them: einloop explain EXPR -o {path}"
        raise OptionError("EL465", f"{path!r} is a name for {SUFFIXES[suffix]}, which loops are not", hint=hint)
    if asked is None and names:
        arguments.target = next((name for name in names if name == "python"), names[0])
        asked = arguments.target
    if suffix == HEADER and asked in names:
        arguments.header = True
    elif names and asked not in names and suffixes.get(asked):
        why = f"{path!r} is a name for {' or '.join(names)}, and --target {asked} writes {suffixes[asked]}"
        raise OptionError("EL465", why, hint="leave one of the two out, or change the name")


def _suffixes(arguments: argparse.Namespace) -> Mapping[str, str]:
    """Return how the files of every target end; one that cannot be read is left out."""
    folder = getattr(arguments, "templates", None)
    found: dict[str, str] = {}
    for name in target_names(folder):
        try:
            suffix = load_target(name, folder).suffix
        except TemplateError:
            continue
        if suffix:
            found[name] = suffix.lower()
    return found


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _check_inputs(flag: str, path: str, arguments: argparse.Namespace) -> None:
    """Raise OptionError where a file to be written is one that the command reads, by whatever name."""
    try:
        goal = os.stat(path)
    except (OSError, ValueError):
        return  # it is not there yet
    if not stat.S_ISREG(goal.st_mode):
        return
    for what, source in _inputs(arguments):
        try:
            same = os.path.samestat(goal, os.stat(source))
        except (OSError, ValueError):
            continue
        if same:
            raise OptionError("EL419", f"{flag} {path!r} is the file that {what} reads", hint="write to another file")
    folder = getattr(arguments, "templates", None)
    if folder is not None and os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), "")):
        raise OptionError(
            "EL419", f"{flag} {path!r} is among the templates that --templates reads", hint="write to another file"
        )


def _inputs(arguments: argparse.Namespace) -> Iterator[tuple[str, str | int]]:
    """Yield the files that a command reads, each with the words that ask for it."""
    for text in getattr(arguments, "load", ()):
        yield "--load", text.strip()
        yield "--load", text.partition("=")[2].strip()
    source = getattr(arguments, "source", None)
    if source is not None and source != STANDARD:
        yield "--source", source
    yield "standard input", 0


def _one_file(path: str, other: str) -> bool:
    """Return whether two names are those of one file, which need not be there yet."""
    if os.path.realpath(path) != os.path.realpath(other):
        try:
            return os.path.samestat(os.stat(path), os.stat(other))
        except (OSError, ValueError):
            return False
    return not os.path.exists(path) or os.path.isfile(path)
