"""The terminal itself: its settings taken and given back, keys read, pictures written, signals followed.

What a key does and what is shown are pure functions elsewhere; here is all that needs a terminal.
"""

from __future__ import annotations

import os
import signal
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from select import select
from time import monotonic
from types import FrameType
from typing import Any, TextIO

from ....core.console import is_terminal, write
from ....core.errors import OptionError
from ....core.trace import TracedLoops
from ...catalogue import Catalogue
from ...rows import Line
from ..memory import memory_of
from .drawing import ScreenSize, screen_lines
from .keys import press, split_keys
from .state import TraceCursor, begin, pace, played

ENTER, LEAVE = "\x1b[?1049h\x1b[?25l\x1b[2J", "\x1b[?25h\x1b[?1049l"
"""Take a screen of its own, without a cursor; and go back to the one before."""
USUAL_COLUMNS, USUAL_LINES = 80, 24
MOST_BYTES = 4096
"""Read from the terminal at once."""
WAIT = 0.05
"""Seconds after an escape in which the rest of a key's sequence comes, also over a slow line."""
PATIENCE = 0.15
"""Seconds that values may take before a picture is shown without the rest of them."""
SIGNS = "·…−×∧∨→↑"
"""What pages are written with besides ASCII and words."""
DUMB = "dumb"
COERCED = "C.UTF-8"
"""What Python itself sets where nobody chose a language."""
HINT = "--format text writes the same"


def show_trace(trace: TracedLoops, catalogue: Catalogue, number: int = 1, *, colours: bool = True) -> int:
    """Show a trace on the terminal until a person quits; return the number of the step shown last.

    Raises OptionError where standard input and output are no terminal, or not one that can be steered.
    """
    check_terminal(sys.stdin, sys.stdout)
    screen = _Screen(trace, catalogue, begin(trace, number), colours=colours)
    with screen.settings():
        screen.run()
    return screen.state.number


def check_terminal(stdin: TextIO | None, stdout: TextIO | None) -> None:
    """Raise OptionError where a stream is no terminal, or the system has none of Unix."""
    for stream, name in ((stdin, "standard input"), (stdout, "standard output")):
        if not is_terminal(stream):
            raise OptionError("EL486", f"{name} is no terminal, and --tui takes up a whole one", hint=HINT)
    try:
        import termios  # noqa: F401
    except ImportError:
        raise OptionError("EL486", f"--tui needs a terminal of Unix, and this is {sys.platform}", hint=HINT) from None


def ascii_only(encoding: str | None, environ: Mapping[str, str]) -> bool:
    """Return whether a terminal should get ASCII alone: its encoding lacks signs, or its language is C.

    >>> ascii_only("utf-8", {"LANG": "C"}), ascii_only("utf-8", {"LANG": "de_DE.UTF-8"}), ascii_only("latin-1", {})
    (True, False, True)
    >>> ascii_only("utf-8", {"LC_CTYPE": "C.UTF-8"}), ascii_only("utf-8", {"LANG": "C", "LC_ALL": "C.UTF-8"})
    (True, False)
    """
    try:
        SIGNS.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    chosen = [environ[name] for name in names if environ.get(name) and (name, environ[name]) != ("LC_CTYPE", COERCED)]
    return (chosen[0] if chosen else "C") in ("C", "POSIX")


class _Screen:
    """A trace on a terminal: its state, and what the terminal shows."""

    def __init__(self, trace: TracedLoops, catalogue: Catalogue, state: TraceCursor, *, colours: bool) -> None:
        self.memory = memory_of(trace)
        self.trace, self.catalogue, self.state = replace(trace, machine=self.memory), catalogue, state
        self.input, self.output = sys.stdin.fileno(), sys.stdout.fileno()
        self.dumb = os.environ.get("TERM", DUMB) == DUMB
        self.colours = colours and not self.dumb and not os.environ.get("NO_COLOR")
        self.ascii = ascii_only(sys.stdout.encoding, os.environ)
        self.shown: list[str] = []
        self.resized = True
        self.wake = -1
        self.saved: list[Any] = []
        self.signals: list[signal.Signals] = []
        self.killed: signal.Signals | None = None
        self.rest = ""
        self.decode = getincrementaldecoder("utf-8")(errors="replace").decode

    def run(self) -> None:
        """Show pictures and read keys until a person quits, or the terminal is closed."""
        due: float | None = None
        self.draw()
        while not self.state.done:
            seconds, steps = pace(self.state)
            if not self.state.playing:
                due = None
            elif due is None:
                due = monotonic() + seconds
            left = 0.0 if self.memory.behind else None if due is None else max(due - monotonic(), 0.0)
            if not self.take(WAIT if self.rest and (left is None or left > WAIT) else left):
                return
            if due is not None and self.state.playing and monotonic() >= due:
                self.state = played(self.trace, self.state, steps)
                due = max(due + seconds, monotonic())
            self.draw()

    def take(self, seconds: float | None) -> bool:
        """Act on the keys that come within so many seconds; return whether the terminal is still there."""
        ready, _, _ = select([self.input, self.wake], [], [], seconds)
        if self.wake in ready:
            with suppress(BlockingIOError):
                os.read(self.wake, MOST_BYTES)
        if not self.obey():
            return False
        sent = b""
        if self.input in ready:
            try:
                sent = os.read(self.input, MOST_BYTES)
            except OSError:
                return False
            if not sent:
                return False
        keys, self.rest = split_keys(self.rest + self.decode(sent), whole=not ready)
        for key in keys:
            self.state = press(self.trace, self.state, key)
        return True

    def draw(self) -> None:
        """Write the lines of the picture that changed."""
        try:
            columns, lines = os.get_terminal_size(self.output)
        except OSError:
            columns, lines = 0, 0
        size = ScreenSize(width=columns or USUAL_COLUMNS, height=lines or USUAL_LINES, ascii=self.ascii)
        self.memory.begin(PATIENCE)
        rows = self.written(screen_lines(self.trace, self.state, self.catalogue, size))
        if rows == self.shown and not self.resized:
            return
        if self.dumb:
            write("\n".join(rows).rstrip("\n") + "\n")
        else:
            before = [None] * len(rows) if self.resized or len(rows) != len(self.shown) else self.shown
            changed = [
                f"\x1b[{number};1H{row}\x1b[K"
                for number, (row, old) in enumerate(zip(rows, before, strict=True), 1)
                if row != old
            ]
            write(("\x1b[2J" if self.resized else "") + "".join(changed))
        self.shown, self.resized = rows, False

    def written(self, lines: list[Line]) -> list[str]:
        """Return lines as they are written, with colours where the terminal has them."""
        if not self.colours:
            return ["".join(piece.text for piece in line).rstrip() for line in lines]
        from ...terminal import paint_lines

        return paint_lines(lines).split("\n")[: len(lines)]

    @contextmanager
    def settings(self) -> Iterator[None]:
        """Read keys as they are pressed, on a screen of its own; give everything back in the end, whatever happens."""
        import termios

        self.saved = termios.tcgetattr(self.input)
        wake, woken = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(woken, False)
        self.wake = wake
        restore = self.follow(woken)
        try:
            self.enter()
            yield
        finally:
            self.leave()
            restore()
            os.close(wake)
            os.close(woken)
        if self.killed:
            signal.raise_signal(self.killed)

    def enter(self) -> None:
        """Take the terminal."""
        import tty

        tty.setcbreak(self.input)
        if not self.dumb:
            write(ENTER)
        self.shown, self.resized = [], True

    def leave(self) -> None:
        """Give the terminal back as it was."""
        import termios

        with suppress(OSError, termios.error):
            termios.tcsetattr(self.input, termios.TCSAFLUSH, self.saved)
        if not self.dumb:
            with suppress(OSError, OptionError):
                write(LEAVE)

    def follow(self, woken: int) -> Callable[[], None]:
        """Have signals wake the loop, which acts on them; return what undoes it. Only a main thread gets any."""
        before: dict[signal.Signals, Any] = {}
        try:
            wakeup = signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        except ValueError:
            return lambda: None
        for number in (signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, self.signalled)

        def undo() -> None:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(wakeup)

        return undo

    def signalled(self, number: int, frame: FrameType | None) -> None:
        """Keep a signal for the loop."""
        self.signals.append(signal.Signals(number))

    def obey(self) -> bool:
        """Act on the signals that came; return whether to go on."""
        while self.signals:
            number = self.signals.pop(0)
            if number is signal.SIGWINCH:
                self.resized = True
            elif number is signal.SIGTSTP:
                self.suspend()
            elif number is signal.SIGCONT:  # whoever stopped it may have changed the terminal
                self.enter()
            else:
                self.killed = number
                return False
        return True

    def suspend(self) -> None:
        """Give the terminal back, stop, and take it again when the process is told to go on."""
        self.leave()
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, handler)
        self.enter()
