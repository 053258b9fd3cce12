"""SVG in, PNG or PDF out, by CairoSVG, or where that is missing by a browser; either is loaded when it is needed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

from ..core.errors import OptionError

SCALE = 2.0
"""Pixels of a PNG for one unit of a picture."""
MAX_PIXELS = 16384
"""The highest and the widest image that a browser draws."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def write_image(svg: Callable[[bool], str], format: str) -> bytes:
    """Return a picture as PNG or PDF, from what writes it as SVG: plain for CairoSVG, for a browser with all it knows.

    Raises OptionError where neither can be had.
    """
    try:
        import cairosvg
    except ImportError:
        what = f"CairoSVG, which makes {format.upper()} of SVG, is not installed"
        hint = "pip install 'einloop[pictures]', or install Playwright and a Chromium"
    except OSError as error:
        what = f"CairoSVG finds no Cairo on this machine: {str(error).partition(chr(10))[0]}"
        hint = "install Cairo, as with apt install libcairo2"
    else:
        plain = svg(True).encode()
        made: bytes = cairosvg.svg2png(plain, scale=SCALE) if format == "png" else cairosvg.svg2pdf(plain)
        return made
    with ThreadPoolExecutor(1) as apart:  # Playwright refuses a thread that has an event loop, as a notebook's has
        drawn = apart.submit(_drawn_by_browser, svg(False), format).result()
    if drawn is None:
        raise OptionError("EL437", what, hint=hint)
    return drawn


def _drawn_by_browser(svg: str, format: str) -> bytes | None:
    """Return SVG as a Chromium draws it, which runs and fetches nothing; None where it or Playwright is missing."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return None
    root = ElementTree.fromstring(svg)
    wide, high = int(root.attrib["width"]), int(root.attrib["height"])
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as running:
        try:
            browser = running.chromium.launch(executable_path=found)
        except Error:
            return None
        scale = min(SCALE, MAX_PIXELS / max(wide, high))
        context = browser.new_context(
            viewport={"width": wide, "height": high},
            device_scale_factor=scale,
            color_scheme="light",
            java_script_enabled=False,
            offline=True,
        )
        page = context.new_page()
        page.set_content(f"<!DOCTYPE html><style>body {{ margin: 0 }} svg {{ display: block }}</style>{svg}")
        page.emulate_media(media="screen")
        made: bytes = (
            page.screenshot()
            if format == "png"
            else page.pdf(width=f"{wide}px", height=f"{high}px", print_background=True)
        )
        browser.close()
    return made
