"""The page as one HTML file: styles, scripts and first answers inside, so that it needs nothing to show them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from enum import Enum
from hashlib import sha256
from string import ascii_lowercase
from typing import Any

from ..core.dtypes import DTYPES
from ..core.source import Notation
from ..core.version import __version__
from ..pipeline.lifted import CALLS
from ..pipeline.page import language_of
from ..views.catalogue import Entry, load_catalogue
from ..views.pages import html_environment
from ..views.trace.page import COMMENT, SCRIPTS, page_words, script_safe, tight
from .answer import KINDS, answer
from .arrays import HeldArrays
from .state import PageState

OWN_SCRIPTS = (
    "icons", "state", "queue", "server", "python", "adopt", "tint", "field", "parts", "fault", "panel", "meaning",
    "loops", "same", "picture", "traced", "why", "compare", "tests", "memory", "files", "dialogs", "top", "given",
    "asking", "build", "app", "main",
)  # fmt: skip
"""The files of `templates/pages/web/`, each after those whose constants it needs."""
SHARED = SCRIPTS
"""The scripts of the trace, which the page mounts."""
WORDS = ("web.", "trace.page.", "story.kind.", "view.severity.")
"""What the words of the page begin with."""
FIRST = PageState(text="ij,jk->ik", shapes="2x3 3x4", at="1,2")
"""What a first visit shows."""
FIRST_KINDS = tuple(kind for kind in KINDS if kind not in ("diff", "tests"))
"""The answers that are there before any Python is."""


class Transport(Enum):
    """Where the page gets its answers."""

    SERVER = "server"
    WORKER = "worker"
    NONE = "none"


def build_page(
    lang: str,
    transport: Transport,
    *,
    loaded: Sequence[Mapping[str, Any]] = (),
    held: HeldArrays | None = None,
    packed: Mapping[str, str] | None = None,
    licences: str = "",
) -> str:
    """Return the page, the same bytes for the same input. Raises OptionError for an unknown language.

    `loaded`: arrays that are there from the start, each as the answer to `file` has it. `packed`: what the browser's
    Python is made of, by name, encoded; without it a worker finds that in files beside the page. `licences`: of that.
    """
    language = language_of(lang)
    env = html_environment()
    style = tight(env.get_template("web.css").render())
    scripts = [f'"use strict";\n{_joined(SHARED, "trace")}{_joined(OWN_SCRIPTS, "web")}']
    embedded = _embedded(language, transport, loaded, held or HeldArrays())
    if packed is not None:
        embedded["worker"] = worker_script()
    return env.get_template("web.html").render(
        lang=language,
        words=load_catalogue(language).entries,
        state=embedded["state"],
        first=embedded["answers"],
        style=style,
        scripts=scripts,
        packed=packed or {},
        licences=licences,
        policy=policy(scripts, [style], transport, inside=packed is not None),
        embedded=script_safe(embedded),
    )


def build_folder(lang: str, files: Mapping[str, bytes], licences: str) -> dict[str, bytes]:
    """Return the page in several files, by path: for a server that hands files out, such as GitHub Pages.

    `files`: what the browser's Python is made of, by name.
    """
    page = build_page(lang, Transport.WORKER, licences=licences)
    own = {"index.html": page.encode(), "LICENCES.txt": licences.encode(), "python/worker.js": worker_script().encode()}
    return own | {f"python/{name}": data for name, data in files.items()}


def worker_script() -> str:
    """Return the script of the worker that Python runs in."""
    return f'"use strict";\n{_joined(("worker",), "web")}'


def policy(scripts: Iterable[str], styles: Iterable[str], transport: Transport, *, inside: bool = False) -> str:
    """Return the Content-Security-Policy that allows these scripts and styles and nothing else.

    `inside`: a worker is made of what the page carries; else its script is a file beside the page.

    >>> policy(["1"], [""], Transport.NONE).split("; ")[1]
    "script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='"
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(map(_hash, scripts)),
        "style-src": " ".join(map(_hash, styles)),
        "img-src": "data:",
        "connect-src": "'self'" if transport is Transport.SERVER else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    if transport is Transport.WORKER:
        rules["script-src"] += " 'wasm-unsafe-eval'"
        rules["worker-src"] = "blob:" if inside else "'self'"
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _joined(names: Iterable[str], folder: str) -> str:
    env = html_environment()
    assert env.loader is not None
    return "".join(COMMENT.sub("", env.loader.get_source(env, f"{folder}/{name}.js")[0]) for name in names)


def _embedded(
    language: str, transport: Transport, loaded: Sequence[Mapping[str, Any]], held: HeldArrays
) -> dict[str, Any]:
    """Return what the page's scripts read: the first state with its answers, the words of every language."""
    state = {**asdict(_first_state(loaded, held)), "lang": language}
    state |= {name: list(state[name]) for name in ("tests", "arrays")}
    return {
        "version": __version__,
        "transport": transport.value,
        "lang": language,
        "state": state,
        "answers": {kind: answer({"ask": kind, "state": state}, held) for kind in FIRST_KINDS},
        "loaded": [dict(one) for one in loaded],
        "dtypes": list(DTYPES),
        "notations": [one.value for one in Notation if one.traits.text],
        "libraries": list(CALLS),
        "words": {name: _own(entries) for name, entries in page_words().items()},
    }


def _first_state(loaded: Sequence[Mapping[str, Any]], held: HeldArrays) -> PageState:
    """Return what a first visit shows: the product of two arrays where they are given, else the first of them."""
    if not loaded:
        return FIRST
    arrays = tuple(f"{one['name']}={one['key']}" for one in loaded)
    product = replace(FIRST, shapes="", at="0,0", arrays=arrays)
    if "ok" in answer({"ask": "why", "state": {**asdict(product), "tests": [], "arrays": list(arrays)}}, held):
        return product
    rank = len(loaded[0]["shape"])
    labels = ascii_lowercase[:rank] if rank <= len(ascii_lowercase) else ""
    return replace(FIRST, text=f"{labels}->{labels}", shapes="", at="", arrays=arrays[:1]) if labels else FIRST


def _own(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    return {id: entry for id, entry in entries.items() if id.startswith(WORDS)}
