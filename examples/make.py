"""Writes examples/article/: the loops of every expression of "The Unreasonable Usefulness of numpy's einsum", one file
each, as einloop prints them.

`python examples/make.py` writes the files; with `--check` it says which are out of date, and the exit code is 1 where
one is.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

try:
    import einloop
except ModuleNotFoundError:  # not installed: use the checkout that this file is in
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    import einloop

FOLDER = Path(__file__).resolve().parent / "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One file of the article's loops: what the expression means, and the names its code uses where einloop's own
    choice would read worse."""

    name: str
    expression: str
    meaning: str
    names: tuple[str, ...] = ()
    result: str | None = None

    @property
    def path(self) -> Path:
        """Where the file is."""
        return FOLDER / f"{self.name}.py"

    @property
    def command(self) -> str:
        """The command line that prints the loops."""
        words = ["einloop", f"'{self.expression}'"]
        if self.names:
            words += ["--names", shlex.quote(",".join(self.names))]
        if self.result is not None:
            words += ["--result", shlex.quote(self.result)]
        return " ".join(words)

    def generate(self) -> einloop.Generated:
        """Return the loops."""
        return einloop.generate(self.expression, names=self.names, result=self.result)

    def text(self) -> str:
        """Return what the file holds: the command in a comment, and the loops."""
        return f"# {self.command}\n{self.generate().source}"


EXAMPLES: tuple[Example, ...] = (
    Example(name="01_transpose", expression="ij->ji", meaning="transpose"),
    Example(name="02_transpose_ab", expression="ab->ba", meaning="the same transpose: any letters will do"),
    Example(name="03_copy", expression="i->i", meaning="copy of a vector"),
    Example(name="04_sum", expression="i->", meaning="sum of a vector"),
    Example(name="05_sum_all", expression="ij->", meaning="sum of all elements of a matrix"),
    Example(name="06_row_sums", expression="ij->i", meaning="sum of each row", result="r"),
    Example(name="07_column_sums", expression="ij->j", meaning="sum of each column", result="r"),
    Example(name="08_inner", expression="i,i->", meaning="inner (dot) product of two vectors"),
    Example(name="09_elementwise", expression="i,i->i", meaning="product element by element"),
    Example(name="10_outer", expression="i,j->ij", meaning="outer product of two vectors"),
    Example(name="11_outer_three", expression="i,j,k->ijk", meaning="outer product of three vectors"),
    Example(name="12_outer_sum", expression="i,j,k->ki", meaning="outer product of a and c, times the sum of b"),
    Example(
        name="13_rows_by_rows", expression="md,nd->mn", meaning="inner products of the rows of A with the rows of B"
    ),
    Example(
        name="14_attention_scores",
        expression="bimd,bind->bimn",
        meaning="attention scores: every query with every key, per batch and head",
        names=("Q", "K"),
        result="S",
    ),
)


def stale() -> list[Path]:
    """Return the files that are missing, differ from what einloop prints now, or belong to no example."""
    wanted = {example.path: example.text() for example in EXAMPLES}
    different = [p for p, text in wanted.items() if not p.is_file() or p.read_text(encoding="utf-8") != text]
    return [*different, *sorted(set(FOLDER.glob("*.py")) - set(wanted))]


def main() -> int:
    """Write the files, or with --check compare them; return the exit code."""
    if "--check" in sys.argv[1:]:
        found = stale()
        for path in found:
            print(f"out of date: {path.name}")
        return int(bool(found))
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.py"):
        path.unlink()
    for example in EXAMPLES:
        example.path.write_text(example.text(), encoding="utf-8")
        print(f"{example.path.name}: {example.command}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
