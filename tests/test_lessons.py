"""The lesson notebooks: every cell runs, questions come before answers, and exercises tell right from wrong."""

import json
import re
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import einloop

ROOT = Path(einloop.__file__).parents[1]
EXAMPLES = ROOT / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))
sys.path.append(str(EXAMPLES))

from exercises import EXERCISES, OPEN, Einsum, Loops, grade  # noqa: E402


def cells_of(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def source(cell):
    return "".join(cell["source"])


def tags(cell):
    return cell["metadata"].get("tags", [])


def test_there_are_three():
    assert [path.name for path in NOTEBOOKS] == ["1_first_steps.ipynb", "2_two_operands.ipynb", "3_attention.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_what_running_it_adds(path):
    cells = cells_of(path)
    assert path.stat().st_size < 30_000
    assert len({cell["id"] for cell in cells}) == len(cells)
    for cell in cells:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
        assert len(source(cell).splitlines()) <= 20
        assert "http" not in source(cell)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_question_comes_before_what_answers_it(path):
    cells = cells_of(path)
    predicted = [number for number, cell in enumerate(cells) if "predict" in tags(cell)]
    assert len(predicted) >= 3
    for number in predicted:
        assert cells[number - 1]["cell_type"] == "markdown"
        assert "**Predict" in source(cells[number - 1])


def test_every_exercise_is_asked_once_and_checked_where_it_is_asked():
    asked = []
    for path in NOTEBOOKS:
        cells = cells_of(path)
        for number, cell in enumerate(cells):
            if "answer" in tags(cell):
                name = next(tag for tag in tags(cell) if tag != "answer")
                question, check = cells[number - 1], cells[number + 1]
                assert re.match(r"(\*\*\d\.|## Exercises)", source(question)), name
                assert source(cell) == "answer = ..."
                assert source(check) == f'grade("{name}", answer)'
                asked.append(name)
    assert sorted(asked) == sorted(EXERCISES)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    for cell in cells_of(path):
        for target in re.findall(r"\]\(([^)]+)\)", source(cell)) if cell["cell_type"] == "markdown" else ():
            assert (EXAMPLES / target).exists(), target


RIGHT = {
    "columns": ["ij->j", "ab->b", "yx->x", "i j -> j"],
    "cube": ["abc->ca", "ijk->ki"],
    "diagonal-total": ["ii->", "aa->"],
    "loops": [
        "J = A.shape[1]\nc = np.zeros(J)\nfor j in range(J):\n    for i in range(A.shape[0]):\n        c[j] += A[i, j]",
        "c = A.sum(axis=0)",
        "c = [0] * 3\nfor row in A:\n    for j in range(3):\n        c[j] = c[j] + row[j]",
    ],
    "row-sums": [(6, 15), [6, 15], (np.int64(6), np.int64(15))],
    "no-arrow": [(3, 2)],
    "kept": [(4, 10, 18), [4, 10, 18]],
    "times-vector": ["ij,j->i", "ij,j", "nm,m->n"],
    "row-by-row": ["ij,ij->i", "nd,nd->n"],
    "a-bt": ["ij,kj->ik"],
    "outer-3d": [(2, 3, 4)],
    "lonely": ["j", " J "],
    "repair": ["nd,md->nm", "ij,kj->ik"],
    "scores-shape": [(5, 3, 7, 9)],
    "one-score": [5, np.int64(5)],
    "mix": ["bhqk,bkhd->bqhd"],
    "project": ["bqhd,hdm->bqm"],
    "bimd": [(2, 3, 4, 5)],
}
WRONG = {
    "columns": ["ij->i", "ij->", "ij->ji", "ij->z", "ij", "jj->j", "ij,jk->j", "", 3, None, "np.sum(A)", ["ij->j"]],
    "cube": ["abc->ac", "abc->cb", "abc->", "abc->cab", "abc->ba"],
    "diagonal-total": ["ii->i", "ij->", "ij->i", "ij->ji"],
    "loops": [
        "c = A.sum(axis=1)",
        "for",
        "c = np.zeros(3)",
        "c = A",
        "",
        "c = np.zeros(3)\nfor i in range(2):\n    c = A[i]",
        "raise SystemExit",
        7,
    ],
    "row-sums": [(5, 7, 9), (6,), 21, "6, 15", (15, 6), None],
    "no-arrow": [(2, 3), 6, (3,)],
    "kept": [32, (4, 10), "4 10 18"],
    "times-vector": ["ij,i->j", "ij,j->j", "ij,k->i", "ij,j->ij", "ij->i"],
    "row-by-row": ["ij,ij->", "ij,kj->ik", "ij,ij->ij", "ij,ij->j", "ij,ik->i"],
    "a-bt": ["ij,jk->ik", "ij,kj->ki", "ij,kl->ik", "ij,kj->"],
    "outer-3d": [(2, 4), (2, 3), (4, 3, 2), 24],
    "lonely": ["i", "k", "ij", 1],
    "repair": ["nd,mc->nm", "nd,md->mn", "nd,md->n", "nd,md->nmd"],
    "scores-shape": [(5, 7, 3, 9), (5, 3, 7, 9, 2), (5, 3, 7)],
    "one-score": [3, 2, 6, 0, "5", 5.0],
    "mix": ["bhqk,bkhd->bhqd", "bhqk,bkhd->bqd", "bhqk,bqhd->bkhd", "bhqk,bkhd->bkhd"],
    "project": ["bqhd,hdm->bqhm", "bqhd,hdm->bm", "bqhd,hdm->mqb", "bqhd,dhm->bqm"],
    "bimd": [(2, 3, 4, 6), (2, 3, 4, 5, 6), (2, 3, 4)],
}


@pytest.mark.parametrize("name", EXERCISES)
def test_right_answers_are_accepted(name):
    for answer in RIGHT[name]:
        good, said = EXERCISES[name].reply(answer)
        assert good, (answer, said)
        assert said.startswith("Right")


@pytest.mark.parametrize("name", EXERCISES)
def test_wrong_answers_get_a_word_that_helps_and_does_not_give_it_away(name):
    exercise = EXERCISES[name]
    for answer in WRONG[name]:
        good, said = exercise.reply(answer)
        assert not good, answer
        assert len(said) > 20
        assert "Right" not in said
        if isinstance(exercise, Einsum | Loops) and exercise.answer != answer:
            assert exercise.answer not in said, answer
        elif not isinstance(exercise, Einsum | Loops) and not isinstance(exercise.answer, int | str):
            assert str(exercise.answer) not in said, answer


def test_an_exercise_that_is_open_says_so(capsys):
    grade("columns", ...)
    assert capsys.readouterr().out == f"{OPEN}\n"


@cache
def execute(path, tmp, *, answered=False):
    """Return the cells of a notebook with the outputs of running it, with right answers where `answered`."""
    client = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells if answered else ():
        for tag in tags(cell):
            if "answer" in tags(cell) and tag in RIGHT:
                cell.source = f"answer = {RIGHT[tag][0]!r}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("IPYTHONDIR", str(tmp))
        client.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    return notebook.cells


@pytest.fixture(scope="session")
def ipython(tmp_path_factory):
    return tmp_path_factory.mktemp("ipython")


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream" and output.name == "stdout")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_runs_and_shows_something(path, ipython):
    cells = execute(path, ipython)
    for cell in cells:
        if "check" in tags(cell):
            assert printed(cell) == f"{OPEN}\n"
        elif cell.cell_type == "code" and "answer" not in tags(cell):
            assert cell.outputs or "import numpy" in cell.source, cell.source
            assert not [one for one in cell.outputs if one.get("name") == "stderr"], cell.source
    shown = [one.get("data", {}) for cell in cells if cell.cell_type == "code" for one in cell.outputs]
    pages = "".join(data.get("text/html", "") for data in shown)
    assert "<iframe" in pages
    assert any("image/svg+xml" in data for data in shown)
    assert not re.findall(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", pages)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_right_answers_are_right_and_all_else_is_the_same_again(path, ipython):
    cells, before = execute(path, ipython, answered=True), execute(path, ipython)
    said = [printed(cell) for cell in cells if "check" in tags(cell)]
    assert len(said) >= 5
    assert all(one.startswith("Right") for one in said)
    for cell, other in zip(cells, before, strict=True):
        if cell.cell_type == "code" and not {"answer", "check"} & set(tags(cell)):
            shown, again = ([o.get("data", o.get("text")) for o in one.outputs] for one in (cell, other))
            assert shown == again, cell.source
