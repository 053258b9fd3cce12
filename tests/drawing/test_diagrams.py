"""The tensor diagram, the contraction tree and the axes: what is joined with what."""

import re

import pytest

import einloop
from einloop.analysis.draw.curves import along
from einloop.core.drawing import Inscription, Look, Rectangle, Stroke


def parts(drawing, kind, *looks):
    return [shape for shape in drawing.shapes if isinstance(shape, kind) and shape.look in looks]


NETWORKS = {
    # expression: lines, dots
    "ij,jk->ik": (3, 0),
    "ij,jk,kl->il": (4, 0),
    "ii->": (1, 0),
    "ij->i": (2, 1),
    "ii->i": (3, 1),
    "bij,bjk->bik": (6, 1),
    "i,i,i->": (3, 1),
    "i,i->i": (3, 1),
    "i,j->ij": (2, 0),
    "->": (0, 0),
    "iii->": (3, 1),
    "ab,ab->": (2, 0),
    "...i,...i->...": (4, 1),
}


@pytest.mark.parametrize("text", NETWORKS)
def test_an_index_is_a_line_a_leg_or_a_dot_with_legs(text):
    drawing = einloop.draw(text, kind="network")
    lines, dots = NETWORKS[text]
    nodes = parts(drawing, Rectangle, Look.NODE)
    assert len(nodes) == text.split("->")[0].count(",") + 1
    assert len(parts(drawing, Stroke, Look.LINE)) == lines
    assert len(parts(drawing, Rectangle, Look.DOT)) == dots


def test_every_index_has_its_name_once_in_the_diagram():
    drawing = einloop.draw("bqhd,bkhd->bhqk", kind="network", sizes={"b": 2, "q": 5, "k": 6, "h": 3, "d": 4})
    labels = sorted(shape.text for shape in drawing.shapes if isinstance(shape, Inscription) and shape.text[1:2] == " ")
    assert labels == ["b 2", "d 4", "h 3", "k 6", "q 5"]


def test_the_tree_has_the_steps_of_the_path_with_what_they_cost():
    shapes = [(10, 100), (100, 5), (5, 50), (50, 1)]
    drawing = einloop.draw("ij,jk,kl,lm->im", kind="path", shapes=shapes)
    texts = [shape.text for shape in drawing.shapes if isinstance(shape, Inscription)]
    steps = einloop.explain("ij,jk,kl,lm->im", shapes=shapes).facts["steps"]["steps"]
    assert [text for text in texts if " = " in text] == [step["computes"] for step in steps]
    svg = drawing.show()
    for step in steps:
        assert f"{step['iterations']:,} iterations" in svg
    assert "1,750 iterations along this path, 250,000 in one nest of loops: 143 times fewer." in svg


@pytest.mark.parametrize(
    ("path", "first"),
    [("(0, 1),(0, 1)", "T1[i,k] = Σ_j A[i,j] · B[j,k]"), ("(1, 2),(0, 1)", "T1[j,l] = Σ_k B[j,k] · C[k,l]")],
)
def test_the_tree_is_that_of_the_path_that_is_given(path, first):
    drawing = einloop.draw("ij,jk,kl->il", kind="path", path=path)
    texts = [shape.text for shape in drawing.shapes if isinstance(shape, Inscription)]
    assert first in texts


def test_a_path_of_a_pasted_call_is_drawn():
    text = "np.einsum('ij,jk,kl->il', a, b, c, optimize=['einsum_path', (0, 1), (0, 1)])"
    texts = [shape.text for shape in einloop.draw(text, kind="path").shapes if isinstance(shape, Inscription)]
    assert "T1[i,k] = Σ_j a[i,j] · b[j,k]" in texts


@pytest.mark.parametrize(
    ("text", "lines"),
    [("ij,jk->ik", 4), ("bqhd,bkhd->bhqk", 8), ("ii->i", 2), ("->", 0), ("y[i] = A[i,j]*x[j] - b[i]*c[k]", 5)],
)
def test_every_axis_has_a_line_to_where_it_goes(text, lines):
    drawing = einloop.draw(text, kind="axes")
    strokes = parts(drawing, Stroke, Look.LINE)
    assert len(strokes) == lines
    chips = {
        (round(chip.x), round(chip.y + chip.height / 2)): chip.colour for chip in parts(drawing, Rectangle, Look.CHIP)
    }
    for stroke in strokes:
        (_, y), (x2, y2) = stroke.points[0], stroke.points[-1]
        assert chips[round(x2), round(y2)] == stroke.colour
        assert any(colour == stroke.colour and place[1] == round(y) for place, colour in chips.items())


def covered(drawing):
    """Return how many lines pass below a name of an index that is not theirs."""
    grounds = [one for one in drawing.shapes if isinstance(one, Rectangle) and one.look is Look.BACK]
    lines = [one for one in drawing.shapes if isinstance(one, Stroke)]
    names = {
        (ground.x, ground.y): next(
            text.pieces[0][1]
            for text in drawing.shapes
            if isinstance(text, Inscription)
            and ground.x < text.x < ground.x + ground.width
            and ground.y < text.y < ground.y + ground.height
        )
        for ground in grounds
    }
    return [
        (line.colour, names[ground.x, ground.y])
        for line in lines
        for ground in grounds
        if line.colour != names[ground.x, ground.y]
        and any(
            ground.x < x < ground.x + ground.width and ground.y < y < ground.y + ground.height
            for x, y in (along(line.points, part / 400) for part in range(401))
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "abcde,bcdef,cdefg,defgh,efghi,fghij->aj",
        "abc,bcd,cda,dab->abcd",
        "ab,bc,cd,da->",
        "bqhd,bkhd->bhqk",
        "ij,ij,ij->ij",
        "ab,cd,ac,bd->abcd",
        "abcd,efgh,ae,bf,cg,dh->",
    ],
)
def test_names_do_not_stand_on_lines_of_others(text):
    assert covered(einloop.draw(text, kind="network")) == []


def test_a_diagram_says_in_which_order_the_result_has_its_axes():
    assert "The axes of C are i and k, in this order." in str(plain("ij,jk->ik"))
    assert "The axes of C are k and i, in this order." in str(plain("ij,jk->ki"))
    assert "in this order" not in str(plain("ij,j->i"))


def plain(text):
    """Return the words of a diagram without their marks."""
    return re.sub("<[^>]*>", "", einloop.draw(text, kind="network").show())
