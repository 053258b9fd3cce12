"""What a command of the command line finds, kept as objects that show themselves in place of text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from dataclasses import field as new
from typing import Any

from ..cli.output import Output
from ..core.drawing import Drawing
from ..core.generated import Generated
from ..core.lifted import Lifted
from ..core.report import Report
from ..core.verification import Verification
from ..pipeline.notebook import loops_page, verdict_page
from ..pipeline.page import shown
from ..pipeline.traced import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping(Output):
    """Keeps what a person looks at. What is for a file or a program is written and printed as the command line does.

    `shown_in`: the language in which pages show themselves.
    """

    shown_in: str = "en"
    kept: list[Any] = new(default_factory=list)

    def source(self, generated: Generated) -> None:
        """Keep loops."""
        if self.path is not None or self.json:
            Output.source(self, generated)
        else:
            self.kept.append(replace(generated, page=loops_page))

    def report(self, report: Report, format: str = "text", lang: str = "en") -> None:
        """Keep a page; one that is asked for in a format of its own is printed."""
        if self.path is not None or self.json or format != "text":
            Output.report(self, report, format, lang)
        else:
            self.kept.append(replace(shown(report), lang=self.shown_in))

    def drawing(self, drawing: Drawing, lang: str, theme: str) -> None:
        """Keep a picture."""
        self.kept.append(replace(drawing, lang=lang, theme=theme))

    def lifted(self, found: Lifted) -> None:
        """Keep statements."""
        if self.path is not None:
            Output.lifted(self, found)
        else:
            self.kept.append(found)

    def trace(self, found: Trace, format: str, lang: str, theme: str = "auto", **asked: Any) -> None:
        """Keep a trace, which shows the steps that were asked for."""
        if self.path is not None or format != "text":
            Output.trace(self, found, format, lang, theme, **asked)
        else:
            self.kept.append(replace(found, lang=lang, asked=asked))

    def verdict(self, found: Verification) -> None:
        """Keep a verdict, if it is all that was asked for: loops show their own, statements do not."""
        if self.kept and isinstance(self.kept[-1], Lifted):
            self.text(f"{found}\n")
        elif not self.kept:
            self.kept.append(replace(found, page=verdict_page))

    def note(self, text: str) -> None:
        """Print a remark, unless what was kept shows it."""
        shown_already = [note for one in self.kept for note in getattr(one, "notes", ())]
        if not self.json and text not in shown_already:
            self.text(f"note: {text}\n")
