"""Mistyped words: what was meant is said, wherever a table of words is known."""

import subprocess
import sys

import pytest

import einloop
from einloop import cli
from einloop.cli import main
from einloop.core.errors import EinloopError
from einloop.core.near import meant, nearest

EXPRESSION = "ij,jk->ik"

COMMANDS = [
    (["explian", EXPRESSION], "explain"),
    (["chekc", EXPRESSION, "--strict"], "check"),
    (["dif", "ij", "ji"], "diff"),
    (["verfy", EXPRESSION, "--seed", "3"], "verify"),
    (["Why", EXPRESSION, "--at", "0,0"], "why"),
    (["banch", EXPRESSION], "bench"),
    (["explian", "--formt", "html"], "explain"),
    (["expalin", "i j, j k -> i k"], "explain"),
    (["cahce", "--clear"], "cache"),
    (["template", "--copy", "mine"], "templates"),
]


@pytest.mark.parametrize(("words", "command"), COMMANDS, ids=[words[0] for words, _ in COMMANDS])
def test_a_mistyped_command(words, command, capsys):
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        f"error EL400: there is no command {words[0]!r}\nhint: did you mean {command!r}? einloop --help shows what "
        "there is\n"
    )


@pytest.mark.parametrize("word", ["explian", "chekc", "verfy", "cahce", "templtes"])
def test_a_mistyped_command_alone_is_an_expression_and_not_in_silence(word, capsys):
    assert main([word, "--no-verify"]) == 0
    out, err = capsys.readouterr()
    assert out
    assert err.startswith(f"note: {word!r} is read as an expression; did you mean the command ")


@pytest.mark.parametrize("text", ["ijk", "bhwc", "abcd", "ba", "ij->ji", "check,i->", "show->ohsw", "nchw", "bqhd"])
def test_an_expression_is_taken_for_no_command(text, capsys):
    assert main([text, "--no-verify"]) == 0
    assert "did you mean" not in capsys.readouterr().err


OPTIONS = [
    ([EXPRESSION, "--shpae", "2x3"], "--shape"),
    ([EXPRESSION, "--shpes=2x3"], "--shapes"),
    ([EXPRESSION, "--stile", "scalar"], "--style"),
    (["explain", EXPRESSION, "--formt", "html"], "--format"),
    (["check", EXPRESSION, "--strickt"], "--strict"),
    (["compile", "--shpae", "2x3"], "--shape"),
    (["check", EXPRESSION, "--dailect", "torch"], "--dialect"),
    (["why", EXPRESSION, "--nonfinit"], "--nonfinite"),
    (["bench", EXPRESSION, "--treads", "2"], "--threads"),
    (["templates", "--cpoy", "mine"], "--copy"),
]


@pytest.mark.parametrize(("words", "option"), OPTIONS, ids=[" ".join(words) for words, _ in OPTIONS])
def test_a_mistyped_option(words, option, capsys):
    assert main(words) == 2
    err = capsys.readouterr().err
    assert err.startswith("error EL400: unrecognized arguments: --")
    assert f"\nhint: did you mean {option!r}? einloop" in err


WORDS = [
    (["explain", EXPRESSION, "--format", "htm"], "html"),
    (["explain", EXPRESSION, "--format", "JSON"], "json"),
    (["explain", EXPRESSION, "--lang", "JA"], "ja"),
    (["explain", EXPRESSION, "--style", "articel"], "article"),
    (["check", EXPRESSION, "--dialect", "torhc"], "torch"),
    (["check", EXPRESSION, "--dialect", "numpy-optimise"], "numpy-optimize"),
    ([EXPRESSION, "--target", "pyton"], "python"),
    ([EXPRESSION, "--style", "scaler"], "scalar"),
    ([EXPRESSION, "--dtype", "flaot32"], "float32"),
    ([EXPRESSION, "--dtype", "np.compelx64"], "complex64"),
    ([EXPRESSION, "--schedule", "tlie(i,4)"], "tile"),
    ([EXPRESSION, "--order", "outptu"], "output"),
    ([EXPRESSION, "--path", "gredy"], "greedy"),
    (["ij", "--path", "gredy"], "greedy"),
    ([EXPRESSION, "--notation", "formla"], "formula"),
    (["np.einsum('ij,jk->ik', left, right)", "-s", "lefft=2x3"], "left"),
    (["bench", EXPRESSION, "--targets", "nubma", "--sizes", "i=2,j=2,k=2"], "numba"),
]


@pytest.mark.parametrize(("words", "wanted"), WORDS, ids=[" ".join(words[1:]) for words, _ in WORDS])
def test_a_mistyped_word(words, wanted, capsys):
    assert main(words) == 2
    assert f"hint: did you mean {wanted!r}?" in capsys.readouterr().err


FACES = [
    (lambda: einloop.generate("ij", style="articel"), "article"),
    (lambda: einloop.generate("ij", target="nubma"), "numba"),
    (lambda: einloop.generate("ij", notation="name"), "named"),
    (lambda: einloop.generate("ij", dtypes="flaot64"), "float64"),
    (lambda: einloop.compile("ij", target="numpi"), "numpy"),
    (lambda: einloop.explain("ij").show("mardown"), "markdown"),
    (lambda: einloop.check("ij", dialect="opt_einsm"), "opt_einsum"),
    (lambda: einloop.generate("np.einsum('ij->ji', data)", shapes={"dta": (2, 3)}), "data"),
]


@pytest.mark.parametrize(("call", "wanted"), FACES, ids=[wanted for _, wanted in FACES])
def test_a_mistyped_word_in_python(call, wanted):
    with pytest.raises(EinloopError) as caught:
        call()
    assert caught.value.hint is not None
    assert caught.value.hint.startswith(f"did you mean {wanted!r}?")


def test_what_is_like_nothing_gets_no_guess():
    assert nearest("prose", ["article", "lists"]) is None
    assert nearest(3, ["3"]) is None
    assert meant("prose", ["article", "lists"], "there is nothing") == "there is nothing"


def test_no_start_loads_what_compares_words():
    code = "import sys; from einloop.cli import main; main(['ij']); print('difflib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["compile", "ij,jk->ik"], "compile is a function of Python: einloop.compile('ij,jk->ik')"),
        (["compile", "->", "x"], "compile is a function of Python: einloop.compile('->')"),
        (["compile", "--target", "c", "ij->i"], "compile is a function of Python: einloop.compile('ij->i')"),
        (["einsum", "ij->i", "a.npy"], "einsum is a function of Python: einloop.einsum('ij->i', ...)"),
        (["compile", "i\n->"], "compile is a function of Python: einloop.compile('EXPR')"),
        (["equivalent", "ij", "ji"], "the command is diff; equivalent is a function of Python"),
        (["generate", "ij->i"], "the command is show; generate is a function of Python"),
        (["stages", "ij->i"], "the command is show with --show-stages; stages is a function of Python"),
    ],
)
def test_a_function_of_python_is_no_command(capsys, words, hint):
    assert main(words) == 2
    assert capsys.readouterr().err == f"error EL400: there is no command {words[0]!r}\nhint: {hint}\n"


def test_every_function_of_python_is_a_command_or_has_a_hint():
    functions = {name for name in einloop.__all__ if callable(getattr(einloop, name)) and name.islower()}
    assert functions - {command.name for command in cli.COMMANDS} == {*cli.FUNCTIONS}


def test_the_name_of_a_function_of_python_alone_is_an_expression(capsys):
    for name in cli.FUNCTIONS:
        assert main([name, "--no-verify"]) == 0
        assert "there is no command" not in capsys.readouterr().err
