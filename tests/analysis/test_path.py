"""Searches for a contraction path: what they find, and that they end."""

import importlib.util
import random
import sys
import threading
from itertools import count
from types import ModuleType

import numpy as np
import pytest

import einloop
from einloop.analysis import path as paths
from einloop.analysis.optimal import optimal_path
from einloop.analysis.path import path_cost, search_path
from einloop.core.bind import bind_sizes
from einloop.core.errors import OptionError
from einloop.core.path import path_steps
from einloop.notation.subscripts import read_subscripts

LETTERS = "abcdefghijklmnopqrstuvwxyz"
EVERYTHING = float("inf")


def star(operands):
    """Return an expression in which all pairs have a label in common: no search through all paths ends."""
    terms = [f"a{letter}" for letter in LETTERS[1 : operands + 1]]
    return ",".join(terms) + "->a"


def chain(operands):
    terms = [LETTERS[n : n + 2] for n in range(operands)]
    return f"{','.join(terms)}->a{LETTERS[operands]}"


def everything(terms, output, sizes):
    """Return what the cheapest of all pairwise paths costs, by trying each."""
    if len(terms) == 1:
        return 0
    costs = []
    for one in range(len(terms)):
        for other in range(one + 1, len(terms)):
            rest = [term for place, term in enumerate(terms) if place not in (one, other)]
            (step,) = path_steps([terms[one], terms[other]], output if not rest else tuple(
                {x for term in rest for x in term} | set(output)), [(0, 1)])  # fmt: skip
            kept = tuple(x for x in step.labels if x in {*output, *(y for term in rest for y in term)})
            (step,) = path_steps([terms[one], terms[other]], kept, [(0, 1)])
            costs.append(path_cost((step,), sizes) + everything([*rest, kept], output, sizes))
    return min(costs)


@pytest.mark.parametrize("seed", range(40))
def test_the_cheapest_path_is_found(seed):
    rng = random.Random(seed)
    letters = LETTERS[: rng.randint(1, 6)]
    terms = [tuple(rng.sample(letters, rng.randint(0, min(3, len(letters))))) for _ in range(rng.randint(3, 5))]
    used = sorted({label for term in terms for label in term})
    output = tuple(label for label in used if rng.random() < 0.3)
    sizes = {label: rng.choice([1, 2, 3, 7, 20]) for label in used}
    best = optimal_path(terms, output, sizes, bound=EVERYTHING, seconds=60)
    cheapest = everything(terms, output, sizes)
    assert best.complete
    assert path_cost(path_steps(terms, output, best.path), sizes) == cheapest
    assert optimal_path(terms, output, sizes, bound=cheapest, seconds=60).path == ()


def test_outer_products_are_looked_at():
    terms, sizes = ("a", "b", "abc"), {"a": 2, "b": 2, "c": 100}
    steps = path_steps(terms, ("c",), optimal_path(terms, "c", sizes, bound=EVERYTHING, seconds=60).path)
    assert steps[0].taken == (0, 1)


def test_a_search_ends_when_its_time_is_up():
    ticks = count()
    terms = [tuple(term) for term in star(20).partition("->")[0].split(",")]
    sizes = dict.fromkeys(LETTERS[:21], 3)
    best = optimal_path(terms, ("a",), sizes, bound=EVERYTHING, seconds=1000, clock=lambda: float(next(ticks)))
    assert not best.complete
    assert next(ticks) < 1010


def test_a_search_ends_when_it_would_need_much_memory():
    terms = [(letter,) for letter in LETTERS[:16]]
    best = optimal_path(terms, (), dict.fromkeys(LETTERS[:16], 2), bound=EVERYTHING, seconds=1e9, max_sets=1000)
    assert (best.path, best.complete) == ((), False)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(paths, "SEARCH_SECONDS", 0.0)


GREEDY = "The search for the cheapest path was stopped after 0 seconds; this is the greedy one"


@pytest.mark.parametrize("text", [star(15), chain(15), star(25)])
def test_what_ends_early_is_greedy_and_says_so(impatient, text):
    generated = einloop.generate(text, path="optimal")
    assert generated.notes == (GREEDY,)
    assert generated.source == einloop.generate(text, path="greedy").source
    assert einloop.generate(text, schedule="path(optimal)").notes == (GREEDY,)
    assert f"{GREEDY}." in str(einloop.stages(text, path="optimal")).replace("\n", " ")


def test_paths_without_outer_products_are_found_first():
    sizes = {letter: 2 + 7 * (number % 3) for number, letter in enumerate(LETTERS[:21])}
    found = search_path(bind_sizes(read_subscripts(chain(20)), [None] * 20, sizes), "optimal", max_sets=2000)
    assert found.note.id == "path.connected"


def test_a_compiled_function_says_it_in_its_decisions(impatient):
    f = einloop.compile(star(15), schedule="path(optimal)", target="python")
    arrays = [np.full((2, 2), 1.0) for _ in range(15)]
    assert np.allclose(f(*arrays), 2.0**15)
    assert f"{GREEDY}." in f.decisions
    assert any(said.startswith("np.einsum takes this path as optimize=['einsum_path', (") for said in f.decisions)


def test_a_search_runs_in_any_thread(impatient):
    found = []
    spec = read_subscripts(star(14))
    worker = threading.Thread(target=lambda: found.append(search_path(spec, "optimal")))
    worker.start()
    worker.join()
    assert found[0].note is not None


def test_a_search_that_was_made_is_kept(monkeypatch):
    spec = read_subscripts(chain(12))
    assert search_path(spec, "optimal") is search_path(spec, "optimal")
    other = bind_sizes(spec, [(2, 2)] * 12)
    assert search_path(other, "optimal") is not search_path(spec, "optimal")


@pytest.mark.parametrize("way", ["auto", "greedy"])
def test_the_other_ways_end_with_as_many_operands_as_there_may_be(way):
    for text in (",".join(["ab"] * 63) + "->ab", ",".join(["a"] * 63) + "->", f"{star(25)[:-3]},{star(25)}"):
        assert search_path(read_subscripts(text), way).note is None


# What np.einsum takes back


@pytest.mark.parametrize("text", [chain(3), "ij,j,k->i", "a,b,ab->", "ij,jk,kl,lm->im", star(8)])
@pytest.mark.parametrize("way", ["auto", "greedy", "optimal"])
def test_np_einsum_takes_the_path_that_is_shown(text, way):
    shown = next(line for line in str(einloop.stages(text, path=way)).splitlines() if "optimize=" in line)
    path = eval(shown[shown.index("[") : shown.index("]") + 1])
    rng = np.random.default_rng(0)
    arrays = [rng.random((3,) * len(term)) for term in text.partition("->")[0].split(",")]
    assert np.allclose(np.einsum(text, *arrays, optimize=path), np.einsum(text, *arrays))
    assert einloop.generate(text, path=path).source == einloop.generate(text, path=way).source


def test_facts_of_explain_have_it_too():
    arrays = [np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 5))]
    facts = einloop.explain("ij,jk,kl->il", load=arrays).facts["steps"]
    assert np.einsum("ij,jk,kl->il", *arrays, optimize=facts["path"]).shape == (2, 5)


def test_a_call_of_np_einsum_names_its_path():
    f = einloop.compile("ij,jk,kl->il", target="numpy")
    f(*(np.ones((60, 60)) for _ in range(3)))
    assert "np.einsum is called with optimize=['einsum_path', (0, 1), (0, 1)]." in f.decisions


# cotengra


def test_a_missing_cotengra_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "cotengra", None)
    with pytest.raises(OptionError) as caught:
        einloop.generate("i,i,i->i", path="cotengra")
    assert (caught.value.id, caught.value.message) == ("EL432", "cotengra, which finds paths, is not installed")
    assert caught.value.hint == "pip install cotengra"


@pytest.fixture
def tries(monkeypatch):
    """Put a stand-in for cotengra in its place, which takes the operands from left to right, and count its tries."""
    made = []

    class Tree:
        def subtree_reconfigure(self, **how):
            return self

        def get_path(self):
            return [[0, 1]] + [[0, left] for left in range(self.operands - 2, 0, -1)]

    class Search:
        def __init__(self, **how):
            made.append(0)

        def search(self, inputs, output, size_dict):
            assert min(size_dict.values()) > 0
            made[-1] += 1
            tree = Tree()
            tree.operands = len(inputs)
            return tree

    module = ModuleType("cotengra")
    module.RandomGreedyOptimizer = Search
    monkeypatch.setitem(sys.modules, "cotengra", module)
    paths._searched.cache_clear()
    yield made
    paths._searched.cache_clear()


def test_cotengra_ends_when_its_time_is_up(tries, impatient):
    found = search_path(read_subscripts(chain(9)), "cotengra")
    assert tries == [1]
    assert found.note.id == "path.best"


def test_the_cheaper_of_cotengra_and_greedy_is_taken(tries):
    sizes = [(size, size) for size in (2,) * 9]
    spec = bind_sizes(read_subscripts(chain(9)), sizes)
    assert search_path(spec, "cotengra") == search_path(spec, "greedy")
    assert tries == [paths.TRIES // paths.TRIES_AT_ONCE]
    assert search_path(bind_sizes(read_subscripts(chain(9)), [(0, 0)] * 9), "cotengra").steps


def test_few_operands_need_no_tries(tries):
    spec = read_subscripts(chain(4))
    assert search_path(spec, "cotengra") == search_path(spec, "optimal")
    assert tries == []


@pytest.mark.skipif(importlib.util.find_spec("cotengra") is None, reason="cotengra is not installed")
@pytest.mark.parametrize("text", [chain(12), star(12)])
def test_cotengra_finds_a_path(text):
    paths._searched.cache_clear()
    first = search_path(read_subscripts(text), "cotengra")
    paths._searched.cache_clear()
    assert first == search_path(read_subscripts(text), "cotengra")
    assert einloop.verify(text, path="cotengra")
