"""`einloop page`: the page of einloop as one HTML file that needs nothing else, or as files for a server."""

from __future__ import annotations

import argparse
import os

from ..core.errors import OptionError
from .files import write_bytes, write_file
from .output import Output
from .parser import Once, Parser


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add = parser.add
    add("-o", "--output", action=Once, metavar="FILE", help="write the page to FILE")
    add(
        "--folder",
        action=Once,
        metavar="DIR",
        help="write it to DIR in several files, for a server that hands out files",
    )
    add(
        "--pyodide",
        action=Once,
        metavar="DIR",
        help="the unpacked npm package pyodide 0.29, which runs einloop in the browser (default: npm fetches it)",
    )
    add("--no-python", action="store_true", help="the page without Python, which shows its first example alone")
    parser.examples(
        ("einloop page -o einsum.html", "one file, offline; npm fetches Pyodide"),
        ("einloop page -o einsum.html --pyodide node_modules/pyodide", "with a Pyodide that is there"),
        ("einloop page --folder public", "for GitHub Pages"),
        ("einloop serve", "the same page, answered by this Python"),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Write the page, or print it."""
    _check_together(arguments)
    if arguments.folder is not None:
        _write_folder(arguments, output)
        return 0
    page = _page(arguments, output)
    if arguments.output is None:
        output.lines(page.rstrip("\n"))
    else:
        write_file(arguments.output, page)
    return 0


def _check_together(arguments: argparse.Namespace) -> None:
    """Raise OptionError for options that exclude each other."""
    given = [name for name in ("output", "folder") if getattr(arguments, name) is not None]
    if len(given) > 1:
        raise OptionError("EL473", "-o writes one file, --folder several", hint="leave one out")
    for name, value in (("--pyodide", arguments.pyodide), ("--folder", arguments.folder)):
        if arguments.no_python and value is not None:
            raise OptionError("EL473", f"--no-python and {name} exclude each other", hint="leave one out")


def _page(arguments: argparse.Namespace, output: Output) -> str:
    from ..web.building import Transport, build_page

    if arguments.no_python:
        return build_page(arguments.lang, Transport.NONE)
    from ..web.licences import licences
    from ..web.packing import encoded

    files = {name: encoded(data) for name, data in _packed(arguments, output).items()}
    return build_page(arguments.lang, Transport.WORKER, packed=files, licences=licences())


def _write_folder(arguments: argparse.Namespace, output: Output) -> None:
    """Write the page in several files."""
    from ..web.building import build_folder
    from ..web.licences import licences

    files = build_folder(arguments.lang, _packed(arguments, output), licences())
    for path, data in files.items():
        place = os.path.join(arguments.folder, *path.split("/"))
        try:
            os.makedirs(os.path.dirname(place), exist_ok=True)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise OptionError("EL412", f"{arguments.folder!r} cannot be written: {reason}") from None
        write_bytes(place, data)


def _packed(arguments: argparse.Namespace, output: Output) -> dict[str, bytes]:
    """Return what a page carries by name: Pyodide and einloop."""
    from ..web.packing import missing_libraries, packed, read_pyodide

    if arguments.pyodide is not None:
        files = read_pyodide(arguments.pyodide)
    else:
        from ..web.fetching import fetch_pyodide

        files = fetch_pyodide()
    for library in missing_libraries():
        output.note(f"{library} is not installed here, so the page does without it")
    return packed(files)
