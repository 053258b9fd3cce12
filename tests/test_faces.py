"""The command line and the Python functions: what one has, the other has by the same name."""

import dataclasses
import inspect
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import einloop
from einloop import cli
from einloop.analysis.dialects import DIALECTS
from einloop.cli.arguments import add_expression, repeat_command
from einloop.cli.parser import Parser
from einloop.core import options
from einloop.core.errors import OptionError
from einloop.targets.target import load_target, target_names

FUNCTIONS = {
    "show": (einloop.generate, einloop.stages),
    "explain": (einloop.explain,),
    "check": (einloop.check,),
    "why": (einloop.why,),
    "diff": (einloop.diff, einloop.equivalent),
    "draw": (einloop.draw,),
    "trace": (einloop.trace,),
    "find": (einloop.find,),
    "lift": (einloop.lift,),
    "verify": (einloop.verify,),
    "bench": (einloop.bench,),
}
"""What a command does, done from Python."""

SHELL = {"help", "version", "debug", "json", "format", "lang", "output"}
"""How a shell is printed to: in Python `Report.show(format, lang)`, and values in place of JSON."""
COMMAND_ONLY = {
    "show": {
        "show_stages",  # a function of its own, `stages`
        "no_verify",  # `generate` verifies nothing
        "seed",  # of the verification: `verify` has it
    },
    "check": {"strict"},  # an exit code
    "find": {"result_file"},  # `result` takes an array too
    "lift": {"no_verify", "no_speed"},  # `verify` says it in Python; speed is for `bench`
    "bench": {"plot"},  # Report.show("svg")
    "draw": {"theme"},  # Drawing.show(lang, theme)
    "trace": {"at", "steps", "theme", "tui", "story", "nan", "nonfinite", "against"},  # methods of Trace
}
PYTHON_ONLY = {
    "why": {"arrays"},  # arrays there are; a shell has files, and `load`
    "trace": {"arrays"},
    "find": {"arrays"},
    "lift": {"verify"},  # --no-verify
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
    import_module(f"einloop.cli.{row.name}").configure(parser)
    return [
        {name.lstrip("-").replace("-", "_") for name in (*action.option_strings, action.dest)}
        for action in parser._actions
    ]


def parameters_of(functions):
    return {name for function in functions for name in inspect.signature(function).parameters}


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
    others = {"cache", "page", "serve", "templates"}  # the machine's and the page's, not an expression's
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
    report = einloop.stages("ij->i", schedule="accumulate", comments=True)
    assert "# i: free" in report.show()


FLAGS = [
    (function, name)
    for functions in FUNCTIONS.values()
    for function in functions
    for name, parameter in inspect.signature(function).parameters.items()
    if isinstance(parameter.default, bool)
]


@pytest.mark.parametrize("value", ["x", "False", "", 0, 1, [1], None, np.array(True)], ids=repr)
@pytest.mark.parametrize(("function", "name"), FLAGS, ids=[f"{f.__name__} {name}" for f, name in FLAGS])
def test_a_flag_that_is_no_bool_is_refused(function, name, value):
    pair = (einloop.diff, einloop.equivalent)
    with pytest.raises(OptionError, match=f": {name} is an? ") as caught:
        function(*["ij->i"] * (1 + (function in pair)), **{name: value})
    assert (caught.value.id, caught.value.hint) == ("EL470", "a bool")


@pytest.mark.parametrize("kind", [bool, np.bool_])
def test_a_flag_is_a_bool_of_python_or_numpy(kind):
    assert einloop.generate("ij->i", script=kind(True)) == einloop.generate("ij->i", script=True)
    assert einloop.generate("ij->i", script=kind(False)) == einloop.generate("ij->i")
    assert "nan" in einloop.why("i->", [1.0, np.nan], nonfinite=kind(True)).show()
    source = "r = A.sum(axis=1)"
    assert einloop.verify("ij->i", source=source, shapes=[(2, 3)], shapes_only=kind(True))


TAKEN = {
    einloop.generate: options.GenerateOptions,
    einloop.verify: options.GenerateOptions,
    einloop.stages: options.StagesOptions,
    einloop.explain: options.ExplainOptions,
    einloop.check: options.CheckOptions,
    einloop.why: options.CheckOptions,
    einloop.draw: options.DrawOptions,
    einloop.bench: options.BenchOptions,
    einloop.find: options.FindOptions,
    einloop.diff: options.DiffOptions,
    einloop.equivalent: options.DiffOptions,
    einloop.compile: options.CompileOptions,
}
ROWS = {row.keyword: row for row in options.rows()}


def entries_of(docstring, section):
    """Return the names that a section of a docstring describes."""
    text = inspect.cleandoc(docstring).partition(f"\n{section}\n{'-' * len(section)}\n")[2]
    text = re.split(r"\n\n\w[\w ]*\n-+\n", text)[0]
    lines = [line for line in text.splitlines() if line and not line.startswith(" ")]
    return [name.strip(" *") for line in lines for name in line.partition(" : ")[0].split(",")]


def test_every_row_is_a_keyword_and_every_keyword_a_row():
    assert set(ROWS) == set(options.GenerateOptions.__annotations__)
    assert {row.name for row in options.rows()} <= {field.name for field in dataclasses.fields(options.Options)}
    flags = [flag for row in options.rows() for flag in row.flags]
    assert len(flags) == len(set(flags))
    assert all(row.help and row.flags for row in options.rows())


@pytest.mark.parametrize("function", TAKEN, ids=lambda function: function.__name__)
def test_a_signature_shows_the_keywords_with_their_types_and_defaults(function):
    shown = inspect.signature(function).parameters
    assert not any(one.kind is inspect.Parameter.VAR_KEYWORD for one in shown.values())
    assert function.__annotations__["options"] == f"Unpack[{TAKEN[function].__name__}]"
    for keyword, type in TAKEN[function].__annotations__.items():
        assert shown[keyword].kind is inspect.Parameter.KEYWORD_ONLY
        assert shown[keyword].annotation == type.__forward_arg__
        none = type.__forward_arg__.endswith("| None")
        assert shown[keyword].default == (None if none else ROWS[keyword].default)


def test_generate_describes_every_keyword_once():
    assert entries_of(einloop.generate.__doc__, "Parameters") == ["expression", *ROWS]


@pytest.mark.parametrize("function", TAKEN, ids=lambda function: function.__name__)
def test_the_others_describe_their_own_and_name_the_rest(function):
    own = [name for name in inspect.signature(function).parameters if name not in TAKEN[function].__annotations__]
    described = entries_of(function.__doc__, "Parameters")
    if function is einloop.generate:
        return
    assert described == [*own, "options"]
    rest = function.__doc__.partition("**options\n")[2].partition("\n\n")[0]
    whole = "All that `generate` takes" in rest
    assert whole or all(f"`{keyword}`" in rest for keyword in TAKEN[function].__annotations__)


@pytest.mark.parametrize("name", sorted(set(einloop.__all__) - {"__version__"}))
def test_everything_public_has_an_example_and_sections(name):
    public = getattr(einloop, name)
    docstring = inspect.cleandoc(public.__doc__)
    assert "Examples\n--------\n>>> " in docstring
    needed = ("Parameters", "Returns", "Raises") if inspect.isfunction(public) else ()
    assert all(f"\n{section}\n{'-' * len(section)}\n" in docstring for section in needed)


@pytest.mark.parametrize("function", TAKEN, ids=lambda function: function.__name__)
def test_a_keyword_that_there_is_not_is_refused_with_what_was_meant(function):
    texts = ["ij->i", "ij->i"][: 2 if "second" in inspect.signature(function).parameters else 1]
    with pytest.raises(einloop.EinloopError) as caught:
        function(*texts, shpaes=[(2, 3)])
    assert isinstance(caught.value, TypeError)
    assert caught.value.id == "EL469"
    assert caught.value.message == f"{function.__name__}() got an unexpected keyword argument 'shpaes'"
    assert caught.value.hint.startswith("did you mean 'shapes'? ")


def test_a_type_checker_knows_the_keywords(tmp_path):
    calls = ["generate('ij', style='x', shapes=[(2, 3)])", "generate('ij', styl='x')", "generate('ij', style=1)"]
    calls += ["diff('ij', 'ji', dtypes='int8')", "verify('ij', comments=True)"]
    file = tmp_path / "calls.py"
    file.write_text("import einloop\n" + "".join(f"einloop.{call}\n" for call in calls))
    command = [sys.executable, "-m", "mypy", "--config-file=", "--follow-imports=silent", str(file)]
    done = subprocess.run(command, cwd=Path(einloop.__file__).parents[1], capture_output=True, text=True, check=False)
    wrong = re.findall(r"calls\.py:(\d+): error: (.*?)  \[", done.stdout)
    assert wrong == [
        ("3", 'Unexpected keyword argument "styl" for "generate"; did you mean "style"?'),
        ("4", 'Argument "style" to "generate" has incompatible type "int"; expected "str"'),
        ("5", 'Unexpected keyword argument "dtypes" for "diff"'),
    ]


@pytest.mark.parametrize("command", ["show", "explain", "check", "bench"])
def test_a_help_has_the_names_that_tables_know(command, capsys):
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    asked = {"show": target_names(), "bench": target_names(), "check": [d.name for d in DIALECTS]}
    styles = list(load_target("python").styles)
    assert ", ".join(asked.get(command, styles)) in shown
    assert not re.search(r"\{[a-z]{3,}\}", shown)


def test_the_command_that_repeats_gives_every_option():
    parser = Parser(command=cli.COMMANDS[0], commands=cli.COMMANDS, bare=False)
    add_expression(parser, options.StagesOptions)
    parser.add("--seed", type=int, default=0)
    words = ["ij->i"]
    for row in options.rows_of(options.StagesOptions):
        words += [row.flags[-1]] if row.type == "bool" else [row.flags[-1], "7" if "int" in row.type else "x"]
    written = shlex.split(repeat_command(parser.parse(words)))
    assert written[:3] == ["einloop", "verify", "ij->i"]
    assert vars(parser.parse(written[2:])) == vars(parser.parse(words))
