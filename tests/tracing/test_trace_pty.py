"""The screen of a trace on a real terminal: steps, signals, sizes, and what is left of the settings afterwards."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from einloop.core.visible import columns

TAKE = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
"""Makes the terminal that of the new session, then runs Python with the rest: nothing of ours runs in a fork."""


class Terminal:
    """Python on a terminal of its own: what it wrote, and keys for it."""

    def __init__(self, *arguments, columns=80, lines=24, **environ):
        import termios

        self.main, self.own = os.openpty()
        termios.tcsetwinsize(self.own, (lines, columns))
        self.before = termios.tcgetattr(self.own)
        words = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "xterm", "NO_COLOR": "1", **environ}
        words.pop("COLUMNS", None)
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE, *arguments],
            stdin=self.own, stdout=self.own, stderr=self.own, env=words, start_new_session=True,
        )  # fmt: skip
        self.written = ""

    def until(self, text, seconds=60):
        """Read until a text is written; return what was written since the last one."""
        end = time.monotonic() + seconds
        while text not in self.written:
            if not select.select([self.main], [], [], max(end - time.monotonic(), 0))[0]:
                raise AssertionError(f"{text!r} is not in {self.written!r}")
            self.written += os.read(self.main, 65536).decode("utf-8", "replace")
        found, _, self.written = self.written.partition(text)
        return found + text

    def press(self, keys):
        os.write(self.main, keys.encode())

    def ended(self):
        """Return the exit status, and whether the settings of the terminal are what they were."""
        import termios

        code = self.process.wait(60)
        return code, termios.tcgetattr(self.own) == self.before

    def close(self):
        self.process.kill()
        self.process.wait(60)
        for handle in (self.main, self.own):
            with suppress(OSError):
                os.close(handle)


@pytest.fixture
def terminal():
    pytest.importorskip("termios")
    made = []

    def start(*arguments, **options):
        made.append(Terminal(*arguments, **options))
        return made[-1]

    yield start
    for one in made:
        one.close()


PROGRAM = ("-m", "einloop", "trace", "ij,jk->ik", "--tui")
LEAVE = "\x1b[?25h\x1b[?1049l"


def test_steps_jumps_and_quits(terminal):
    screen = terminal(*PROGRAM)
    assert "\x1b[?1049h" in screen.until("step 1 of 24")
    screen.press("n")
    screen.until("step 2 of 24")
    screen.press("\x1b[C")
    screen.until("step 3 of 24")
    screen.press("\x1bOD")
    screen.until("step 2 of 24")
    screen.press("g12")
    screen.until("step (1 to 24): 12_")
    screen.press("\r")
    screen.until("step 12 of 24")
    screen.press(" ")
    screen.until("playing")
    screen.until("step 13 of 24")
    screen.press("q")
    screen.until(LEAVE)
    assert screen.ended() == (0, True)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP)]
)
def test_signals_give_the_terminal_back(terminal, number, code):
    screen = terminal(*PROGRAM)
    screen.until("step 1 of 24")
    screen.until("quit")
    os.kill(screen.process.pid, number)
    screen.until(LEAVE)
    assert screen.ended() == (code, True)


SHELL = """
import os, signal, subprocess, sys, termios
child = subprocess.Popen([sys.executable, "-m", "einloop", "trace", "ij,jk->ik", "--tui"], process_group=0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
before = termios.tcgetattr(0)
os.tcsetpgrp(0, child.pid)
_, status = os.waitpid(child.pid, os.WUNTRACED)
os.tcsetpgrp(0, os.getpgrp())
print("stopped:", os.WIFSTOPPED(status), termios.tcgetattr(0) == before, flush=True)
os.tcsetpgrp(0, child.pid)
os.killpg(child.pid, signal.SIGCONT)
_, status = os.waitpid(child.pid, 0)
os.tcsetpgrp(0, os.getpgrp())
print("ended:", status, termios.tcgetattr(0) == before, flush=True)
"""
"""What a shell does with a job; without one the system lets nothing stop."""


def test_it_stops_and_goes_on(terminal):
    screen = terminal("-c", SHELL)
    screen.until("quit")
    screen.press("n")
    screen.until("step 2 of 24")
    screen.press("\x1a")
    screen.until("stopped: True True")
    screen.until("\x1b[?1049h")
    screen.until("step 2 of 24")
    screen.press("q")
    screen.until("ended: 0 True")


def test_it_takes_the_terminal_again_after_any_stop(terminal):
    screen = terminal(*PROGRAM)
    screen.until("quit")
    os.kill(screen.process.pid, signal.SIGSTOP)
    os.kill(screen.process.pid, signal.SIGCONT)
    screen.until("\x1b[?1049h")
    screen.until("step 1 of 24")
    screen.press("q")
    screen.until(LEAVE)
    assert screen.ended() == (0, True)


def test_it_follows_the_size_of_the_window(terminal):
    import termios

    screen = terminal(*PROGRAM)
    screen.until("quit")
    termios.tcsetwinsize(screen.own, (10, 40))
    os.kill(screen.process.pid, signal.SIGWINCH)
    found = screen.until("\x1b[10;1H")
    assert "\x1b[2J" in found
    rows = re.split(r"\x1b\[[0-9;]*[A-Za-z]", found.partition("\x1b[2J")[2])
    assert max(map(columns, rows)) <= 40
    screen.press("q")
    assert screen.ended() == (0, True)


def test_a_terminal_that_goes_away_ends_it(terminal):
    screen = terminal(*PROGRAM)
    screen.until("quit")
    os.close(screen.own)
    os.close(screen.main)
    assert screen.process.wait(60) in (0, -signal.SIGHUP)


def test_a_dumb_terminal_gets_no_escapes(terminal):
    screen = terminal(*PROGRAM, TERM="dumb", LC_ALL="C")
    found = screen.until("step 1 of 24") + screen.until("quit")
    screen.press("n")
    found += screen.until("step 2 of 24") + screen.until("quit")
    screen.press("q")
    assert screen.ended() == (0, True)
    assert "\x1b" not in found
    assert found.isascii()
    assert "1*1" in found


FAILING = """
import einloop.views.trace.terminal.loop as loop
from einloop.cli import main
draw = loop.screen_lines
loop.screen_lines = lambda trace, state, *rest: 1 / 0 if state.number == 2 else draw(trace, state, *rest)
raise SystemExit(main(["trace", "ij,jk->ik", "--tui", "--debug"]))
"""


def test_what_fails_gives_the_terminal_back(terminal):
    screen = terminal("-c", FAILING)
    screen.until("quit")
    screen.press("n")
    screen.until(LEAVE)
    screen.until("ZeroDivisionError")
    code, same = screen.ended()
    assert code
    assert same
