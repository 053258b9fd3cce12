"""Pictures of stages: which cells there are, which are lit, and that nothing overlaps."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from overlaps import BROWSER, estimated, measured, outside, overlapping, random_expression

import einloop
from einloop.core.drawing import Look, Rectangle
from einloop.core.errors import EinloopError

GOLDEN = Path(__file__).parent / "stages"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
WIDE = {
    "a chain of three": "ij,jk,kl->il",
    "attention": "bqhd,bkhd->bhqk",
    "six of rank 5, all alike": "abcde,abcde,abcde,abcde,abcde,abcde->abcde",
    "six of rank 5, none alike": ",".join(LETTERS[5 * n : 5 * n + 5] for n in range(6)) + "->" + "",
    "diagonals": "aabb,bbcc,ccdd,ddee,eeff,ffaa->abc",
    "a chain of 20": ",".join(LETTERS[n : n + 2] for n in range(20)) + "->au",
    "forty scalars": "," * 39 + "->",
}
CASES = {
    "product": ("ij,jk->ik", {"shapes": [(2, 3), (3, 2)]}, "en", "light"),
    "diagonal": ("iij,jk->ki", {"shapes": [(3, 3, 2), (2, 4)]}, "en", "light"),
    "scores": ("bimd,bind->bimn", {"shapes": [(2, 1, 2, 3), (2, 1, 3, 3)]}, "ja", "dark"),
    "view": ("ij->ji", {}, "en", "auto"),
}


def cells(drawing):
    """Return the look of every element that is shown, by its name."""
    return {shape.element: shape.look for shape in drawing.shapes if isinstance(shape, Rectangle) and shape.element}


@pytest.mark.parametrize("name", CASES)
def test_picture(name, request):
    expression, options, lang, theme = CASES[name]
    path, made = GOLDEN / f"{name}.svg", einloop.draw(expression, kind="stages", **options).show(lang, theme)
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(made, encoding="utf-8")
        pytest.fail(f"{path.name} is written anew")
    assert made == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "shapes"),
    [("ij,jk->ik", [(2, 3), (3, 2)]), ("iij,jk->ki", [(2, 2, 3), (3, 2)]), ("ij,i->j", [(1, 3), (4,)])],
)
def test_what_is_lit_makes_the_element(text, shapes):
    """Of every array the lit cells are those that change the element of the result when they change."""
    spec_arrays = [np.arange(1, 1 + int(np.prod(shape))).reshape(shape) for shape in shapes]
    at = (1, 0) if text != "ij,i->j" else (2,)
    drawing = einloop.draw(text, kind="stages", at=at, shapes=shapes)
    looks = cells(drawing)
    for number, array in enumerate(spec_arrays):
        name = "AB"[number] if array.ndim > 1 else "b"
        for place in np.ndindex(array.shape):
            changed = [one.copy() for one in spec_arrays]
            changed[number][place] += 1
            needed = np.einsum(text, *changed)[at] != np.einsum(text, *spec_arrays)[at]
            assert (looks[f"{name}[{','.join(map(str, place))}]"] is Look.LIT) == needed, (name, place)
    lit = [element for element, look in looks.items() if look is Look.LIT]
    assert f"{'c' if len(at) == 1 else 'C'}[{','.join(map(str, at))}]" in lit


def test_values_stand_in_the_cells_and_codes_above():
    drawing = einloop.draw("ij,j->i", kind="stages", shapes=[(2, 2), (2,)])
    texts = [text for text, _ in estimated(drawing)]
    assert {"A", "b", "b1 = b[None, :]", "P = A * b1", "c = P.sum(axis=1)"} <= set(texts)
    assert texts.count("11") == 1  # 3·1 + 4·2


@pytest.mark.parametrize("name", WIDE)
def test_nothing_overlaps(name):
    drawing = einloop.draw(WIDE[name], kind="stages")
    for lang in ("en", "ja"):
        texts = estimated(drawing, lang)
        assert overlapping(texts) == []
        assert outside(texts, drawing.width, drawing.height) == []
    assert drawing.width / drawing.height == pytest.approx(16 / 9, rel=0.01)


@pytest.mark.parametrize("seed", range(15))
def test_random_expressions_have_room(seed):
    text, options = random_expression(seed)
    drawing = einloop.draw(text, kind="stages", **options)
    for lang in ("en", "ja"):
        texts = estimated(drawing, lang)
        assert overlapping(texts) == [], text
        assert outside(texts, drawing.width, drawing.height) == [], text


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to measure pictures in")
def test_a_browser_finds_no_overlap_and_no_small_text(tmp_path):
    cases = [random_expression(seed) for seed in range(8)] + [(text, {}) for text in WIDE.values()]
    drawings = [einloop.draw(text, kind="stages", **options) for text, options in cases]
    found = measured([drawing.show("en", "light") for drawing in drawings], tmp_path)
    for drawing, picture in zip(drawings, found, strict=True):
        texts = [(one["text"], tuple(one["box"])) for one in picture["texts"]]
        assert overlapping(texts) == [], drawing.subject
        assert outside(texts, *picture["view"][2:]) == [], drawing.subject
        assert min(one["size"] for one in picture["texts"]) >= 14


def test_without_cells_nothing_is_said_to_be_highlighted():
    said = [message.id for message in einloop.draw(WIDE["six of rank 5, none alike"], kind="stages").description]
    assert "draw.no_cells" in said
    assert "draw.element" not in said
    assert "draw.element" in [message.id for message in einloop.draw("ij,jk->ik", kind="stages").description]


@pytest.mark.parametrize(
    ("text", "shapes", "why"),
    [
        ("ij,jk->ik", [(2, 3), (3, 2)], set()),
        ("bimd,bind->bimn", [(2, 3, 4, 5), (2, 3, 6, 5)], {"draw.no_values"}),
        ("ij,jk->ik", [(50, 50), (50, 50)], {"draw.values_unknown"}),
    ],
)
def test_cells_without_values_say_why(text, shapes, why):
    drawing = einloop.draw(text, kind="stages", shapes=shapes)
    assert {message.id for message in drawing.description} & {"draw.no_values", "draw.values_unknown"} == why
    assert ("room for values" in drawing.show()) == ("draw.no_values" in why)


def test_sums_and_paths_are_refused():
    with pytest.raises(EinloopError) as caught:
        einloop.draw("y[i] = A[i,j]*x[j] + b[i]", kind="stages")
    assert (caught.value.id, caught.value.message) == (
        "EL436", "stages are drawn of a single einsum, which this is not",
    )  # fmt: skip
    with pytest.raises(EinloopError) as caught:
        einloop.draw("ij,jk,kl->il", kind="stages", path="auto")
    assert caught.value.id == "EL471"


def test_huge_lengths_are_drawn_at_once():
    for text, shapes in [("i,i->i", [(2**62,), (1,)]), ("ij,jk->ik", [(2**31, 2**31), (2**31, 5)])]:
        assert overlapping(estimated(einloop.draw(text, kind="stages", shapes=shapes))) == []


def test_a_picture_is_the_same_at_every_call():
    made = [einloop.draw("ij,jk->ik", kind="stages").show() for _ in range(2)]
    assert made[0] == made[1]
    assert re.search(r"<title", made[0])
