"""Where in a C text lies what keeps it from being an einsum, for refusals that come when all its runs are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pycparser import c_ast as c

from ...core.topic import Topic
from ..sizes import Refusal
from .arithmetic import WHERE
from .nodes import walk
from .tree import Tree
from .usage import STEPS, Usage

WORD = re.compile(r"[^\W\d]\w*")
COMPARED = frozenset({"<", "<=", ">", ">=", "==", "!="})
TRIANGLE = "np.tril and np.triu set the rest of an array to zero"
WINDOWS = frozenset({Topic.WINDOW, Topic.UNLIKE, Topic.OTHER_SIZES, Topic.NO_WORDS})
WINDOW = "np.lib.stride_tricks.sliding_window_view gives such windows an axis of their own"
INDEX = "np.arange holds the indices: give it to an einsum as an operand"
SHORTEST = "pass the smaller as one length, and arrays cut to it"
STEPPED = "cut the array with it, as x[::{step}] does, and loop over that one by one"
BEGUN = "set it to zero in that loop; np.cumsum gives running sums"
CARRIED = "what a step of a loop reads must not be what another step wrote"


def explained(refusal: Refusal, tree: Tree, usage: Usage) -> Refusal:
    """Return a refusal with the place that it comes from, and what stands there, where that can be told."""
    if refusal.topic is Topic.TOO_LONG:
        return _endless(tree) or _carried(refusal, tree, _indices(tree)) or refusal
    if refusal.node is not None:
        return refusal
    indices = _indices(tree)
    for reason in (
        (_windows, _carried, _totals, _triangles, _branches, _smaller, _steps, _quotients)
        if refusal.topic in LATE
        else ()
    ):
        found = reason(refusal, tree, indices)
        if found is not None:
            return found
    if refusal.topic in SUMS and (found := _valued(tree, usage, indices)) is not None:
        return found
    hint = refusal.hint if refusal.topic is not Topic.GAPS else ""  # that of triangles, of which there is none
    return Refusal(refusal.id, refusal.reason, _writing(refusal, tree), hint)


LATE = WINDOWS | {Topic.GAPS, Topic.OVERLAP}
"""Refusals that say what came out, not where it stands."""
SUMS = frozenset({Topic.GAPS, Topic.UNLIKE, Topic.OTHER_SIZES, Topic.NO_WORDS})
"""Refusals of sums that an index which is a number in them may have caused."""


def _valued(tree: Tree, usage: Usage, indices: set[str]) -> Refusal | None:
    """Return the refusal with an index whose own value is computed with."""
    for node in walk(tree.root, c.Assignment):
        if isinstance(node.lvalue, c.ID) and node.lvalue.name in usage.counting | indices:
            continue
        inside = {id(one) for place in walk(node.rvalue, (c.ArrayRef, c.FuncCall, c.UnaryOp)) if _reads(place)
                  for one in walk(place)}  # fmt: skip
        for one in walk(node.rvalue, c.ID):
            if one.name in indices and id(one) not in inside:
                return Refusal("EL810", f"the value of the index {one.name} itself is computed with", one, INDEX)
    return None


def _reads(node: Any) -> bool:
    """Return whether an expression reads memory, or is a call: an index in it says where."""
    return not isinstance(node, c.UnaryOp) or node.op == "*"


def _writing(refusal: Refusal, tree: Tree) -> Any:
    """Return the last statement that writes what a refusal is of: of a name that it says, or else of any."""
    said = set(WORD.findall(refusal.reason))
    writes = [
        one
        for one in walk(tree.root, (c.Assignment, c.UnaryOp))
        if isinstance(one, c.Assignment) or one.op in STEPS
    ]  # fmt: skip
    kept = [one for one in writes if not isinstance(_target(one), c.ID)]
    named = [one for one in kept if said & set(_names(_target(one)))]
    returned = [one.expr for one in walk(tree.root, c.Return) if one.expr is not None]
    summed = {one.name for one in returned if isinstance(one, c.ID)}
    returned += [one for one in writes if isinstance(_target(one), c.ID) and _target(one).name in summed]
    last = named or returned if "result" in said and not named else named or kept
    return (last or kept or returned or writes or [None])[-1]


def _target(node: Any) -> Any:
    return node.lvalue if isinstance(node, c.Assignment) else node.expr


def _indices(tree: Tree) -> set[str]:
    return {name for name, _ in _loops(tree)}


def _loops(tree: Tree) -> Iterator[tuple[str, c.For]]:
    """Yield the loops that count, each with its index."""
    for loop in walk(tree.root, c.For):
        names = {one.name for one in walk(loop.init, (c.ID, c.Decl))} if loop.init is not None else set()
        steps = {one.name for one in walk(loop.next, c.ID)} if loop.next is not None else set()
        for name in sorted(filter(None, names & steps)):
            yield name, loop


def _names(node: Any) -> set[str]:
    return {one.name for one in walk(node, c.ID)} if node is not None else set()


def _windows(refusal: Refusal, tree: Tree, indices: set[str]) -> Refusal | None:
    """Return the refusal with the subscript that adds two indices without a length between them."""
    for access in walk(tree.root, c.ArrayRef) if refusal.topic in WINDOWS else ():
        for added in walk(access.subscript, c.BinaryOp):
            sides = (added.left, added.right)
            if added.op in ("+", "-") and all(_bare(side, indices) for side in sides) and not any(map(_blocks, sides)):
                name = tree.text(access.name)
                return Refusal(
                    "EL808",
                    f"{tree.text(added)} takes two indices to say where {name} is read",
                    access.subscript,
                    WINDOW,
                )
    return None


def _bare(node: Any, indices: set[str]) -> bool:
    """Return whether an index, or a multiple of one by a number, is what a term is."""
    if isinstance(node, c.BinaryOp) and node.op == "*":
        return (isinstance(node.left, c.Constant) and _bare(node.right, indices)) or (
            isinstance(node.right, c.Constant) and _bare(node.left, indices)
        )
    if isinstance(node, c.BinaryOp) and node.op in ("+", "-"):
        return _bare(node.left, indices) or _bare(node.right, indices)
    return isinstance(node, c.ID) and node.name in indices


def _blocks(node: Any) -> bool:
    """Return whether an index is multiplied by a number above one: another index may run within the blocks."""
    return isinstance(node, c.BinaryOp) and node.op == "*"


def _triangles(refusal: Refusal, tree: Tree, indices: set[str]) -> Refusal | None:
    """Return the refusal with the bound of a loop that another loop's index sets."""
    stepped = {name for name, loop in _loops(tree) if _step_is_one(loop)}
    for name, loop in _loops(tree):
        outer = stepped - {name}
        for bound in (loop.cond, loop.init):
            if bound is not None and _names(bound) & outer and name in _names(loop.cond) | _declared(loop.init):
                other = sorted(_names(bound) & outer)[0]
                return Refusal(
                    "EL809",
                    f"the loop over {name} is bounded by {other}: the two do not cover all pairs",
                    bound,
                    TRIANGLE,
                )
    return None


def _declared(node: Any) -> set[str]:
    return {one.name for one in walk(node, c.Decl)} if node is not None else set()


def _step_is_one(loop: c.For) -> bool:
    """Return whether a loop counts one by one; loops over blocks do not."""
    return (
        any(one.op in ("p++", "++", "p--", "--") for one in walk(loop.next, c.UnaryOp))
        if loop.next is not None
        else False
    )


def _branches(refusal: Refusal, tree: Tree, indices: set[str]) -> Refusal | None:
    """Return the refusal with the condition that indices decide."""
    for node in walk(tree.root, (c.If, c.TernaryOp)):
        found = sorted(_names(node.cond) & indices)
        if found:
            return Refusal("EL805", f"what is done depends on {' and '.join(found)}", node.cond, WHERE)
    for node in walk(tree.root, (c.While, c.DoWhile)):
        if refusal.topic is Topic.OTHER_SIZES and _names(node.cond) & indices:
            return Refusal(refusal.id, refusal.reason, node.cond, refusal.hint)
    return None


def _totals(refusal: Refusal, tree: Tree, indices: set[str]) -> Refusal | None:
    """Return the refusal with a sum that a loop reads before it is whole, and does not begin anew."""
    for name, loop in _loops(tree) if refusal.topic in SUMS else ():
        writes = [one for one in walk(loop.stmt, c.Assignment) if isinstance(one.lvalue, c.ID)]
        fresh = {one.lvalue.name for one in writes if one.op == "="} | _declared(loop.stmt)
        added = {one.lvalue.name: one for one in reversed(writes) if one.op != "=" and one.lvalue.name not in fresh}
        for node in walk(loop.stmt, c.Assignment):
            if isinstance(node.lvalue, c.ArrayRef) and name in _names(node.lvalue):
                for total in sorted(_names(node.rvalue) & added.keys()):
                    reason = f"{total} goes on from one step of the loop over {name} to the next"
                    return Refusal("EL810", reason, added[total], BEGUN)
    return None


def _smaller(refusal: Refusal, tree: Tree, indices: set[str]) -> Refusal | None:
    """Return the refusal with a loop that two lengths bound."""
    for loop in walk(tree.root, (c.For, c.While)):
        test = loop.cond
        if isinstance(test, c.BinaryOp) and test.op == "&&":
            sides = [one for one in (test.left, test.right) if isinstance(one, c.BinaryOp) and one.op in ("<", "<=")]
            ends = [tree.text(one.right) for one in sides if not _names(one.right) & indices]
            if len({*ends}) == 2:
                return Refusal("EL811", f"this loop goes as far as the smaller of {' and '.join(ends)}", test, SHORTEST)
    for node in walk(tree.root, c.TernaryOp):
        names = _names(node.iftrue) | _names(node.iffalse)
        if len(names) == 2 and names == _names(node.cond) and not names & indices:
            return Refusal(
                "EL811", f"this is one of {' and '.join(sorted(names))}, whichever is smaller or larger", node, SHORTEST
            )
    return None


def _steps(refusal: Refusal, tree: Tree, indices: set[str]) -> Refusal | None:
    """Return the refusal with a loop that goes up by a name, which no inner loop fills."""
    for name, loop in _loops(tree):
        step = loop.next.rvalue if isinstance(loop.next, c.Assignment) and loop.next.op == "+=" else None
        inner = {one for other in walk(loop.stmt, c.For) if other.init is not None for one in _names(other.init)}
        if isinstance(step, c.ID) and step.name not in indices and name not in inner:
            reason = f"{name} goes up by {step.name}: how many steps that takes is no simple function of the lengths"
            return Refusal("EL811", reason, loop.next, STEPPED.format(step=step.name))
    return None


def _quotients(refusal: Refusal, tree: Tree, indices: set[str]) -> Refusal | None:
    """Return the refusal with a quotient of two whole parameters that elements are multiplied by."""
    whole = {name for name, kind in tree.declared.items() if kind.whole}
    for node in walk(tree.root, c.BinaryOp):
        quotients = [one for one in (node.left, node.right) if isinstance(one, c.BinaryOp) and one.op == "/"]
        for one in quotients if node.op == "*" else ():
            if _names(one) and _names(one) <= whole - indices and not any(True for _ in walk(one, c.ArrayRef)):
                return Refusal("EL807", "a quotient of whole numbers loses its fraction", one, "einsum keeps fractions")
    return None


def _endless(tree: Tree) -> Refusal | None:
    """Return the refusal of a loop down to zero whose index is never below."""
    unsigned = {name for name, kind in tree.declared.items() if kind.unsigned}
    for loop in walk(tree.root, (c.For, c.While, c.DoWhile)):
        test = loop.cond
        if (
            isinstance(test, c.BinaryOp)
            and test.op == ">="
            and _names(test.left) <= unsigned
            and tree.text(test.right) == "0"
        ):
            return Refusal(
                "EL804", f"{tree.text(test.left)} has no sign and is never below 0: this loop does not end", test
            )
    return None


def _carried(refusal: Refusal, tree: Tree, indices: set[str]) -> Refusal | None:
    """Return the refusal with an element that is read and that another step of the loop writes."""
    written: dict[str, set[str]] = {}
    targets = set()
    for node in walk(tree.root, c.Assignment):
        if isinstance(node.lvalue, c.ArrayRef):
            targets.add(id(node.lvalue))
            written.setdefault(tree.text(node.lvalue.name), set()).add(tree.text(node.lvalue.subscript))
    for access in walk(tree.root, c.ArrayRef):
        name, subscript = tree.text(access.name), tree.text(access.subscript)
        if id(access) not in targets and subscript not in written.get(name, {subscript}) and _names(access) & indices:
            reason = f"{tree.text(access)} is read where another step of the loop writes {name}"
            return Refusal("EL817", reason, access, CARRIED)
    return None
