"""Steps of a trace as slides: a rectangle a cell, marked are those that the step reads and writes, nothing overlaps."""

import random
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from overlaps import BROWSER, estimated, measured, outside, overlapping, random_expression

import einloop
from einloop import cli
from einloop.core.drawing import Inscription, Look, Rectangle
from einloop.core.errors import EinloopError
from einloop.views.trace.sum import steps_of_sum

GOLDEN = Path(__file__).parent / "golden_steps"
PRODUCT = {"shapes": [(2, 3), (3, 2)]}
WRAP = [np.array([100, 100, 3], np.int8), np.array([1, 1, 2], np.int8)]
SVG = "{http://www.w3.org/2000/svg}"

CASES = {
    "product": (("ij,jk->ik",), PRODUCT, {"steps": 10}, "en", "light"),
    "product_ja": (("ij,jk->ik",), PRODUCT, {"steps": 10}, "ja", "dark"),
    "element": (("ij,jk->ik",), PRODUCT, {"at": (1, 0)}, "en", "auto"),
    "wraps": (("i,i->", *WRAP), {}, {"steps": 2}, "en", "light"),
    "symbols": (("ij,jk->ik",), {**PRODUCT, "symbolic": True}, {"steps": 10}, "en", "light"),
    "slices": (("bij,bjk->bik",), {"shapes": [(2, 2, 3), (2, 3, 2)]}, {"steps": 15}, "en", "light"),
    "total": (("ij,jk->ik",), {**PRODUCT, "style": "scalar"}, {"steps": 11}, "en", "light"),
    "large": (("ij,jk->ik",), {"shapes": [(400, 300), (300, 500)]}, {"steps": 30_000_000}, "en", "light"),
    "numbers": ((",->",), {}, {}, "en", "light"),
    "no_step": (("ij,jk->ik",), {"shapes": [(2, 0), (0, 2)]}, {}, "en", "light"),
    "sum": (("y[i] = A[i,j]*x[j]/2 - b[i]",), {}, {"steps": 5}, "en", "light"),
    "lists": (("ij,jk->ik",), {**PRODUCT, "style": "lists"}, {"steps": 1}, "en", "light"),
}


def drawn(name):
    arguments, options, asked, _, _ = CASES[name]
    return einloop.trace(*arguments, **options).draw(**asked)


def shown(name):
    _, _, _, lang, theme = CASES[name]
    return drawn(name).show(lang, theme)


def cells(drawing, *looks):
    """Return the elements that are drawn in one of some looks."""
    return [one.element for one in drawing.shapes if isinstance(one, Rectangle) and one.element and one.look in looks]


@pytest.mark.parametrize("name", CASES)
def test_slide(name, request):
    path, made = GOLDEN / f"{name}.svg", shown(name)
    if request.config.getoption("--update-golden"):
        same = path.exists() and path.read_text(encoding="utf-8") == made
        path.write_text(made, encoding="utf-8")
        pytest.fail(f"{path.name} {'stays' if same else 'is written anew'}")
    assert made == path.read_text(encoding="utf-8")


def test_every_file_is_a_case():
    assert {path.stem for path in GOLDEN.glob("*")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_slide_is_an_image_with_a_title_and_a_description(name):
    root = ElementTree.fromstring(shown(name))
    assert root.get("role") == "img"
    assert [one.tag for one in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == CASES[name][0][0]
    assert root[1].text
    assert min(float(text.get("font-size")) for text in root.iter(f"{SVG}text")) >= 14


def test_the_description_tells_the_step():
    described = ElementTree.fromstring(shown("product"))[1].text
    assert described == (
        "Step 10 of 12. The loops stand at i = 1, j = 1 and k = 1. Line 7 runs: C[i, k] += A[i, j] * B[j, k]. "
        "It reads A[1,1] = 5 and B[1,1] = 4. C[1,1] held 8 and now holds 28. So far 8 + 20 = 28. "
        "k turns fastest: it moves on to 1. The step before took B[1,0] with the same A[1,1]. "
        "Term 2 of 3 of C[1,1]. Next, j moves on to 2. Sizes and values that were not given are examples."
    )
    assert ElementTree.fromstring(shown("no_step"))[1].text == (
        "There is no step: nothing is added up. Sizes and values that were not given are examples."
    )


def small_case(seed):
    """Return an expression that is drawn whole, with the shapes of its operands and of its result."""
    rng = random.Random(seed)
    labels = "ijkl"[: rng.randint(1, 4)]
    terms = ["".join(rng.choice(labels) for _ in range(rng.randint(0, 3))) for _ in range(rng.randint(1, 3))]
    used = list(dict.fromkeys("".join(terms)))
    output = "".join(rng.sample(used, rng.randint(0, min(len(used), 3))))
    sizes = {label: rng.randint(1, 3) for label in used}
    shapes = [tuple(sizes[label] for label in term) for term in (*terms, output)]
    return f"{','.join(terms)}->{output}", shapes[:-1], shapes[-1]


def name_of(array, place):
    return f"{array}[{','.join(map(str, place))}]" if place else array


@pytest.mark.parametrize("style", ["article", "scalar", "lists"])
@pytest.mark.parametrize("seed", range(20))
def test_every_cell_has_a_rectangle_and_those_of_the_step_are_marked(seed, style):
    text, shapes, result = small_case(seed)
    names = [f"op{number}" for number in range(len(shapes))]
    trace = einloop.trace(text, shapes=shapes, names=names, result="out", style=style)
    step = trace.step(random.Random(seed).randint(1, trace.count))
    drawing = trace.draw(steps=step.number)
    every = [
        name_of(name, place)
        for name, shape in [*zip(names, shapes, strict=True), ("out", result)]
        for place in product(*map(range, shape))
    ]
    every += [array.name for array in trace.arrays if array.name not in (*names, "out")]
    marks = cells(drawing, Look.CELL, Look.UNREAD, Look.READ, Look.WRITTEN)
    assert sorted(marks) == sorted(every), text
    read = {str(cell) for term in step.terms for cell, _ in term.factors}
    assert set(cells(drawing, Look.READ)) == read - {str(step.target)}, text
    assert cells(drawing, Look.WRITTEN) == [str(step.target)]


def test_marks_have_signs_beside_their_colours():
    shapes = drawn("product").shapes
    corners = {(one.x, one.y) for one in shapes if isinstance(one, Rectangle) and one.look is Look.READ and one.element}
    dots = [one for one in shapes if isinstance(one, Rectangle) and one.look is Look.DOT]
    assert sum(any(0 < dot.x - x < 10 and 0 < dot.y - y < 10 for dot in dots) for x, y in corners) == 2
    written = next(one for one in shapes if isinstance(one, Rectangle) and one.element == "C[1,1]")
    rings = [one for one in shapes if isinstance(one, Rectangle) and one.look is Look.RING]
    assert any(written.x < ring.x < written.x + 10 and written.y < ring.y < written.y + 10 for ring in rings)
    said = [one.text for one in shapes if isinstance(one, Inscription) and one.look is Look.WRITTEN]
    assert said == ["8 →", "28"]


def test_the_arrow_of_a_flat_cell_stays_inside_its_ring():
    shapes = drawn("slices").shapes
    written = [one for one in shapes if isinstance(one, Inscription) and one.look is Look.WRITTEN]
    (ring,) = (one for one in shapes if isinstance(one, Rectangle) and one.look is Look.RING and one.width > 20)
    assert [one.text for one in written] == ["→121"]
    left, _, right, _ = written[0].box
    assert ring.x + 2 < left < right < ring.x + ring.width - 2


def test_a_cell_shows_what_it_holds_after_the_step():
    trace = einloop.trace("ij,jk->ik", np.arange(6).reshape(2, 3), -np.arange(6).reshape(3, 2))
    for step in trace.steps():
        titles = {one.element: one.title for one in trace.draw(steps=step.number).shapes if isinstance(one, Rectangle)}
        assert titles[str(step.target)] == f"{step.target} = {step.after}".replace("-", "−")
        for term in step.terms:
            assert all(titles[str(cell)] == f"{cell} = {value}".replace("-", "−") for cell, value in term.factors)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("product", ["C[1,1] = A[1,0]·B[0,1] + A[1,1]·B[1,1] + A[1,2]·B[2,1]", "= 4·2 + 5·4 + 6·6"]),
        ("wraps", ["c = a[0]·b[0] + a[1]·b[1] + a[2]·b[2]", "= 100·1 + 100·1 + 3·2"]),
        ("symbols", ["C[1,1] = A[1,0]·B[0,1] + A[1,1]·B[1,1] + A[1,2]·B[2,1]", "= d·h + e·j + f·l"]),
        ("numbers", ["c = a·b", "= 1·1 = 1"]),
        ("large", ["C[199,499] = 59701·500 + 59702·1000 + … + 59998·149000 + 59999·149500 + 60000·150000"]),
        (
            "sum",
            [
                "y[1] = −b[1] + 0.5·A[1,0]·x[0] + 0.5·A[1,1]·x[1] + 0.5·A[1,2]·x[2]",
                "= −2 + 0.5·4·1 + 0.5·5·2 + 0.5·6·3",
            ],
        ),
    ],
)
def test_the_sum_is_written_out(name, said):
    words = [one for one in drawn(name).shapes if isinstance(one, Inscription) and one.anchor == "start"]
    lines = {}
    for word in words:
        if word.size == 20 and word.y > 450:
            lines.setdefault(word.y, []).append(word.text)
    assert [" ".join(line) for line in lines.values()] == said


def test_a_wrapped_total_is_shown_as_it_is():
    assert "c = −56" in {one.title for one in drawn("wraps").shapes if isinstance(one, Rectangle)}
    assert "100 + 100 = −56 (int8)" in shown("wraps")
    assert "200 wraps around to −56." in ElementTree.fromstring(shown("wraps"))[1].text


def test_of_large_arrays_the_places_around_the_step_are_shown():
    drawing = drawn("large")
    assert set(cells(drawing, Look.READ)) == {"A[199,299]", "B[299,499]"}
    assert cells(drawing, Look.WRITTEN) == ["C[199,499]"]
    assert "A[198,298]" in cells(drawing, Look.CELL)
    gaps = {one.title for one in drawing.shapes if isinstance(one, Inscription) and one.text in "⋯⋮"}
    assert all(gap[0] == "+" and int(gap[1:]) > 100 for gap in gaps)
    assert len(gaps) >= 3
    assert "295 terms of the sum are left out." in drawing.show()


def test_the_line_that_runs_has_a_sign():
    drawing = drawn("total")
    sign = next(one for one in drawing.shapes if isinstance(one, Inscription) and one.text == "▶")
    beside = [one.text.strip() for one in drawing.shapes if isinstance(one, Inscription) and one.y == sign.y]
    assert "total += A[i, j] * B[j, k]" in beside


def test_several_steps_stand_one_under_another():
    trace = einloop.trace("ij,jk->ik", **PRODUCT)
    drawing = trace.draw(steps=(1, 3))
    assert (drawing.width, drawing.height, drawing.slides) == (1280, 2160, 3)
    assert ' viewBox="0 0 1280 2160" width="1280" height="2160"' in drawing.show()
    assert cells(drawing, Look.WRITTEN) == ["C[0,0]", "C[0,1]", "C[0,0]"]
    assert cells(trace.draw(at=(1, 0)), Look.WRITTEN) == ["C[1,0]"] * 3
    assert cells(trace.draw(at=(1, 0), steps=(1, 9)), Look.WRITTEN) == ["C[1,0]"] * 2
    assert cells(trace.draw(at=(1, 0), steps=(1, 6)), Look.WRITTEN) == []
    assert "None of these steps writes <tspan" in trace.draw(at=(1, 0), steps=(1, 6)).show()
    assert cells(trace.draw(), Look.WRITTEN) == ["C[0,0]"]


def test_slides_of_one_picture_are_of_one_size():
    trace = einloop.trace("y[i] = A[i,j]*x[j]/2 - b[i]", shapes={"A": (20, 30), "x": (30,), "b": (20,)})
    drawing = trace.draw(steps=(1, 12))
    assert drawing.height == 12 * 720
    assert overlapping(estimated(drawing)) == []


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_cases_have_room(name, lang):
    drawing = drawn(name)
    texts = estimated(drawing, lang)
    assert overlapping(texts) == []
    assert outside(texts, drawing.width, drawing.height) == []


def random_step(seed):
    """Return a step of a random expression as a picture, None where there is no trace of it."""
    text, options = random_expression(seed)
    rng = random.Random(seed)
    try:
        trace = einloop.trace(
            text, symbolic=rng.random() < 0.2, style=rng.choice(["article", "scalar", "lists"]), **options
        )
        return text, trace.draw(steps=rng.randint(1, trace.count) if trace.count else None)
    except EinloopError:
        return text, None


@pytest.mark.parametrize("seed", range(24))
def test_random_steps_have_room(seed):
    text, drawing = random_step(seed)
    if drawing is None:
        pytest.skip("no trace of this")
    for lang in ("en", "ja"):
        texts = estimated(drawing, lang)
        assert overlapping(texts) == [], text
        assert outside(texts, drawing.width, drawing.height) == [], text


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to measure pictures in")
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_browser_finds_no_overlap_and_no_small_text(lang, tmp_path):
    drawings = [drawn(name) for name in CASES]
    drawings += [found for found in (random_step(seed)[1] for seed in range(8)) if found is not None]
    found = measured([drawing.show(lang, "light") for drawing in drawings], tmp_path)
    assert len(found) == len(drawings)
    for drawing, picture in zip(drawings, found, strict=True):
        texts = [(one["text"], tuple(one["box"])) for one in picture["texts"]]
        assert len(texts) > 2
        assert overlapping(texts) == [], drawing.subject
        assert outside(texts, *picture["view"][2:]) == [], drawing.subject
        assert min(one["size"] for one in picture["texts"]) >= 14


HOSTILE = "<script>alert(1)</script> & \"'"


def test_nothing_of_a_person_is_taken_for_markup():
    trace = einloop.trace(f"np.einsum('ij,jk->ik', a, b)  # {HOSTILE}", **PRODUCT)
    root = ElementTree.fromstring(trace.draw().show())
    assert not [one for one in root.iter() if "script" in one.tag]
    assert HOSTILE in root[0].text
    long = einloop.trace("ij,jk->ik", names=["a" * 300, "größe"], result="結果" * 40, **PRODUCT).draw()
    ElementTree.fromstring(long.show())
    assert overlapping(estimated(long)) == []
    assert outside(estimated(long), long.width, long.height) == []


TOO_MANY = "error EL439: a picture has room for 12 steps, and these are {}\nhint: the first of them: --steps {}\n"
THEME = "error EL471: a theme is of a picture, and this is {}\nhint: leave {} out\n"
REFUSED = {
    "--format svg --steps 1-13": TOO_MANY.format("13 steps", "1-12"),
    "--format svg --at 0,0": TOO_MANY.format("more than 12 steps", "1-34"),
    "--format svg --steps 900": "error EL439: there is no step 900\nhint: the loops make 120 steps\n",
    "--format png": "error EL465: png is no text that could be printed\nhint: -o step.png\n",
    "--theme dark": THEME.format("text", "--theme"),
    "--theme dark --format html": THEME.format("html", "it"),
    "--theme pink --format svg": "error EL469: there is no theme 'pink'\nhint: one of auto, light, dark\n",
    "--story --format svg": "error EL473: --story is text or a page, and svg is neither\nhint: leave one out\n",
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_a_picture_has_no_room_for_is_refused(words, capsys):
    assert cli.main(["trace", "ij,jk->ik", "-s", "2x20", "-s", "20x3", *words.split()]) == 2
    assert capsys.readouterr().err == REFUSED[words]


def test_two_formats_are_refused(capsys):
    assert cli.main(["trace", "ij,jk->ik", "--json", "--format", "svg"]) == 2
    assert '"--json and --format svg are two formats"' in capsys.readouterr().out


def test_the_name_of_a_file_says_what_is_written(tmp_path, capsys):
    path = tmp_path / "step.svg"
    command = ["trace", "ij,jk->ik", "-s", "2x3", "-s", "3x2", "--steps", "10", "--theme", "light", "-o", str(path)]
    assert cli.main(command) == 0
    assert path.read_text(encoding="utf-8") == shown("product")
    trace = einloop.trace("ij,jk->ik", **PRODUCT)
    assert trace.show("svg", steps=10, theme="light") == shown("product")
    assert trace.draw(steps=10).image("svg", theme="light").decode() == shown("product")
    assert repr(trace.draw()) == "<steps 'ij,jk->ik'>"
    assert capsys.readouterr().out == ""


MANY = "abcde,bcdef,cdefg,defgh,efghi,fghij->aj"


def test_terms_left_out_are_all_that_the_sum_has_and_the_slide_has_not():
    drawing = einloop.trace(MANY).draw(steps=900)
    assert "20,153 terms of the sum are left out." in drawing.show()
    total = einloop.trace("ij,jk->ik", shapes=[(2, 3000), (3000, 2)], style="scalar").draw(steps=3005)
    assert "2,994 terms of the sum are left out." in total.show()


@pytest.mark.parametrize(
    ("style", "dtype"),
    [("article", None), ("article", "float16"), ("scalar", None), ("scalar", "float16"), ("lists", None)],
)
def test_steps_of_a_sum_are_counted_without_computing_them(style, dtype):
    trace = einloop.trace("ij,jk->ki", shapes=[(2, 5), (5, 3)], style=style, dtypes=dtype)
    steps = list(trace.steps())
    for step in steps:
        same = [one for one in steps if (one.target, one.begun) == (step.target, step.begun)]
        assert steps_of_sum(trace, step) == len(same), step.number


@pytest.mark.parametrize("step", [1, 900, 40_320])
def test_the_line_that_runs_is_whole(step):
    shapes = einloop.trace(MANY).draw(steps=step).shapes
    sign = next(one for one in shapes if isinstance(one, Inscription) and one.text == "▶")
    grounds = [one for one in shapes if isinstance(one, Rectangle) and one.look is Look.CHIP]
    lines = {
        one.y: one.text.strip()
        for one in shapes
        if isinstance(one, Inscription)
        and one != sign
        and any(g.y < one.y < g.y + g.height for g in grounds)
        and one.x < 400
        and one.size == sign.size
    }
    assert " ".join(lines[y] for y in sorted(lines)) == (
        "G[a, j] += (A[a, b, c, d, e] * B[b, c, d, e, f] * C[c, d, e, f, g]"
        " * D[d, e, f, g, h] * E[e, f, g, h, i] * F[f, g, h, i, j])"
    )
