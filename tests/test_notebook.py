"""What IPython and notebooks show: results as pages, refusals in one frame. The kernel's tests need Jupyter."""

import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

import einloop
from einloop.core.errors import EinloopError
from einloop.core.generated import Generated
from einloop.core.shown import callers
from einloop.core.verification import Verification
from einloop.pipeline import notebook
from einloop.pipeline.expression import read_spec
from einloop.pipeline.show import generate

ROOT = Path(einloop.__file__).parents[1]
MATMUL = "ij,jk->ik"


class Printer:
    """IPython's printer, as far as results ask it; `stack` holds what is being printed."""

    def __init__(self, *around):
        self.stack, self.said = [*around, None], ""

    def text(self, text):
        self.said += text


RESULTS = {
    "generated": lambda: einloop.generate(MATMUL),
    "verification": lambda: einloop.verify(MATMUL),
    "mismatch": lambda: einloop.verify("ij->i", source="r = A.sum(axis=0)"),
    "explain": lambda: einloop.explain(MATMUL),
    "check": lambda: einloop.check("ij,kl->il"),
    "diff": lambda: einloop.diff(MATMUL, "ij,jk->ki"),
    "why": lambda: einloop.why(MATMUL, at=(0, 0), shapes=[(2, 3), (3, 4)]),
    "stages": lambda: einloop.stages("ij->i", schedule="accumulate"),
}


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_shows_itself(name):
    result = RESULTS[name]()
    assert result._repr_html_().lstrip().startswith('<div class="einloop" lang="en">')
    alone, inside = Printer(), Printer([])
    result._repr_pretty_(alone, False)
    result._repr_pretty_(inside, False)
    assert alone.said == str(result)
    assert inside.said == repr(result)


def test_loops_have_the_colours_of_their_indices_and_a_verdict():
    page = einloop.generate(MATMUL)._repr_html_()
    subject, loops = re.findall(r"<code>(.*?)</code>", page, re.DOTALL)
    colours = {word: number for number, word in re.findall(r'class="(i\d)"[^>]*>(\w+)<', loops)}
    assert colours == {"i": "i0", "I": "i0", "j": "i1", "J": "i1", "k": "i2", "K": "i2"}
    assert re.findall(r'class="(i\d)"', subject) == ["i0", "i1", "i1", "i2", "i0", "i2"]
    assert '<p class="good">verified against np.einsum: 48 cases equal' in page


def test_a_mismatch_is_told_whole():
    page = einloop.verify("ij->i", source="r = A.sum(axis=0)")._repr_html_()
    assert '<p class="bad">MISMATCH with np.einsum(&#39;ij-&gt;i&#39;)' in page
    assert "1 | r = A.sum(axis=0)" in page


def test_notes_stand_with_the_loops():
    page = einloop.generate("np.einsum('ij->i', a, optimize=True)")._repr_html_()
    assert '<p class="note">note: ' in page


def test_loops_that_cannot_be_run_say_why(monkeypatch):
    def refuse(*_, **__):
        raise EinloopError("EL620", "the child <b> did not answer")

    monkeypatch.setattr("einloop.pipeline.verify.verify", refuse)
    page = notebook.loops_page(einloop.generate(MATMUL))
    assert '<p class="bad">not verified: error EL620: the child &lt;b&gt; did not answer</p>' in page


def test_what_the_pipeline_made_for_itself_has_no_page():
    spec = read_spec(MATMUL, einloop.core.options.Options())
    generated = generate(spec, einloop.core.options.Options())
    assert isinstance(generated, Generated)
    assert generated._repr_html_() is None
    assert Verification(subscripts="", cases=(), seed=0, contract="")._repr_html_() is None


def test_results_still_pickle():
    found = pickle.loads(pickle.dumps(einloop.verify(MATMUL)))
    assert found
    assert "verified" in found._repr_html_()


def test_the_frames_of_a_refusal_are_those_of_the_caller():
    def mine():
        einloop.generate("ij,jk->iz")

    with pytest.raises(EinloopError) as caught:
        mine()
    trace, names = callers(caught.value.__traceback__), []
    while trace is not None:
        names.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    assert names == ["test_the_frames_of_a_refusal_are_those_of_the_caller", "mine"]


def test_an_error_without_frames_is_its_picture():
    error = EinloopError("EL000", "mine", hint="no")
    assert error._render_traceback_() == ["EinloopError: error EL000: mine\nhint: no"]


def test_an_error_that_somebody_else_raises_keeps_its_frames():
    with pytest.raises(EinloopError) as caught:
        raise EinloopError("EL000", "mine")
    assert callers(caught.value.__traceback__) is not None
    assert callers(None) is None


TERMINAL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="{colors}")
shell.run_cell("import einloop")
for cell in {cells!r}:
    shell.run_cell(cell)
    print("====")
"""


def in_ipython(*cells, colors="nocolor"):
    """Return what an IPython shell prints for each of the cells."""
    code = TERMINAL.format(cells=cells, colors=colors)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    return done.stdout.split("====\n")


def test_a_refusal_in_ipython_is_one_frame_and_the_caret():
    pytest.importorskip("IPython")
    said, shapes, shown, nested = in_ipython(
        "einloop.generate('ij,jk->iz')",
        "def f():\n    return einloop.explain('ij,jk->ik', shapes=[(2, 3), (4, 4)])\nf()",
        "einloop.generate('ij->i')",
        "[einloop.generate('ij->i')]",
    )[:4]
    modes = in_ipython("%xmode Minimal", "einloop.explain('i->z')", "%xmode Plain", "einloop.explain('i->z')")
    assert modes[1].startswith("NotationError: error EL106: ")
    assert "einloop/" not in modes[3]
    assert said.count("---->") + said.count("--> ") <= 2
    assert said.count("line 1") == 1
    assert "einloop/" not in said
    assert said.endswith("  ij,jk->iz\n          ^\nhint: was 'k' meant? 'ij,jk->ik' is legal\n")
    assert "in f()" in shapes
    assert "einloop/" not in shapes
    assert shapes.endswith("  ij,jk->ik\n   ^ ^\n")
    assert "for i in range(I):" in shown
    assert "[<python article snippet for 'ij->i'>]" in nested


def test_a_notebook_shows_pages_and_frames(tmp_path, monkeypatch):
    for module in ("ipykernel", "nbformat"):
        pytest.importorskip(module)
    exporters, client = pytest.importorskip("nbconvert"), pytest.importorskip("nbclient")
    from nbformat.v4 import new_code_cell, new_notebook

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    cells = [
        "import einloop",
        f"einloop.generate({MATMUL!r})",
        f"einloop.explain({MATMUL!r})",
        "einloop.explain('i->z')",
    ]
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    client.NotebookClient(notebook, timeout=120, allow_errors=True).execute()
    loops, page, refusal = (cell.outputs[0] for cell in notebook.cells[1:])
    assert "verified against np.einsum" in loops.data["text/html"]
    assert loops.data["text/plain"].startswith("I, J = A.shape\n")
    assert "<table>" in page.data["text/html"]
    plain = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(refusal.traceback))
    assert plain.count("Cell In") == 1
    assert "einloop/" not in plain
    whole, _ = exporters.HTMLExporter(template_name="lab").from_notebook_node(notebook)
    assert whole.count('<div class="einloop"') == 2


def test_rules_outweigh_those_of_a_notebook():
    """JupyterLab sets cells to the right with two classes and a tag, and colours rows with two and two tags."""
    page = einloop.explain(MATMUL)._repr_html_()
    style = re.sub(r"@media[^{]*\{|\}\s*\}", "", page[page.index("<style>") : page.index("</style>")])
    rules = re.findall(r"([^{}]+)\{[^{}]*\}", style)
    cells = [one.strip() for rule in rules for one in rule.split(",") if re.search(r"\b(t[dhr]|pre|code)\b", one)]
    assert len(cells) > 10
    assert [selector for selector in cells if not selector.startswith(".einloop.einloop.einloop ")] == []
