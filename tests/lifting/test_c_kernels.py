"""Kernels of C in `kernels/`: each is lifted to the statements above it, which compute what it does, or is refused.

A kernel is what follows `//// name`; lines `//: ` hold its statements, `//# ` what holds for them, `//! ` the id, the
place and the message of its refusal, and `//? ` the hint.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from c_harness import called, compiled, inputs

from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift
from einloop.lifting.c.signature import signature

FOLDER = Path(__file__).parent / "kernels"
LENGTHS = ((3, 5, 4, 7, 6, 8, 9, 2, 10), (7, 2, 6, 3, 5, 9, 4, 8, 11))
SCALED = {"fixed_size": (r"\b1024\b", "13"), "fixed_sizes_that_differ": (r"(?<=[456])0\b", ""),
          "blocked_whole": (r"\b64\b", "16")}  # fmt: skip
"""Kernels whose numbers are made smaller to be run."""
STATIC = {"fixed_sizes_that_differ", "packed_micro_kernel"}
"""Kernels whose arrays no other file sees."""


@dataclass
class Kernel:
    name: str
    code: str
    statements: str
    notes: list[str]
    refusal: str
    hint: str

    @property
    def said(self) -> str:
        lines = [f"//: {line}" for line in self.statements.splitlines()] + [f"//# {note}" for note in self.notes]
        lines += [f"//! {self.refusal}"] * bool(self.refusal) + [f"//? {self.hint}"] * bool(self.hint)
        return "\n".join(lines)


def kernels() -> list[Kernel]:
    found = []
    for file in sorted(FOLDER.glob("*.c")):
        for part in file.read_text(encoding="utf-8").split("//// ")[1:]:
            name, *lines = part.split("\n")
            marks = {
                mark: [line[4:] for line in lines if line.startswith(mark)] for mark in ("//: ", "//# ", "//! ", "//? ")
            }
            code = "\n".join(line for line in lines if line[:4] not in marks)
            found.append(
                Kernel(
                    name, code, "\n".join(marks["//: "]), marks["//# "], "".join(marks["//! "]), "".join(marks["//? "])
                )
            )
    return found


def lifted(kernel: Kernel) -> Kernel:
    """The kernel with what einloop says of it."""
    try:
        found = lift(kernel.code, Notation.C)
    except LiftError as error:
        place = kernel.code[slice(*error.span)] if error.span else ""
        return Kernel(kernel.name, kernel.code, "", [], f"{error.id} [{place}] {error.message}", error.hint or "")
    notes = [note for one in found.combinations for note in one.notes if not note.startswith("shapes: ")]
    return Kernel(kernel.name, kernel.code, found.text(), notes, "", "")


KERNELS = kernels()
RUN = [one for one in KERNELS if one.statements and not one.name.startswith("bare_")]


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
def test_every_kernel_is_lifted_or_refused_as_it_says(kernel):
    assert lifted(kernel).said == kernel.said


def test_there_are_as_many_kernels_as_the_project_asks_for():
    assert len({one.name for one in KERNELS}) == len(KERNELS) >= 150
    assert sum(bool(one.statements) for one in KERNELS) >= 100


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
@pytest.mark.parametrize("kernel", RUN, ids=lambda kernel: kernel.name)
def test_a_lifted_kernel_computes_what_its_statements_do(kernel, tmp_path):
    code, statements = kernel.code, kernel.statements
    if kernel.name in SCALED:
        code, statements = (re.sub(*SCALED[kernel.name], text) for text in (code, statements))
    if kernel.name in STATIC:
        code = code.replace("static ", "")
    found = signature(code)
    if found.returns == "":
        pytest.skip("a struct is returned, which is not called here")
    library = compiled(found, tmp_path)
    step = max((int(note.split()[-3]) for note in kernel.notes if " % " in note), default=1)
    for seed, lengths in enumerate(tuple(step * n for n in row) for row in LENGTHS):
        rng = np.random.default_rng(seed)
        given = inputs(code, lengths, statements)
        values = {name: number_or_array(rng, one) for name, one in given.items()}
        before, after = called(found, library, values)
        names = {**before, **{name: np.array(rows) for name, rows in found.tables.items()}, "np": np}
        exec(statements, names)
        for result in {line.split(" ")[0].split("[")[0].split(".")[0] for line in statements.splitlines()}:
            if result not in after and re.search(rf"= .*\b{result}\b", statements):
                continue  # a temporary
            got, wanted = np.asarray(names[result], float), after[result]
            if result == "result" and (found.returns or "").endswith("*"):
                continue  # what a pointer reaches is seen by the next test
            np.testing.assert_allclose(
                got.ravel(), np.asarray(wanted, float).ravel(), rtol=1e-5, err_msg=f"{result} for {given}"
            )


def number_or_array(rng: np.random.Generator, given: object) -> object:
    if isinstance(given, int):
        return given
    return rng.integers(1, 6) if given == () else rng.integers(1, 7, given)


if __name__ == "__main__":  # rewrites the lines of every kernel: read the difference
    for file in sorted(FOLDER.glob("*.c")):
        head, *parts = file.read_text(encoding="utf-8").split("//// ")
        made = [head]
        for part in parts:
            name = part.split("\n", 1)[0]
            kernel = lifted(next(one for one in KERNELS if one.name == name))
            made.append(f"{name}\n{kernel.said}\n{kernel.code}")
        file.write_text("//// ".join(made), encoding="utf-8")
