"""`einloop serve`: the page in the browser of this machine, with the person's own arrays."""

from __future__ import annotations

import argparse
import webbrowser
from typing import Any

from ..core.dtypes import array_dtype
from ..core.errors import OptionError
from ..core.options import LoadedArray, Options
from .arguments import options_of
from .output import Output
from .parser import Parser


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    add = parser.add
    add(
        "--load",
        action="append",
        default=[],
        metavar="A=a.npy",
        help="an array that the page has from the start",
    )
    add("--port", type=int, default=0, metavar="N", help="the port on 127.0.0.1 (default: one that is free)")
    add("--no-browser", action="store_true", help="print the address and open no browser")
    parser.examples(
        ("einloop serve", "open the page; Ctrl-C ends it"),
        ("einloop serve --load A=a.npy --load B=b.npy", "with arrays of yours"),
        ("einloop serve --port 8000 --no-browser", "the address stands in the terminal"),
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """Serve the page until interrupted."""
    from ..web.arrays import HeldArrays
    from ..web.building import Transport, build_page
    from ..web.serving import start

    kept, loaded = _kept(options_of(argparse.Namespace(load=arguments.load)))
    held = HeldArrays(kept)
    server = start(build_page(arguments.lang, Transport.SERVER, loaded=loaded, held=held), held, arguments.port)
    with server:
        output.text(server.url)
        if not arguments.no_browser:
            webbrowser.open(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def _kept(options: Options) -> tuple[dict[str, LoadedArray], list[dict[str, Any]]]:
    """Return arrays by key, and what the page is told of them. Raises OptionError where two have one name."""
    kept: dict[str, LoadedArray] = {}
    loaded: list[dict[str, Any]] = []
    for number, (name, array) in enumerate(options.loaded):
        if name and any(one["name"] == name for one in loaded):
            raise OptionError("EL480", f"two arrays for {name}")
        key = f"loaded{number}"
        kept[key] = array
        dtype = array_dtype(array.dtype, name or f"array {number}")
        loaded.append({"name": name or "", "key": key, "shape": list(array.shape), "dtype": dtype})
    return kept, loaded
