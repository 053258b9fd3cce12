"""SVG in, PNG or PDF out, by CairoSVG, which is loaded when one is asked for."""

from __future__ import annotations

from ..core.errors import OptionError

SCALE = 2
"""Pixels of a PNG for one unit of a picture."""


def write_image(svg: str, format: str) -> bytes:
    """Return SVG as PNG or PDF. Raises OptionError where CairoSVG, or the library Cairo that it needs, is missing."""
    try:
        import cairosvg
    except ImportError:
        raise OptionError(
            "EL437",
            f"CairoSVG, which makes {format.upper()} of SVG, is not installed",
            hint="pip install 'einloop[pictures]'",
        ) from None
    except OSError as error:
        what = f"CairoSVG finds no Cairo on this machine: {str(error).partition(chr(10))[0]}"
        raise OptionError("EL437", what, hint="install Cairo, as with apt install libcairo2") from None
    made: bytes = cairosvg.svg2png(svg.encode(), scale=SCALE) if format == "png" else cairosvg.svg2pdf(svg.encode())
    return made
