"""`einloop templates`: list the targets and their files, or copy them out to be changed."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from ..core.errors import OptionError
from ..core.root import template_root
from ..targets.target import load_target, target_names
from .output import Output
from .parser import Parser

COMPILED = ".j2c"

CODE = """A folder of templates is code, like a Makefile: what they write is run to be verified.
It runs in a process of its own, which is not a sandbox."""


def configure(parser: Parser) -> None:
    """Add the command's arguments."""
    parser.add("--copy", metavar="DIR", help="copy the built-in templates into DIR")
    parser.add("--templates", metavar="DIR", help="list DIR's targets too")
    parser.add("--json", action="store_true", help="the list, for a program")
    parser.examples(
        ("einloop templates", "what there is"),
        ("einloop templates --copy mine", "copies to change"),
        ("einloop 'ij->i' --templates mine", "loops through the changed copies"),
        notes=CODE,
    )


def run(arguments: argparse.Namespace, output: Output) -> int:
    """List or copy."""
    if arguments.copy == "":
        raise OptionError("EL474", "--copy has no folder", hint="einloop templates --copy mine")
    if arguments.copy is not None:
        _copy(Path(arguments.copy), output)
        return 0
    folder = arguments.templates
    listed = {name: _listing(name, folder) for name in target_names(folder)}
    if output.json:
        output.data(listed)
        return 0
    for name, entry in listed.items():
        output.text(f"{name}: {entry['title']}")
        for style, about in entry["styles"].items():
            output.text(f"  style {style}: {about}")
        for file in entry["files"]:
            output.text(f"  {file}")
    return 0


def _listing(name: str, folder: str | None) -> dict[str, Any]:
    target = load_target(name, folder)
    files: dict[str, Path] = {}
    for root in target.roots:
        for path in sorted(Path(root, name).glob("*")):
            if path.is_file():
                files.setdefault(path.name, path)
    return {
        "title": target.title,
        "forms": [form.value for form in target.forms],
        "styles": {style.name: style.about for style in target.styles.values()},
        "files": [str(path) for path in files.values()],
    }


def _copy(folder: Path, output: Output) -> None:
    """Copy every built-in template file; refuse to overwrite one."""
    root = Path(template_root())
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix != COMPILED]
    goals = [folder / path.relative_to(root) for path in files]
    try:
        old = next((goal for goal in goals if goal.exists()), None)
        if old is not None:
            raise OptionError("EL484", f"{str(old)!r} exists already", hint="copy into an empty folder")
        for path, goal in zip(files, goals, strict=True):
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, goal)
            output.text(str(goal))
    except OSError as error:
        raise OptionError("EL412", f"{str(folder)!r} cannot be written: {error.strerror or error}") from None
