"""`%einloop`: objects that show themselves, arrays of the notebook, refusals as a picture alone."""

import re

import numpy as np
import pytest

import einloop
from einloop.core.drawing import Drawing
from einloop.core.errors import EinloopError
from einloop.core.generated import Generated
from einloop.core.lifted import Lifted
from einloop.core.report import Report
from einloop.core.verification import Verification
from einloop.notebook.magics import run_line
from einloop.notebook.views import Views
from einloop.pipeline.traced import Trace
from in_notebook.shell import run_cells


class Shell:
    """What a line asks of IPython."""

    def __init__(self, **names):
        self.user_ns = names


A, B = np.arange(6).reshape(2, 3), np.arange(12).reshape(3, 4)


def look(line, **names):
    return run_line(Shell(**names), line)


RESULTS = {
    "ij,jk->ik": Generated,
    "ij,jk->ik --style scalar": Generated,
    "ij,jk->ik --show-stages": Report,
    "ij,jk->ik --explain": Report,
    "ij,jk->ik --check": Report,
    "ij,jk->ik --why --at 0,0 -s 2x3 -s 3x4": Report,
    "ij,jk->ik --draw": Drawing,
    "ij,jk->ik --trace": Trace,
    "ij->i --verify": Verification,
    "diff 'ij,jk->ik' 'ij,kj->ik'": Report,
    "find -s 4x4 -s 4 --result 4": Report,
    "lift C[i] += A[i,j] * b[j] --no-speed": Lifted,
    "ij,jk->ik --draw --explain": Views,
}


@pytest.mark.parametrize("line", RESULTS)
def test_the_value_is_what_shows_itself(line):
    assert type(look(line)) is RESULTS[line]


def test_loops_are_those_of_the_command_line_and_verify_themselves():
    found = look("ij,jk->ik --style scalar --comments")
    assert found.source == einloop.generate("ij,jk->ik", style="scalar", comments=True).source
    assert "verified against np.einsum: 48 cases equal" in found._repr_html_()


def test_pages_show_themselves_in_the_language_that_was_asked_for():
    report = look("explain ij->i --lang ja")
    assert '<div class="einloop" lang="ja">' in report._repr_html_()
    assert "総和" in str(report)
    assert "add up" in report.show("text", "en")
    assert 'xml:lang="ja"' in look("ij->i --draw --lang ja")._repr_svg_()
    assert '"lang":"ja"' in look("ij->i --trace --lang ja")._repr_html_().replace("&#34;", '"').replace("&quot;", '"')


def test_a_theme_holds_for_a_drawing_that_shows_itself():
    assert "prefers-color-scheme" not in look("ij->i --draw --theme dark").show()
    assert "prefers-color-scheme" in look("ij->i --draw").show()


def test_load_takes_arrays_of_the_notebook():
    found = look("ij,jk->ik --load A --load layers[0].T --why --at 1,0", A=A, layers=[B.T])
    assert found.facts["total"]["einsum"] == int((A @ B)[1, 0])
    named = look("ij,jk->ik --load B=A --load A=B.T --check", A=np.ones((3, 4)), B=np.ones((3, 2)))
    assert named.facts["findings"]["shape"] == [2, 4]


def test_load_takes_files_where_the_notebook_has_no_such_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("a.npy", A)
    for line in ("ij->i --load a.npy --why --at 1", "ij->i --load path --why --at 1"):
        assert look(line, path="a.npy").facts["total"]["einsum"] == 12


CALLS = {
    "why --at 1,1": "C[1,1] is 68",
    "check": "shape (2, 4)",
    "explain": "(2, 3)",
    "draw": "A[1,2]·B[2,2]",
    "trace": "of 24",
    "verify": "the arrays given among them",
}


@pytest.mark.parametrize("command", CALLS)
def test_a_call_is_looked_at_with_the_arrays_that_it_names(command):
    found = look(f"np.einsum('ij,jk->ik', A, B) --{command}", A=A, B=B)
    told = found.show() if command == "draw" else str(found)
    assert CALLS[command] in re.sub("<[^>]*>", "", told)


def test_a_call_whose_arrays_are_not_there_is_looked_at_without():
    found = look("np.einsum('ij,jk->ik', A, f(B)) --explain", A=A, B=B)
    assert "(I, J)" in str(found)


def test_nothing_is_called_to_find_arrays():
    def bad():
        raise AssertionError("called")

    assert "(I, J)" in str(look("np.einsum('ij->i', bad()) --explain", bad=bad))


@pytest.mark.parametrize("word", ["$expression", "{expression}"])
def test_the_text_of_a_variable(word):
    assert look(f"{word} --style scalar", expression="ij -> j").spec.subscripts == "ij->j"


def test_braces_of_a_formula_are_no_variables():
    found = look(r"y_i = \sum_j A_{ij} x_j", ij="oops", i="oops")
    assert found.spec.subscripts == "ij,j->i"


def test_formats_and_json_are_printed_as_by_the_command_line(capsys):
    assert look("ij->i --json") is None
    assert capsys.readouterr().out.startswith('{"source": ')
    assert look("explain ij->i --format latex") is None
    assert "\\" in capsys.readouterr().out
    assert look("trace ij->i --format json") is None
    assert capsys.readouterr().out.startswith('{"kind"')


def test_files_are_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    look("ij->i -o loops.py")
    look("draw ij->i -o picture.svg")
    look("trace ij->i -o trace.html")
    assert (tmp_path / "loops.py").read_text().startswith("I, J = A.shape")
    assert (tmp_path / "picture.svg").read_text().startswith("<svg")
    assert "<html" in (tmp_path / "trace.html").read_text()


def test_help_and_version_are_printed_and_end_nothing(capsys):
    assert look("trace --help") is None
    assert "usage: einloop trace" in capsys.readouterr().out
    assert look("--version") is None
    assert einloop.__version__ in capsys.readouterr().out


REFUSALS = {
    "ij,jk->iz": ("EL106", "  ij,jk->iz\n          ^"),
    "ij->i --styl x": ("EL400", "did you mean '--style'?"),
    "ij->i --lang xx": ("EL469", "'xx'"),
    "-": ("EL412", "standard input cannot be read: a notebook has none"),
    "lift -": ("EL412", "standard input cannot be read: a notebook has none"),
    "ij,jk->ik --load A --load A --check": ("EL205", "'j' is 3"),
    "ij->i --draw --at 9 -s 2x3": ("EL422", "out of range"),
    "ij->i 'oops": ("EL101", "ij->i 'oops"),
    "ij->i --load word --check": ("EL209", "word is an object"),
    "ij->i --trace --tui": ("EL", ""),
    "why": ("EL400", "EXPR"),
}


@pytest.mark.parametrize("line", REFUSALS)
def test_a_refusal_is_its_picture_alone(line):
    id, said = REFUSALS[line]
    with pytest.raises(EinloopError) as caught:
        look(line, A=A, word=object())
    error = caught.value
    assert error.id.startswith(id)
    assert said in str(error)
    assert error._render_traceback_() == [str(error)]
    assert error.__cause__ is None


def test_a_refusal_in_another_language():
    with pytest.raises(EinloopError) as caught:
        look("ij,jk->iz --lang ja")
    (shown,) = caught.value._render_traceback_()
    assert shown.startswith("エラー EL106")


def test_views_are_one_that_shows_all():
    found = look("ij->i --draw --explain")
    assert [type(one) for one in found] == [Drawing, Report]
    assert len(found) == 2
    assert found[1].kind == "explain"
    page = found._repr_html_()
    assert page.index("data:image/svg+xml;base64,") < page.index('<div class="einloop"')
    assert str(found).startswith("<cells 'ij->i'>\n\nij->i")


def test_in_ipython():
    loops, again, assigned, shown, refused, stopped, help = run_cells(
        "%einloop ij,jk->ik",
        "_",
        "found = %einloop explain ij->i",
        "found",
        "%einloop ij,jk->iz",
        "for x in 'ab':\n    %einloop ij->z\n    print('after')",
        "%einloop",
    )
    assert loops.out.startswith("Out[2]: \nI, J = A.shape")
    assert again.value == loops.value == "<python article snippet for 'ij,jk->ik'>"
    assert assigned.out == ""
    assert shown.value.startswith("<explain 'ij->i': meaning")
    assert not refused.good
    assert refused.out == (
        "error EL106: output index 'z' is in no operand (they offer i, j, k)\n  ij,jk->iz\n          ^\n"
        "hint: was 'k' meant? 'ij,jk->ik' is legal\n"
    )
    assert "after" not in stopped.out
    assert help.out.startswith("Look at an einsum")


def test_unloading_takes_the_magics_away():
    (gone,) = run_cells("%unload_ext einloop\n%einloop ij->i")
    assert not gone.good
    assert "not found" in gone.err + gone.out


def test_completion():
    names, options, values, kinds = (
        one.value
        for one in run_cells(
            "get_ipython().complete('ex', '%einloop ex')[1]",
            "get_ipython().complete('--sty', '%einloop ij->i --sty')[1]",
            "get_ipython().complete('j', '%einloop explain ij->i --lang j')[1]",
            "get_ipython().complete('', '%einloop ij->i --draw --kind ')[1]",
        )
    )
    assert "'explain'" in names
    assert "'--style'" in options
    assert "'ja'" in values
    assert "'network'" in kinds
