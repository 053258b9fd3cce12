"""Nothing overlaps and nothing leaves the picture: by the tables of widths, and as a browser measures it."""

import pytest
from overlaps import BROWSER, estimated, measured, outside, overlapping, random_expression

import einloop
from einloop.core.drawing import Inscription, Look, Rectangle

KINDS = ("cells", "network", "path", "axes")
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
WIDEST = {
    "six of rank 5, all alike": "abcde,abcde,abcde,abcde,abcde,abcde->abcde",
    "six of rank 5, none alike": ",".join(LETTERS[5 * n : 5 * n + 5] for n in range(6)) + "->" + "",
    "six of rank 5, in a ring": "abfgh,bciuj,cdklm,denop,efqrs,fatvw->gilnq",
    "diagonals": "aabb,bbcc,ccdd,ddee,eeff,ffaa->abc",
    "batches": "abcdk,abckl,abclm,abcmn,abcno,abcop->abcdp",
}
MANY = {
    "a chain of 20": ",".join(LETTERS[n : n + 2] for n in range(20)) + "->au",
    "forty scalars": "," * 39 + "->",
    "twelve of rank 3": ",".join(LETTERS[n : n + 3] for n in range(12)) + "->a",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", WIDEST)
def test_six_operands_of_rank_5_have_room_on_a_slide(name, kind):
    drawing = einloop.draw(WIDEST[name], kind=kind)
    texts = estimated(drawing)
    assert (drawing.width, drawing.height) == (1280, 720)
    assert overlapping(texts) == []
    assert outside(texts, drawing.width, drawing.height) == []


@pytest.mark.parametrize(
    ("text", "options", "wide"),
    [
        ("ij,jk->ik", {"kind": "network"}, 960),
        ("ij,jk->ik", {"kind": "path"}, 960),
        (",->", {}, 960),
        ("i,i->", {"shapes": [(4,), (4,)]}, 960),
        ("i,i->", {"shapes": [(5,), (5,)]}, 1280),
        ("ij,jk,kl->il", {"kind": "network"}, 1280),
        ("ij,jk->ik", {"kind": "network", "names": ["a_rather_long_name", "another_long_name"]}, 1280),
    ],
)
def test_few_things_are_large_on_a_slide(text, options, wide):
    drawing = einloop.draw(text, **options)
    assert drawing.width == wide
    for lang in ("en", "ja"):
        texts = estimated(drawing, lang)
        assert overlapping(texts) == []
        assert outside(texts, drawing.width, drawing.height) == []
    assert 'width="1280" height="720"' in drawing.show()


def test_the_letters_of_thirty_axes_are_inside_their_boxes():
    shapes = einloop.draw(f"{LETTERS[:30]}->", kind="axes").shapes
    boxes = {one.y: one for one in shapes if isinstance(one, Rectangle) and one.look is Look.CHIP}
    letters = [one for one in shapes if isinstance(one, Inscription) and one.text in LETTERS and one.anchor == "start"]
    assert len(letters) >= 60
    for letter in letters:
        assert any(box.y < letter.y - 0.75 * letter.size < letter.y + 3 < box.y + box.height for box in boxes.values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(15))
def test_random_expressions_have_room(seed, kind):
    text, options = random_expression(seed)
    drawing = einloop.draw(text, kind=kind, **options)
    for lang in ("en", "ja"):
        texts = estimated(drawing, lang)
        assert overlapping(texts) == [], text
        assert outside(texts, drawing.width, drawing.height) == [], text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", MANY)
def test_more_operands_are_smaller_on_a_slide(name, kind):
    drawing = einloop.draw(MANY[name], kind=kind)
    texts = estimated(drawing)
    assert drawing.width / drawing.height == pytest.approx(16 / 9, rel=0.01)
    assert drawing.width <= 8 * 1280
    assert overlapping(texts) == []
    assert outside(texts, drawing.width, drawing.height) == []


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to measure pictures in")
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_browser_finds_no_overlap_and_no_small_text(lang, tmp_path):
    few = [("ij,jk->ik", {}), (",->", {}), ("i,i->", {"shapes": [(2,), (2,)]})]
    cases = [random_expression(seed) for seed in range(6)] + [(text, {}) for text in WIDEST.values()] + few
    drawings = [einloop.draw(text, kind=kind, **options) for text, options in cases for kind in KINDS]
    found = measured([drawing.show(lang, "light") for drawing in drawings], tmp_path)
    assert len(found) == len(drawings)
    for drawing, picture in zip(drawings, found, strict=True):
        texts = [(one["text"], tuple(one["box"])) for one in picture["texts"]]
        assert len(texts) > 2
        assert overlapping(texts) == [], drawing.subject
        assert outside(texts, *picture["view"][2:]) == [], drawing.subject
        assert min(one["size"] for one in picture["texts"]) >= 14


@pytest.mark.parametrize("kind", KINDS)
def test_huge_lengths_are_drawn_at_once(kind):
    for text, shapes in [("i,i->i", [(2**62,), (1,)]), ("ij,jk->ik", [(2**31, 2**31), (2**31, 5)])]:
        drawing = einloop.draw(text, kind=kind, shapes=shapes)
        assert overlapping(estimated(drawing)) == []


def test_an_overlap_would_be_found():
    one, other = ("a", (0.0, 0.0, 10.0, 10.0)), ("b", (8.0, 8.0, 20.0, 20.0))
    assert overlapping([one, other]) == [("b", "a")]
    assert outside([other], 15, 30) == ["b"]
