"""`einloop cache`: what compiled functions left on the disk, and how to remove it."""

from __future__ import annotations

import argparse

from ..core.errors import OptionError
from ..runners.store import clear, stored
from .output import Output
from .parser import Parser

STEP = 1024


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    parser.add("--clear", action="store_true", help="remove what was compiled; it is made again where it is needed")
    parser.add("--json", action="store_true", help="folder, number, size, limit and what is not used, for a program")
    parser.examples(
        ("einloop cache", "where compiled functions are kept, how many, how large, the limit"),
        ("einloop cache --clear", "remove them"),
        ("EINLOOP_CACHE_DIR=/tmp/mine einloop cache", "in a folder of your own"),
        ("EINLOOP_CACHE_LIMIT=1G einloop cache", "with another limit; those not used for longest go first"),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Show or clear. Raises OptionError where a file cannot be removed."""
    try:
        found = clear() if arguments.clear else stored()
    except OSError as error:
        raise OptionError("EL412", f"{error.filename!r}: {error.strerror or error}") from None
    if output.json:
        known = {"folder": found.folder, "files": found.files, "bytes": found.size, "cleared": arguments.clear}
        output.data(known if arguments.clear else {**known, "limit": found.limit, "troubles": list(found.troubles)})
        return 0
    what = "1 compiled function" if found.files == 1 else f"{found.files:,} compiled functions"
    if arguments.clear:
        output.text(f"{what}, {readable(found.size)}, removed from {found.folder}")
        return 0
    output.text(f"{what}, {readable(found.size)} of at most {readable(found.limit)}, in {found.folder}")
    for trouble in found.troubles:
        output.text(f"{trouble[0].upper()}{trouble[1:]}.")
    return 0


def readable(size: int) -> str:
    """Return a number of bytes as people write it.

    >>> readable(0), readable(2047), readable(3 * 1024 * 1024)
    ('0 B', '2.0 KiB', '3.0 MiB')
    """
    amount, units = float(size), ["B", "KiB", "MiB", "GiB"]
    while amount >= STEP and len(units) > 1:
        amount /= STEP
        units.pop(0)
    return f"{size} B" if units[0] == "B" else f"{amount:.1f} {units[0]}"
