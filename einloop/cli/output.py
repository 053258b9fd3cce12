"""Where text goes: results to standard output, everything about them to standard error, colours on terminals only.

Every line that may hold words of a person is made visible here; loops and pages go out as they were made.
"""

from __future__ import annotations

import os
import sys
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, TextIO

from ..core.console import is_terminal, tell, write
from ..core.errors import EinloopError, OptionError
from ..core.frozen import dataclass
from ..core.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.drawing import Drawing
    from ..core.generated import Generated
    from ..core.lifted import Lifted
    from ..core.report import Report
    from ..core.verification import Verification
    from ..pipeline.traced import Trace

REFUSED, UNVERIFIED = 2, 3
"""Exit codes: of what einloop refuses; of loops that could not be verified."""
ENGLISH = "en"
COMPUTING = "computing the steps ..."
MIN_COLUMNS, USUAL_COLUMNS, MAX_COLUMNS = 40, 80, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Prints for a person, or as JSON for a program. `path`: the file that a result goes to instead.

    `lang`: the language of refusals. `ahead`: what is printed before the next result, once.
    """

    json: bool = False
    path: str | None = None
    lang: str = ENGLISH
    ahead: list[str] = field(default_factory=list)

    def text(self, text: str) -> None:
        """Print lines about something."""
        self._lines(visible(text))

    def lines(self, text: str) -> None:
        """Print lines as they are, or write them to the file of `-o`."""
        if self.path is not None:
            self._write(text + "\n")
        else:
            self._lines(text)

    def data(self, data: Any) -> None:
        """Print a value as one line of JSON."""
        from json import dumps

        text = _json_line(data)
        try:
            text.encode(sys.stdout.encoding or "utf-8")
        except UnicodeEncodeError:
            text = dumps(data)
        self.ahead.clear()
        self._lines(text)

    def save(self, data: Any) -> None:
        """Write a value as one line of JSON to the file of `-o`."""
        self._write(_json_line(data) + "\n")

    def source(self, generated: Generated) -> None:
        """Print loops, coloured on a terminal, or write them to the file of `-o`."""
        if self.path is not None:
            self._write(generated.source)
        elif is_terminal(sys.stdout):
            from ..views.terminal import paint

            shown = replace(generated, source=visible(generated.source))
            self._lines(paint(shown) if colours(sys.stdout) else shown.source)
        else:
            self._lines(generated.source)

    def report(self, report: Report, format: str = "text", lang: str = "en") -> None:
        """Print a report in a format and a language, coloured on a terminal, or write it to the file of `-o`."""
        from ..pipeline.page import painted, render

        format = "json" if self.json else format
        if self.path is not None:
            self._write(render(report, format, lang))
        elif format == "json":
            from json import loads

            self.data(loads(render(report, format, lang)))
        elif format == "text" and colours(sys.stdout):
            self._lines(painted(report, lang, columns(sys.stdout)))
        else:
            self._lines(render(report, format, lang))

    def story(self, story: Callable[[int], Report], lang: str) -> None:
        """Print a story as text that is as wide as a terminal at the most, or write it to the file of `-o`."""
        from ..pipeline.page import narrow

        width = columns(sys.stdout) if self.path is None else USUAL_COLUMNS
        coloured = self.path is None and colours(sys.stdout)
        self.lines(narrow(story(width), lang, width, colours=coloured).rstrip("\n"))

    def drawing(self, drawing: Drawing, lang: str, theme: str) -> None:
        """Print a picture as SVG."""
        self.lines(drawing.show(lang, theme).rstrip("\n"))

    def lifted(self, found: Lifted) -> None:
        """Print statements, or write them to the file of `-o`."""
        self.lines(str(found))

    def trace(self, found: Trace, format: str, lang: str, theme: str = "auto", **asked: Any) -> None:
        """Print steps in a format, as wide as a terminal is and coloured there, or write them to the file of `-o`."""
        from ..core.progress import ProgressLine  # other commands are spared it

        coloured = False
        if format == "text" and self.path is None:
            asked["width"], coloured = columns(sys.stdout), colours(sys.stdout)
        with ProgressLine(slow=COMPUTING):
            if coloured:
                from ..pipeline.steps import painted

                text = painted(found, lang, **asked)
            else:
                text = found.show(format, lang, theme=theme, **asked)
        self.lines(text.rstrip("\n"))

    def verdict(self, found: Verification) -> None:
        """Print a verdict on standard error."""
        line = str(found)
        if colours(sys.stderr):
            from ..views.terminal import paint_verdict

            line = paint_verdict(line, good=bool(found) or found.skipped is not None)
        tell(f"{line}\n")

    def note(self, text: str) -> None:
        """Print a remark on standard error."""
        if not self.json:
            tell(f"note: {visible(text, keep='')}\n")

    def error(self, error: EinloopError) -> None:
        """Print a refusal: its picture on standard error, or as JSON."""
        from ..core.topic import Topic  # a plain start refuses nothing

        if self.json and error.topic is not Topic.OUTPUT:  # a closed output takes no JSON either
            from ..views.data import error_data

            try:
                self.data(error_data(error))
                return
            except OptionError as failure:
                error = failure
        picture = refusal_picture(error, self.lang)
        if colours(sys.stderr):
            from ..views.terminal import paint_error

            picture = paint_error(picture)
        tell(f"{picture}\n")

    def _lines(self, text: str) -> None:
        before = "".join(self.ahead)
        self.ahead.clear()
        write(before + (text if text.endswith("\n") else text + "\n"))

    def _write(self, text: str) -> None:
        from .files import write_file

        assert self.path is not None
        write_file(self.path, text)


def _json_line(data: Any) -> str:
    from json import dumps

    from ..core.visible import escaped_json

    return escaped_json(dumps(data, ensure_ascii=False))


def check_language(lang: str) -> None:
    """Raise OptionError where no page can be written in a language; English can, and nothing is loaded for it."""
    if lang != ENGLISH:
        from ..pipeline.page import language_of
        from ..views.catalogue import check_language as check

        check(language_of(lang))


def refusal_picture(error: EinloopError, lang: str) -> str:
    """Return the picture of an error in a language, in English where there is no such language."""
    try:
        check_language(lang)
    except OptionError:
        return str(error)
    if lang == ENGLISH:
        return str(error)
    from ..pipeline.page import language_of
    from ..views.refusal import write_refusal

    return write_refusal(error, language_of(lang))


def colours(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that shows colours and nobody asked for none."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns(stream: TextIO) -> int:
    """Return how many columns of a terminal a page takes: all of a narrow one, of a wide one what reads well."""
    try:
        width = int(os.environ.get("COLUMNS") or os.get_terminal_size(stream.fileno()).columns)
    except (OSError, ValueError):
        width = 0
    return min(max(width or USUAL_COLUMNS, MIN_COLUMNS), MAX_COLUMNS)
