"""Pasted statements and the snippets for them, run side by side: a snippet does what the statement did, and no more."""

from __future__ import annotations

import ast
import os
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import einloop
from einloop.core.errors import EinloopError

EXAMPLES = int(os.environ.get("EINLOOP_FUZZ", "0")) // 10 or 60
NAMES = ("A", "B", "C", "I", "J", "K", "i", "j", "k", "n", "a", "c", "x", "total", "n_i", "A_i", "C_i", "I_", "dtype", "at")
"""Variables of the person who pastes: those that loops would like to use."""
SUBSCRIPTS = ("ij,jk->ik", "ij,jk", "ij,ij->", "ii,ij->j", "ij->ji", "...i,...i->...", "ki,kj->ij", "ij,jk,kl->il", "ii->i")
STYLES = ("article", "scalar", "fast")


def namespace() -> dict[str, Any]:
    """Return what the person's variables hold: square arrays of whole numbers, so that every expression fits."""
    rng = np.random.default_rng(0)
    return {
        "np": np,
        **{name: rng.integers(-4, 5, (3, 3)).astype(float) for name in NAMES},
        "self": SimpleNamespace(q=rng.integers(-4, 5, (3, 3)).astype(float), out=np.zeros((3, 3))),
        "d": {"k": rng.integers(-4, 5, (3, 3)).astype(float), "r": np.zeros((3, 3))},
        "box": [rng.integers(-4, 5, (3, 3)).astype(float) for _ in range(4)],
    }


VALUES = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(
        (
            "self.q", "self.q.T", "box[0]", "d['k']", "[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]", "np.ones((3, 3))",
            "box[1][:, ::-1]", "(lambda i: i)(box[2])", "np.array([[float(k) for k in range(3)] for j in range(3)])",
            "sum(box)", "[box[0][0], box[0][1], box[0][2]]", "abs(d['k'])",
        )
    ),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(("-", "*", "@")), st.sampled_from(NAMES)).map(" ".join),
    st.sampled_from(NAMES).map("{}.T".format),
    st.sampled_from(NAMES).map("-{}".format),
)  # fmt: skip
TARGETS = st.one_of(
    st.sampled_from(NAMES).map("{} = ".format),
    st.sampled_from(("", "self.out = ", "d['new'] = ", "box[3] = ", "C[...] = ", "sum = ", "out: object = ")),
    st.sampled_from(("x = y = ", "C += ", "self.q -= ", "I *= ", "box[0] += ", "self.new: object = ", "r, = a, = ")),
)
AROUND = st.sampled_from(
    ("{}", "{}", "{}", "{}", "{}  # C and I", "\n{}\n", "import os\n{}", "{} - C", "{}.T", "({})", "print({})", "n = 3\n{}")
)


@st.composite
def statements(draw: st.DrawFn) -> tuple[str, str, str]:
    """Return a statement with an einsum call, the call's text, and what stands around the call."""
    subscripts = draw(st.sampled_from(SUBSCRIPTS))
    count = subscripts.split("->")[0].count(",") + 1
    arguments = [draw(VALUES) for _ in range(count)]
    if draw(st.booleans()) and count > 1:
        arguments[-1] = arguments[0]
    elif count > 1 and draw(st.integers(0, 9)) == 0:
        arguments[-2:] = [draw(st.sampled_from(("*[{}]", "*({})", "*list(({}))"))).format(", ".join(arguments[-2:]))]
    call = f"np.einsum('{subscripts}', {', '.join(arguments)})"
    around = draw(AROUND)
    target = draw(TARGETS)
    if target.startswith("r,"):
        call = f"np.einsum('...i->...i', [{draw(st.sampled_from(NAMES))}])"
    lead, _, tail = around.partition("{}")
    lead, inner = lead.rsplit("\n", 1) if "\n" in lead else ("", lead)
    return f"{lead}{chr(10) if lead else ''}{target}{inner}{call}{tail}", call, around


def assigned(text: str) -> set[str]:
    """Return the names that the statements of a text bind or change."""
    found = set()
    for statement in ast.parse(text).body:
        targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        for target in targets:
            root = target
            while isinstance(root, ast.Attribute | ast.Subscript | ast.Starred):
                root = root.value
            found |= {node.id for node in ast.walk(root) if isinstance(node, ast.Name)} if root is not None else set()
    return found


def same(one: Any, two: Any) -> bool:
    """Return whether two values hold the same."""
    if isinstance(one, SimpleNamespace):
        return same(vars(one), vars(two))
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(two, list | tuple):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, np.ndarray | np.generic | int | float):
        return np.shape(one) == np.shape(two) and bool(np.all(np.asarray(one) == np.asarray(two)))
    return one is two or type(one) is type(two)


def words(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def compare(text: str, **options: Any) -> str | None:
    """Run a statement and its snippet in copies of one namespace; return what differs, None where nothing does."""
    expected, got, before = namespace(), namespace(), namespace()
    try:
        exec(text, expected)
    except (ValueError, TypeError, AttributeError):
        return None  # no statement of a person who pastes
    snippet = einloop.generate(text, **options).source
    exec(snippet, got)
    targets = assigned(text)
    for name in sorted(words(text) & before.keys() - {"np"}):
        wanted = expected[name] if name in targets else before[name]
        if not same(got[name], wanted):
            return f"{name} is {got[name]}, not {wanted}, after:\n{snippet}"
    for name in sorted(targets):
        if not same(got[name], expected[name]):
            return f"{name} is {got[name]}, not {expected[name]}, after:\n{snippet}"
    return None


@given(statement=statements(), style=st.sampled_from(STYLES), checks=st.booleans(), extra=st.sampled_from(("", "path", "tile")))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_snippet_does_what_the_statement_did(statement: tuple[str, str, str], style: str, checks: bool, extra: str) -> None:
    text, call, around = statement
    options: dict[str, Any] = {"style": style, "checks": checks}
    if extra == "path" and "..." not in call and "*" not in call:
        options["path"] = "auto"
    elif extra == "tile" and "ij" in call and style == "article":
        options["schedule"] = "tile(i,2)"
    try:
        differs = compare(text, **options)
    except EinloopError as error:
        plain = around.replace("  # C and I", "").replace("import os", "").strip() in ("{}", "({})")
        assert not plain or error.id[:3] == "EL4", (text, options, str(error))
        return
    assert differs is None, f"{text!r} {options}: {differs}"
