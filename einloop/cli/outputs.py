"""The files that a command is to write: what their names ask for, and which of them it had better not touch."""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Iterator, Mapping

from ..core.errors import OptionError, TemplateError
from ..pipeline.page import DRAWING, SUFFIXES
from ..targets.target import HEADER, LIKE, load_target, target_names
from .files import check_writable

FLAGS = {"output": "-o", "plot": "--plot"}
"""What commands call the files they write."""
STANDARD = "-"
DATA, TEXT = "json", "text"
PLAIN = ".txt"
CHANGE = "leave one of the two out, or change the name"


def settle(arguments: argparse.Namespace) -> None:
    """Check the files that arguments name for writing, and take format or target from a name where none was given.

    Raises OptionError where a file cannot be written, is read by the same command, is named twice, or has a name that
    asks for something else than the arguments do.
    """
    if getattr(arguments, "output", None) == STANDARD:
        arguments.output = None
    path = getattr(arguments, "output", None)
    files = [(flag, file) for name, flag in FLAGS.items() if (file := getattr(arguments, name, None)) is not None]
    stem, suffix = os.path.splitext(path or "")
    if getattr(arguments, "header", False) and stem and suffix != HEADER:
        files.append(("--header", stem + HEADER))
    if files and getattr(arguments, "expression", None) == STANDARD:
        raise OptionError("EL472", "-o takes one expression, - reads many", hint="send standard output to a file")
    for number, (flag, file) in enumerate(files):
        check_writable(file)
        _check_inputs(flag, file, arguments)
        for other, earlier in files[:number]:
            if os.path.realpath(file) == os.path.realpath(earlier) or _one_file(file, earlier):
                raise OptionError("EL466", f"{other} and {flag} name one file, {file!r}", hint="give two names")
    if path is not None and not getattr(arguments, "show_stages", True):
        _choose_target(arguments, path)
    elif path is not None and hasattr(arguments, "format"):  # statements have one format
        _choose_format(arguments, path)


def _choose_format(arguments: argparse.Namespace, path: str) -> None:
    """Set the format of a page to that of its file's name. Raises OptionError where another was asked for."""
    suffix = _suffix(path)
    asked = DATA if arguments.json else arguments.format
    wanted = SUFFIXES.get(suffix)
    if wanted is None and suffix.removeprefix(".") in getattr(arguments, "formats", ()):
        wanted = suffix.removeprefix(".")
    elif suffix == f".{DRAWING}":
        hint = f"a picture: einloop draw EXPR -o {path}"
        raise OptionError("EL465", f"{path!r} is a name for a drawing, -o takes a page", hint=hint)
    if wanted is None and suffix in _suffixes(arguments).values():
        hint = f"the loops themselves: einloop EXPR -o {path}"
        raise OptionError("EL465", f"{path!r} is a name for loops, and this is a page", hint=hint)
    known = getattr(arguments, "formats", None)
    if wanted is None and known and suffix not in ("", PLAIN) and asked is None:
        hint = f"a name that ends in {', '.join(f'.{name}' for name in known if name != TEXT)} or {PLAIN}"
        raise OptionError("EL465", f"{path!r} is no name for steps", hint=hint)
    if wanted is not None and asked not in (None, wanted):
        flag = "--json" if arguments.json else f"--format {asked}"
        raise OptionError("EL465", f"{path!r} is a name for {wanted}, and {flag} asks for another format", hint=CHANGE)
    arguments.format = asked if wanted is None else wanted


def _choose_target(arguments: argparse.Namespace, path: str) -> None:
    """Set the target to one that has such files, or the format to JSON. Raises OptionError where another is wanted."""
    suffix = _suffix(path)
    suffixes = _suffixes(arguments)
    wanted = ".c" if suffix == HEADER else LIKE.get(suffix, suffix)
    names = [name for name, own in suffixes.items() if own == wanted]
    if SUFFIXES.get(suffix) == DATA:
        arguments.format = DATA
    elif not names and suffix in SUFFIXES:
        hint = f"a page about them: einloop explain EXPR -o {path}"
        raise OptionError("EL465", f"{path!r} is a name for {SUFFIXES[suffix]}, which loops are not", hint=hint)
    asked = getattr(arguments, "target", None)
    if asked is None and names:
        arguments.target = asked = "python" if "python" in names else names[0]
    if suffix == HEADER and asked in names:
        arguments.header = True
    elif asked is not None and names and asked not in names and suffixes.get(asked):
        why = f"{path!r} is a name for {' or '.join(names)}, and --target {asked} writes {suffixes[asked]}"
        raise OptionError("EL465", why, hint=CHANGE)


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
    if not os.path.isfile(path):
        return
    what = next((what for what, source in _inputs(arguments) if _one_file(path, source)), None)
    if what is not None:
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
    result = getattr(arguments, "result_file", None)
    if result is not None:
        yield "--result-file", result.strip()
        yield "--result-file", result.partition("=")[2].strip()
    source = getattr(arguments, "source", None)
    if source is not None and source != STANDARD:
        yield "--source", source
    yield "standard input", 0


def _one_file(path: str, other: str | int) -> bool:
    """Return whether two names are those of one regular file that is there."""
    try:
        known = os.stat(path)
        return stat.S_ISREG(known.st_mode) and os.path.samestat(known, os.stat(other))
    except (OSError, ValueError):
        return False
