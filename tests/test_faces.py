"""The command line and the Python functions: what one has, the other has by the same name."""

import inspect
from importlib import import_module

import pytest

import einloop
from einloop import cli
from einloop.cli.parser import Parser

FUNCTIONS = {
    "show": (einloop.generate, einloop.stages),
    "explain": (einloop.explain,),
    "check": (einloop.check,),
    "why": (einloop.why,),
    "diff": (einloop.diff, einloop.equivalent),
    "verify": (einloop.verify, einloop.generate),
    "bench": (einloop.bench,),
}
"""What a command does, done from Python. `verify` hands its further arguments to `generate`."""

SHELL = {"help", "version", "debug", "json", "format", "lang", "output"}
"""How a shell is printed to: in Python `Report.show(format, lang)`, and values in place of JSON."""
COMMAND_ONLY = {
    "show": {
        "show_stages",  # a function of its own, `stages`
        "no_verify",  # `generate` verifies nothing
        "seed",  # of the verification: `verify` has it
    },
    "check": {"strict"},  # an exit code
    "bench": {"plot"},  # Report.show("svg")
}
PYTHON_ONLY = {
    "why": {"arrays"},  # arrays there are; a shell has files, and `load`
    "verify": {"arrays", "header"},  # `generate` has a header to give, a verdict has not
}
REFUSED = {
    "diff": {"dtype", "result"},
    "bench": {"result"},
}
"""Taken by the command line to say why they are of no use."""


def arguments_of(command):
    """Return the names of every argument of a command, each a set of all its spellings."""
    (row,) = (row for row in cli.COMMANDS if row.name == command)
    parser = Parser(command=row, commands=cli.COMMANDS, bare=False)
    import_module(f"einloop.cli.{row.module}").configure(parser)
    return [
        {name.lstrip("-").replace("-", "_") for name in (*action.option_strings, action.dest)}
        for action in parser._actions
    ]


def parameters_of(functions):
    found = [p for function in functions for p in inspect.signature(function).parameters.values()]
    return {p.name for p in found if p.kind is not inspect.Parameter.VAR_KEYWORD}


@pytest.mark.parametrize("command", FUNCTIONS)
def test_what_the_command_line_takes_the_functions_take(command):
    known = parameters_of(FUNCTIONS[command]) | SHELL | COMMAND_ONLY.get(command, set()) | REFUSED.get(command, set())
    assert [sorted(names) for names in arguments_of(command) if not names & known] == []


@pytest.mark.parametrize("command", FUNCTIONS)
def test_what_the_functions_take_the_command_line_takes(command):
    spellings = set().union(*arguments_of(command))
    assert parameters_of(FUNCTIONS[command]) - spellings == PYTHON_ONLY.get(command, set())


@pytest.mark.parametrize(("command", "name"), [(c, name) for c, names in REFUSED.items() for name in sorted(names)])
def test_what_is_of_no_use_is_refused_by_name(command, name, capsys):
    words = [command, "ij->i", *(["ij->i"] if command == "diff" else ["-s", "2x3"]), f"--{name}", "x"]
    assert cli.main(words) == 2
    assert f"has no use for --{name}" in capsys.readouterr().err


def test_every_command_is_compared():
    others = {"cache", "templates"}  # the machine's, not an expression's
    assert {row.name for row in cli.COMMANDS} == FUNCTIONS.keys() | others


def test_no_exception_is_stale():
    for table in (COMMAND_ONLY, REFUSED):
        for command, names in table.items():
            assert names <= set().union(*arguments_of(command))
            assert not names & parameters_of(FUNCTIONS[command])
    for command, names in PYTHON_ONLY.items():
        assert not names & set().union(*arguments_of(command))


@pytest.mark.parametrize(
    "words",
    [
        ["ij->i", "--no-verify", "--shapes", "2x3", "--dtypes", "int8"],
        ["ij->i", "--no-verify", "--shape", "2x3", "--dtype", "int8"],
        ["ij->i", "--no-verify", "-s", "2x3", "--dtypes=A=int8"],
    ],
)
def test_both_spellings_do_the_same(words, capsys):
    assert cli.main([*words, "--function", "f"]) == 0
    assert capsys.readouterr().out == einloop.generate("ij->i", shapes=[(2, 3)], dtypes="int8", function="f").source


def test_stages_takes_what_generate_takes():
    generate, stages = (inspect.signature(f).parameters for f in (einloop.generate, einloop.stages))
    assert set(generate) - {"header"} == set(stages)
    report = einloop.stages("ij->i", schedule="accumulate", comments=True)
    assert "# i: free" in report.show()
