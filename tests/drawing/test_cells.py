"""Pictures of cells: one cell an element, and the lit ones are those that the loops read for the element shown."""

import random
from ast import literal_eval
from itertools import product

import numpy as np
import pytest
from overlaps import random_expression

import einloop
from einloop import cli
from einloop.core.drawing import Inscription, Look, Rectangle
from einloop.core.grid import GridAxis, array_grid, shown_places
from einloop.core.slide import CODE_SIZE


def cells(drawing, *looks):
    """Return the elements that are drawn in one of some looks."""
    return [shape.element for shape in drawing.shapes if isinstance(shape, Rectangle) and shape.look in looks]


def read(terms, output, names, sizes, at):
    """Return the elements that plain loops read for one element of the result, and that element."""
    summed = [label for label in sizes if label not in output]
    found = set()
    for places in product(*(range(sizes[label]) for label in summed)):
        along = {**dict(zip(output, at, strict=True)), **dict(zip(summed, places, strict=True))}
        for name, term in zip(names, terms, strict=True):
            found.add(f"{name}[{','.join(str(along[label]) for label in term)}]" if term else name)
    return found


def small_case(seed):
    """Return terms, an output and sizes of an expression that is drawn whole."""
    rng = random.Random(seed)
    labels = "ijkl"[: rng.randint(1, 4)]
    terms = [[rng.choice(labels) for _ in range(rng.randint(0, 3))] for _ in range(rng.randint(1, 3))]
    used = list(dict.fromkeys(label for term in terms for label in term))
    output = rng.sample(used, rng.randint(0, len(used)))
    return terms, output, {label: rng.randint(1, 3) for label in used}


@pytest.mark.parametrize("seed", range(40))
def test_lit_cells_are_those_that_the_loops_read(seed):
    terms, output, sizes = small_case(seed)
    names = [f"op{number}" for number in range(len(terms))]
    text = ",".join("".join(term) for term in terms) + "->" + "".join(output)
    at = tuple(random.Random(seed).randrange(sizes[label]) for label in output)
    shapes = [tuple(sizes[label] for label in term) for term in terms]
    drawing = einloop.draw(text, shapes=shapes, names=names, result="out", at=at)
    wanted = read(terms, output, names, sizes, at) | {f"out[{','.join(map(str, at))}]" if at else "out"}
    lit = cells(drawing, Look.LIT)
    assert set(lit) == wanted, text
    assert len(lit) == len(wanted)


@pytest.mark.parametrize("seed", range(40))
def test_every_element_has_one_cell(seed):
    terms, output, sizes = small_case(seed)
    names = [f"op{number}" for number in range(len(terms))]
    text = ",".join("".join(term) for term in terms) + "->" + "".join(output)
    shapes = [tuple(sizes[label] for label in term) for term in terms]
    drawing = einloop.draw(text, shapes=shapes, names=names, result="out")
    drawn = cells(drawing, Look.LIT, Look.CELL, Look.UNREAD)
    every = [
        f"{name}[{','.join(map(str, place))}]" if labels else name
        for name, labels in [*zip(names, terms, strict=True), ("out", output)]
        for place in product(*(range(sizes[label]) for label in labels))
    ]
    assert sorted(drawn) == sorted(every), text


def test_what_the_loops_never_read_looks_otherwise():
    drawing = einloop.draw("ii->i", shapes=[(2, 2)])
    assert cells(drawing, Look.UNREAD) == ["A[0,1]", "A[1,0]"]
    assert cells(einloop.draw("ij,j->i", shapes=[(1, 0), (0,)]), Look.LIT) == ["c[0]"]
    assert cells(einloop.draw("i,j->i", shapes=[(2,), (0,)]), Look.UNREAD) == ["a[0]", "a[1]"]


def test_numbers_say_which_elements_meet():
    drawing = einloop.draw("ij,jk->ik", shapes=[(2, 3), (3, 2)], at=(0, 1))
    numbers = [shape.text for shape in drawing.shapes if isinstance(shape, Inscription) and shape.look is Look.BADGE]
    assert numbers == ["1", "2", "3"] * 3  # in A, in B, above the sum


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("ij,jk->ik", {"shapes": [(2, 2), (2, 2)], "at": (0, 1)}, "C[0,1] = A[0,0]·B[0,1] + A[0,1]·B[1,1]"),
        ("i,j->ij", {"shapes": [(2,), (2,)]}, "C[1,1] = a[1]·b[1]"),
        ("ij->ji", {"shapes": [(2, 3)], "at": (2, 0)}, "C[2,0] = A[0,2]"),
        ("i->", {"shapes": [(0,)]}, "c = 0"),
        ("ij,ij->", {"shapes": [(2, 1), (2, 2)]}, "c = A[0,0]·B[0,0] + A[0,0]·B[0,1] + A[1,0]·B[1,0] + A[1,0]·B[1,1]"),
        ("y[i] = A[i,j]*x[j]/2 - b[i]", {"at": (1,)}, "y[1] = 0.5·(A[1,0]·x[0] + A[1,1]·x[1] + A[1,2]·x[2]) − b[1]"),
        ("y += 3 * np.einsum('i,i->i', a, b)", {"at": (0,)}, "y[0] += 3·a[0]·b[0]"),
        ("y -= np.einsum('ij->i', A) / n", {"at": (0,), "shapes": {"A": (3, 2)}}, "y[0] −= (A[0,0] + A[0,1]) / n"),
    ],
)
def test_the_sum_is_written_out(text, options, said):
    lines = [shape for shape in einloop.draw(text, **options).shapes if isinstance(shape, Inscription)]
    whole = " ".join(line.text for line in lines if line.size == CODE_SIZE and line.anchor == "start")
    assert whole.endswith(f" {said}")


def test_a_long_sum_says_how_much_it_leaves_out():
    drawing = einloop.draw("i,i->", shapes=[(1000,), (1000,)])
    words = [shape.text for shape in drawing.shapes if isinstance(shape, Inscription) and "·b[" in shape.text]
    assert words[-1] == "+ a[999]·b[999]"
    assert f"{1000 - len(words)} more terms follow." in drawing.show()


def test_of_a_long_axis_some_places_are_shown_with_what_is_left_out():
    drawing = einloop.draw("ij,jk->ik", shapes=[(2, 500), (500, 3)])
    gaps = [shape for shape in drawing.shapes if isinstance(shape, Inscription) and shape.text in "⋯⋮"]
    assert {shape.title for shape in gaps} == {"+490"}
    assert "A[1,499]" in cells(drawing, Look.LIT)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4), (2, 2, 3, 2), (2, 3, 2, 2, 3), (2, 1, 2, 2, 2, 2)])
def test_cells_of_one_array_do_not_overlap(shape):
    grid = array_grid(
        [GridAxis(name="ijklmn"[n], extent=size, shown=tuple(range(size))) for n, size in enumerate(shape)], 20
    )
    corners = {(round(cell.x, 3), round(cell.y, 3)) for cell in grid.cells}
    assert len(corners) == len(grid.cells)
    assert {cell.place for cell in grid.cells} == set(product(*map(range, shape)))
    for cell in grid.cells:
        assert 0 <= cell.x <= grid.width - 20 + 1e-9
        assert 0 <= cell.y <= grid.height - 20 + 1e-9
        near = [one for one in grid.cells if abs(one.x - cell.x) < 20 - 1e-6 and abs(one.y - cell.y) < 20 - 1e-6]
        assert near == [cell]


@pytest.mark.parametrize("extent", [0, 1, 2, 3, 5, 100])
def test_places_that_are_needed_are_shown(extent):
    for whole, some in ((12, 10), (4, 3), (3, 2), (2, 2), (2, 1)):
        for needed in range(extent):
            places = shown_places(extent, whole, some, {needed})
            assert needed in places
            assert len(places) == (extent if extent <= whole else some)
            assert list(places) == sorted(set(places))


def test_the_sizes_of_random_expressions_are_those_that_were_given():
    text, options = random_expression(3)
    assert "shapes" in options, text


@pytest.mark.parametrize("seed", range(30))
def test_lower_groups_of_slices_stand_under_those_above(seed):
    rng = random.Random(seed)
    lengths = [rng.choice((1, 1, 2, 3)) for _ in range(rng.randint(4, 6))]
    names = rng.sample(("a", "b", "c", "long_name", "longer_name", "e"), len(lengths))
    axes = [
        GridAxis(name=name, extent=extent, shown=tuple(range(extent)))
        for name, extent in zip(names, lengths, strict=True)
    ]
    grid = array_grid(axes, rng.choice((10, 14, 30)))
    across = range(len(lengths) - 1, -1, -2)
    columns = {}
    for cell in grid.cells:
        columns.setdefault(tuple(cell.place[axis] for axis in across), set()).add(cell.x)
    assert all(len(found) == 1 for found in columns.values()), (names, lengths)


def test_slices_of_six_arrays_stand_under_their_headers():
    drawing = einloop.draw("abcde,bcdef,cdefg,defgh,efghi,fghij->aj")
    for name in "ABCDEFG":
        columns = {}
        for shape in drawing.shapes:
            if isinstance(shape, Rectangle) and shape.element and shape.element.startswith(f"{name}["):
                place = literal_eval(shape.element[1:])
                columns.setdefault(tuple(place[::-2]), set()).add(shape.x)
        assert columns
        assert all(len(found) == 1 for found in columns.values()), name


def test_numbers_of_terms_are_not_taken_for_values_that_were_given(tmp_path, capsys):
    np.save(tmp_path / "a.npy", np.array([[100, 30], [5, 6]]))
    said = "Numbers count the terms; they are no values."

    def shown(text, arrays):
        assert cli.main(["draw", text, *["--load", str(tmp_path / "a.npy")] * arrays]) == 0
        return capsys.readouterr().out

    assert said in shown("ij,jk->ik", 2)
    assert said in shown("D[i,k] = A[i,j]*B[j,k] - C[i,k]", 3)
    assert said not in shown("ij,jk->ik", 0)
    assert said not in shown("ij->ji", 1)
