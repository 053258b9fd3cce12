"""The line after `%einloop`: the commands that it asks for, and what an expression without quotes reaches up to."""

import random
from types import SimpleNamespace

import pytest

from einloop.cli import COMMANDS
from einloop.core.errors import EinloopError, OptionError
from einloop.notebook.magics import run_line
from einloop.notebook.words import FLAGGED, OPTION, SPACED, split_line

LINES = {
    "ij,jk->ik": [["show", "ij,jk->ik"]],
    "'ij,jk->ik'": [["show", "ij,jk->ik"]],
    "  ij , jk -> ik  ": [["show", "ij , jk -> ik"]],
    "->": [["show", "->"]],
    "-> --explain": [["explain", "->"]],
    "ij,jk->ik --trace": [["trace", "ij,jk->ik"]],
    "ij,jk->ik --trace --at 1,2": [["trace", "ij,jk->ik", "--at", "1,2"]],
    "ij,jk->ik -s 2x3 -s 3x4": [["show", "ij,jk->ik", "-s", "2x3", "-s", "3x4"]],
    "-s 2x3 ij->i": [["show", "-s", "2x3", "ij->i"]],
    "--explain --lang ja 'ij -> i'": [["explain", "--lang", "ja", "ij -> i"]],
    "--explain ij -> i --lang ja": [["explain", "ij -> i", "--lang", "ja"]],
    "explain ij->i": [["explain", "ij->i"]],
    "explain ij->i --draw --explain": [["explain", "ij->i"], ["draw", "ij->i"]],
    "ij->i --draw --check --draw": [["draw", "ij->i"], ["check", "ij->i"]],
    "np.einsum('ij,jk->ik', A, B) --why --at 0,1": [["why", "np.einsum('ij,jk->ik', A, B)", "--at", "0,1"]],
    'f("a -b", [1]) -s 2': [["show", 'f("a -b", [1])', "-s", "2"]],
    "einsum('i', x[-1:], (-a)) --check": [["check", "einsum('i', x[-1:], (-a))"]],
    "y[i] = A[i] - B[i]": [["show", "y[i] = A[i] - B[i]"]],
    r"y_i = \sum_j A_{ij} x_j": [["show", r"y_i = \sum_j A_{ij} x_j"]],
    "diff 'ij->i' 'ab -> a'": [["diff", "ij->i", "ab -> a"]],
    "find -s 2x3 --result 3x2": [["find", "-s", "2x3", "--result", "3x2"]],
    "lift C = A @ B --no-speed": [["lift", "C = A @ B", "--no-speed"]],
    "check": [["check"]],
    "show check": [["show", "check"]],
    "explanation": [["show", "explanation"]],
    "cache --clear": [["cache", "--clear"]],
    "ij->i --templates folder": [["show", "ij->i", "--templates", "folder"]],
    "((((ij->i --style scalar": [["show", "((((ij->i --style scalar"]],
    "ij->i --style='a b'": [["show", "ij->i", "--style=a b"]],
    "": [["show"]],
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_split(line):
    assert split_line(line) == LINES[line]


@pytest.mark.parametrize("line", ["'ij->i", "ij->i --style 'x", 'explain "ij'])
def test_an_open_quote_is_refused(line):
    with pytest.raises(OptionError) as caught:
        split_line(line)
    assert (caught.value.id, caught.value.hint) == ("EL400", "close the quote")
    assert caught.value.message == "the line cannot be split into words: No closing quotation"


def test_every_command_is_known():
    others = {"diff", "find", "cache", "page", "serve", "templates"}  # two expressions, or none
    assert {command.name for command in COMMANDS} == set(SPACED) | others


def test_commands_of_one_expression_may_be_flags():
    assert set(SPACED) <= set(FLAGGED)
    assert all(OPTION.match(f"--{name}") for name in FLAGGED)


WORDS = (
    "ij->i",
    "->",
    "--explain",
    "--lang",
    "ja",
    "'",
    '"',
    "(",
    ")",
    "-s",
    "2x3",
    "$x",
    "{x}",
    "\\",
    "--",
    "-",
    "x=1",
    "é",
)


@pytest.mark.parametrize("seed", range(40))
def test_a_line_of_anything_gives_something_or_is_refused(seed):
    rng = random.Random(seed)
    line = rng.choice(("", " ")).join(rng.choices(WORDS, k=rng.randint(0, 7)))
    try:
        found = split_line(line)
    except OptionError:
        return
    assert found
    assert all(isinstance(word, str) for words in found for word in words)
    shown = ["error EL"]
    try:
        run_line(SimpleNamespace(user_ns={"x": "ij"}), line)
    except EinloopError as error:
        shown = error._render_traceback_()
    assert shown[0].startswith(("error EL", "エラー EL"))
