"""Prints the lowest versions that pyproject.toml allows of what it names, as constraints for pip.

`python .ci/lowest.py > lowest.txt && pip install -c lowest.txt '.[numba,paths,test]'`
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

BOUNDED = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w, -]+\])? *>= *(?P<lowest>[\w.]+)(?: *,.*)?")


def lowest(requirement: str) -> str:
    """Return the constraint that a requirement makes.

    >>> lowest("numpy>=2.1"), lowest("torch[cuda] >= 2, <3")
    ('numpy==2.1', 'torch==2')
    """
    found = BOUNDED.fullmatch(requirement)
    if found is None:
        raise SystemExit(f"{requirement!r} in pyproject.toml has no lower bound: write name>=version")
    return f"{found['name']}=={found['lowest']}"


def main() -> None:
    """Print a line for every requirement, those of extras too."""
    path = Path(__file__).resolve().parents[1] / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    for requirement in (*project["dependencies"], *(one for extra in extras for one in extra)):
        print(lowest(requirement))


if __name__ == "__main__":
    main()
