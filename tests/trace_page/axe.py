"""axe-core, which finds what keeps a page from some readers: a file that is named, or the copy inside Chromium.

Chromium's developer tools hold Lighthouse, and that holds axe-core as one text; its debugging port serves the file.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import urllib.request
from functools import cache
from pathlib import Path

import pytest

from .conftest import BROWSER

INSIDE = "devtools/third_party/lighthouse/lighthouse-dt-bundle.js"
LITERAL = re.compile(r"`/\*! axe v(?:[^`\\]|\\.)*`", re.DOTALL)
ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
LISTENING = re.compile(r"DevTools listening on ws://([\d.:]+)/")
WAIT = 20


@cache
def axe_source() -> str:
    """Return axe-core's script, or skip the test that asks for it."""
    for path in (os.environ.get("EINLOOP_AXE"), "node_modules/axe-core/axe.min.js"):
        if path and Path(path).is_file():
            return Path(path).read_text(encoding="utf-8")
    found = LITERAL.search(_bundle())
    if found is None:
        pytest.skip("no axe-core: EINLOOP_AXE names no file, and this Chromium holds none")
    return ESCAPE.sub(_unescaped, found.group()[1:-1])


def _bundle() -> str:
    """Return the text of the file in Chromium that holds axe-core; nothing where it cannot be had."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [str(BROWSER), "--headless", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={folder}"]
        with subprocess.Popen(
            [*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as running:
            try:
                assert running.stderr is not None
                address = next(found.group(1) for line in running.stderr if (found := LISTENING.search(line)))
                with urllib.request.urlopen(f"http://{address}/{INSIDE}", timeout=WAIT) as answer:
                    return answer.read().decode("utf-8")
            except (OSError, StopIteration):
                return ""
            finally:
                running.terminate()


def _unescaped(found: re.Match[str]) -> str:
    """Return the character that an escape in a JavaScript literal stands for."""
    code = found.group(1)
    if code[0] in "ux" and len(code) > 1:
        return json.loads(f'"\\u{code[1:]:0>4}"') if code[1] != "{" else chr(int(code[2:-1], 16))
    return SIMPLE.get(code, code)
