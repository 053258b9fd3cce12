"""A target is a folder of templates and, where its texts can be run, a row of RUNNERS with a function that runs them.

The package stands in a tree of its own here, beside templates with one folder more. The new target writes into the
memory of its caller, as C does; the "machine code" of its texts is Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import einloop
from einloop.core.root import template_root

MANIFEST = """
title = "Toy"
suffix = ".toy"
runner = "toy"
abilities = ["strides"]

[forms]
function = "function.j2"
script = "script.j2"

[styles.article]
about = "words in the order of Forth's"
blocks = "words.j2"
schedule = ["order(appearance)"]
values = "pointers"
dtypes = ["float64", "float32"]

[styles.fast]
about = "the schedule that decides for itself"
blocks = "words.j2"
schedule = ["auto"]
values = "pointers"
dtypes = ["float64", "float32"]
"""

FUNCTION = """
to {{ entry }}{% for buffer in nest.inputs %} {{ buffer.name }}{% endfor %} {{ nest.result.name }}
{{ body | indent(1, true) -}}
"""

SCRIPT = """
{% include "toy/function.j2" %}
show
"""

WORDS = """
{% macro place(a) -%}
{{ a.buffer }}
{%- if a.strides is not none %} {{ a.start }}
{%- for s in a.subscripts %} + {{ s }} * {{ a.strides[loop.index0] }}{% endfor %}
{%- elif a.subscripts or a.boxed %} {{ "(" * a.subscripts | length }}0
{%- for s in a.subscripts %} * {{ a.extents[loop.index0] }} + {{ s }}){% endfor %}
{%- endif %}
{%- endmacro %}
{% macro product(node) -%}
{% for p in node.products %}{% for a in p %} , {{ place(a) }}{% endfor %} ;{% endfor %}
{%- endmacro %}
{% macro extents(node) %}{% endmacro %}
{% macro remark(node) %}{% endmacro %}
{% macro alloc(node) %}
{% set count = (("1",) + node.extents) | join(" * ") %}
{{ "own" if node.local or node.owned else "clear" }} {{ node.buffer }} {{ count }}
{% endmacro %}
{% macro loop(node, body) %}
{% set h = node.heads[0] %}
each {{ h.index }} {{ h.start or 0 }} {{ h.extent }} {{ h.step }} {{ h.size }}
{{ body | indent(1, true) -}}
{% endmacro %}
{% macro assign(node) %}
put {{ place(node.target) }}{{ product(node) }}
{% endmacro %}
{% macro accumulate(node) %}
add {{ place(node.target) }}{{ product(node) }}
{% endmacro %}
"""

RUNNER = '''
"""Runs the words of the toy: a line is a word and what it takes, what is indented stands inside of it."""

import numpy as np


def ready(program):
    (entry, *names), body = parsed(program.text)
    assert entry == program.entry

    def run(*values):
        arrays = [np.array(v, b.dtype, order="C") for v, b in zip(values, program.nest.inputs)]
        sizes = {name: arrays[number].shape[axis] for name, number, axis in program.extents}
        shape = [sizes[extent] if extent in sizes else int(extent) for extent in program.nest.result.extents]
        result = np.empty(shape, program.nest.result.dtype)
        state = dict(zip(names, [*(array.reshape(-1) for array in arrays), result.reshape(-1)]))
        perform(body, {**state, **sizes})
        return result if shape else result[()]

    return run


def main(source):
    parsed(source)
    return (0, "") if source.rstrip().endswith("show") else (1, "it shows nothing")


def parsed(text):
    first, *lines = [line for line in text.splitlines() if line.strip()]
    return first.split()[1:], [line for line in lines if line.startswith(" ")]


def perform(lines, state):
    here = 0
    while here < len(lines):
        depth, after = indent(lines[here]), here + 1
        while after < len(lines) and indent(lines[after]) > depth:
            after += 1
        word, _, rest = lines[here].strip().partition(" ")
        WORDS[word](rest, lines[here + 1 : after], state)
        here = after


def indent(line):
    return len(line) - len(line.lstrip())


def number(text, state):
    return int(eval(text, {}, state))


def clear(rest, inside, state):
    state[rest.split()[0]][:] = 0


def own(rest, inside, state):
    name, _, count = rest.partition(" ")
    state[name] = np.zeros(number(count, state))


def each(rest, inside, state):
    index, start, extent, step, size = rest.split()
    first = number(start, state)
    last = min(number(extent, state), first + int(size)) if int(size) else number(extent, state)
    for state[index] in range(first, last, int(step)):
        perform(inside, state)


def place(text, state):
    name, _, offset = text.strip().partition(" ")
    return state[name], number(offset or "0", state)


def total(products, state):
    found = 0.0
    for product in products.split(";")[:-1]:
        value = 1.0
        for factor in product.split(",")[1:]:
            array, at = place(factor, state)
            value *= array[at]
        found += value
    return found


def put(rest, inside, state):
    target, _, products = rest.partition(",")
    array, at = place(target, state)
    array[at] = total("," + products, state)


def add(rest, inside, state):
    target, _, products = rest.partition(",")
    array, at = place(target, state)
    array[at] += total("," + products, state)


WORDS = {"clear": clear, "own": own, "each": each, "put": put, "add": add}
'''

START = """
import sys
from einloop.runners import RUNNERS, Runtime
RUNNERS["toy"] = Runtime(ready="toy.ready", main="toy.main", many=10**6, pace="a second", interpreted=True)
sys.modules["einloop.runners.toy"] = __import__("toy")
from einloop import cli
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tree with the package, its templates and the new target."""
    root = tmp_path_factory.mktemp("tree")
    (root / "einloop").symlink_to(Path(einloop.__file__).parent)
    (root / "pyproject.toml").touch()
    shutil.copytree(template_root(), root / "templates", ignore=shutil.ignore_patterns("__pycache__"))
    files = {"target.toml": MANIFEST, "function.j2": FUNCTION, "script.j2": SCRIPT, "words.j2": WORDS}
    (root / "templates" / "toy").mkdir()
    for name, text in files.items():
        (root / "templates" / "toy" / name).write_text(text.lstrip())
    (root / "toy.py").write_text(RUNNER)
    (root / "start.py").write_text(START)
    return root


def run(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", str(tree / "start.py"), *words],
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_shown_and_verified(tree):
    done = run(tree, "ij,jk->ik", "--target", "toy", "--function", "f")
    assert (done.returncode, done.stdout.splitlines()[:3]) == (
        0,
        ["to f A B C", " clear C 1 * I * K", " each i 0 I 1 0"],
    ), done.stderr
    assert "verified" in done.stderr


@pytest.mark.parametrize("text", ["ij,jk->ik", "ii->", "ij->ji", "i,i,i->", "bij,bjk,kl->bil"])
@pytest.mark.parametrize("style", ["article", "fast"])
def test_proved(tree, text, style):
    done = run(tree, "verify", text, "--target", "toy", "--style", style)
    assert (done.returncode, "cases equal" in done.stderr) == (0, True), done.stderr


def test_a_wrong_text_is_noticed(tree, tmp_path):
    words = WORDS.replace("add {{ place", "put {{ place")
    other = tmp_path / "tree"
    shutil.copytree(tree, other, symlinks=True)
    (other / "templates" / "toy" / "words.j2").write_text(words)
    assert run(other, "verify", "ij,jk->ik", "--target", "toy").returncode == 1


def test_script_is_run_by_its_runner(tree):
    done = run(tree, "ij,jk->ik", "--target", "toy", "--script", "-s", "2x3", "-s", "3x4")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "show"), done.stderr
    assert "verified" in done.stderr


def test_measured(tree):
    done = run(tree, "bench", "ij,jk->ik", "--sizes", "i=2,j=3,k=4", "--targets", "toy,python", "--seconds", "0.2")
    assert done.returncode == 0, done.stderr
    assert {"toy", "python"} <= set(done.stdout.split())


def test_listed_and_compiled_for(tree):
    assert "toy" in run(tree, "templates").stdout
    code = "import start_toy, einloop, numpy as np; f = einloop.compile('ij,j->i', target='toy'); "
    code += "print(f(np.eye(2), np.array([3.0, 4.0])), f.target)"
    (tree / "start_toy.py").write_text(START.rpartition("from einloop import cli")[0])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("[3. 4.] toy\n", 0), done.stderr
