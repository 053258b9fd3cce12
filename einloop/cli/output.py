"""Where text goes: results to standard output, everything about them to standard error, colours on terminals only."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

from ..core.errors import EinloopError, OptionError
from ..core.frozen import dataclass

if TYPE_CHECKING:
    from ..core.generated import Generated
    from ..core.report import Report
    from ..core.verification import Verification

NARROWEST, USUAL_WIDTH, WIDEST = 40, 80, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Prints for a person, or as JSON for a program. `path`: the file that reports go to instead."""

    json: bool = False
    path: str | None = None

    def text(self, text: str) -> None:
        """Print a result."""
        try:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")
        except UnicodeEncodeError as error:
            raise OptionError(
                "EL414",
                f"standard output ({error.encoding}) cannot show {error.object[error.start : error.end]!r}",
                hint="write to a file with -o, or set PYTHONIOENCODING=utf-8",
            ) from None
        sys.stdout.flush()

    def data(self, data: Any) -> None:
        """Print a value as one line of JSON."""
        from json import dumps

        try:
            self.text(dumps(data, ensure_ascii=False))
        except OptionError:
            self.text(dumps(data))

    def source(self, generated: Generated) -> None:
        """Print loops, coloured on a terminal."""
        if colours(sys.stdout):
            from ..views.terminal import paint

            self.text(paint(generated))
        else:
            self.text(generated.source)

    def report(self, report: Report, format: str = "text", lang: str = "en") -> None:
        """Print a report in a format and a language, coloured on a terminal, or write it to the file of `-o`."""
        from ..pipeline.showing import painted, render

        format = "json" if self.json else format
        if self.path is not None:
            write_file(self.path, render(report, format, lang))
        elif format == "json":
            from json import loads

            self.data(loads(render(report, format, lang)))
        elif format == "text" and colours(sys.stdout):
            self.text(painted(report, lang, columns(sys.stdout)))
        else:
            self.text(render(report, format, lang))

    def verdict(self, found: Verification) -> None:
        """Print a verdict on standard error."""
        line = str(found)
        if colours(sys.stderr):
            from ..views.terminal import paint_verdict

            line = paint_verdict(line, good=bool(found) or found.skipped is not None)
        print(line, file=sys.stderr)

    def note(self, text: str) -> None:
        """Print a remark on standard error."""
        if not self.json:
            print(f"note: {text}", file=sys.stderr)

    def error(self, error: EinloopError) -> None:
        """Print a refusal: its picture on standard error, or as JSON."""
        if self.json:
            from ..views.data import error_data

            self.data(error_data(error))
            return
        picture = str(error)
        if colours(sys.stderr):
            from ..views.terminal import paint_error

            picture = paint_error(picture)
        print(picture, file=sys.stderr)


def colours(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that shows colours and nobody asked for none."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns(stream: TextIO) -> int:
    """Return how many columns of a terminal a page takes: all of a narrow one, of a wide one what reads well."""
    try:
        width = int(os.environ.get("COLUMNS") or os.get_terminal_size(stream.fileno()).columns)
    except (OSError, ValueError):
        width = 0
    return min(max(width or USUAL_WIDTH, NARROWEST), WIDEST)


def write_file(path: str, text: str) -> None:
    """Write a text to a file in UTF-8. Raises OptionError where that cannot be done."""
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise _unwritable(path, error) from None


def check_writable(path: str) -> None:
    """Raise the OptionError that `write_file` would; what is there stays as it is, and what is not there is not made.

    For a page that takes long to make. Pipes and devices are not tried: to open one may wait, or be noticed.
    """
    place = os.path.realpath(path)
    try:
        if not os.path.exists(place):
            open(place, "xb").close()
            os.unlink(place)
        elif os.path.isfile(place) or os.path.isdir(place):
            open(place, "ab").close()
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: str, error: OSError) -> OptionError:
    return OptionError("EL412", f"{path!r} cannot be written: {error.strerror or error}")


def prepare_streams() -> None:
    """Give a closed stream somewhere to go, and let standard error show every letter somehow."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    reconfigure = getattr(sys.stderr, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def silence(stream: TextIO) -> None:
    """Send what is left in a stream nowhere, so that the interpreter does not complain about it at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return
