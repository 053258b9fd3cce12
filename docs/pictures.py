"""Makes pictures of README and docs: a terminal, pages of `explain`, `trace` and `page`, a roofline of `bench`.

`python docs/pictures.py` writes all of them into docs/pictures/, `python docs/pictures.py terminal` one. Pages need
Chromium, the roofline a machine that is otherwise idle.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import termios
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
COLUMNS = 88
SESSION = ("einloop 'ij,jk->ik'", "einloop check 'oi,k->o' -s 3x2 -s 2")
PAGE = ("explain", "bqhd,bkhd->bhqk", "--names", "Query,Key", "--result", "scores", "-s", "2x5x3x4", "-s", "2x6x3x4")
PAGE_SIZE = "760,1150"
TRACE = ("trace", "ij,jk->ik", "-s", "2x3", "-s", "3x2")
TRACE_SIZE = "1280,760"
TRACE_PLACE = "#step=10"
WEB = ("page", "--no-python")
WEB_SIZE = "1440,1000"
ROOFLINE = ("bench", "bqhd,bkhd->bhqk", "--sizes", "b=8,q=128,k=128,h=8,d=64", "--targets", "c")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FONT_FROM_THE_NET = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def einloop(*arguments: str) -> None:
    """Run einloop as it is in this checkout."""
    subprocess.run([sys.executable, "-m", "einloop", *arguments], cwd=ROOT, check=True)


def shown(command: str) -> str:
    """Return what a terminal shows of a command, colours included."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    words = [sys.executable, "-m", *shlex.split(command)]
    with subprocess.Popen(words, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs):
        os.close(theirs)
        parts = []
        try:
            while part := os.read(ours, 4096):
                parts.append(part)
        except OSError:  # Linux says so where the other side is closed
            pass
    os.close(ours)
    return b"".join(parts).decode().replace("\r\n", "\n").rstrip("\n")


def draw_terminal(path: Path) -> None:
    """Draw a session as SVG, in fonts that the reader has."""
    console = Console(record=True, width=COLUMNS, file=StringIO())
    for number, command in enumerate(SESSION):
        console.print("" if number == 0 else "\n", end="")
        console.print(Text.assemble(("$ ", "bold"), command))
        console.print(Text.from_ansi(shown(command)))
    svg = console.export_svg(title="einloop", theme=MONOKAI, unique_id="einloop")
    path.write_text(FONT_FROM_THE_NET.sub("", svg), encoding="utf-8")


def photograph(path: Path, arguments: tuple[str, ...], size: str, place: str = "") -> None:
    """Take a screenshot of the page that arguments make, at a place of it."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"none of {', '.join(BROWSERS)} is installed")
    with TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        einloop(*arguments, "-o", str(page))
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
        look = ("--hide-scrollbars", f"--window-size={size}", f"--screenshot={path}", "--virtual-time-budget=3000")
        command = [browser, *options, *look, f"--user-data-dir={folder}/profile", page.as_uri() + place]
        subprocess.run(command, check=True, capture_output=True)


def draw_page(path: Path) -> None:
    """Take a screenshot of a page of `explain`."""
    photograph(path, PAGE, PAGE_SIZE)


def draw_trace(path: Path) -> None:
    """Take a screenshot of a trace."""
    photograph(path, TRACE, TRACE_SIZE, TRACE_PLACE)


def draw_web(path: Path) -> None:
    """Take a screenshot of the page in which people type."""
    photograph(path, WEB, WEB_SIZE)


def draw_roofline(path: Path) -> None:
    """Measure on this machine, and draw."""
    einloop(*ROOFLINE, "--plot", str(path))


PICTURES = {
    "terminal.svg": draw_terminal,
    "explain.png": draw_page,
    "trace.png": draw_trace,
    "page.png": draw_web,
    "roofline.svg": draw_roofline,
}


def main() -> None:
    """Draw what is asked for, or everything."""
    FOLDER.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        if not sys.argv[1:] or Path(name).stem in sys.argv[1:]:
            draw(FOLDER / name)


if __name__ == "__main__":
    main()
