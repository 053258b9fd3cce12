"""Code that was lifted in, what to run it with to prove that out: lengths, and the shapes of the arrays it is given."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from math import prod

from ..core.combination import Statements
from .computed import Bounds, Input
from .decisions import Distances
from .lengths import Length, named
from .sizes import Key, Sizes
from .variables import nodes, parsed

Trial = Mapping[str, Input]
"""A length, or the shape of an array, for each name that code is given; a number has the shape ()."""
SMALL = 3
"""How many runs the einsums are found in, mostly."""
MAX_POINTS = 100_000
"""The product of the lengths of a trial: what plain loops take a tenth of a second for."""
SUM = re.compile(r" [-+] |//")
"""What a text has that is put in brackets before it is multiplied."""
OPERATORS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: lambda a, b: a // b if b else 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftSample:
    """One run: its lengths, what it was given, the comparisons that it made, and how far it filled arrays."""

    lengths: Mapping[Key, int]
    inputs: Trial
    compared: Distances = field(default_factory=dict)
    bounds: Bounds = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftedCode:
    """What code computes, and the runs that this was found in, then those that it was compared with.

    `sizes`: the lengths of a run, for what is known of them: which are one, which are products of others.
    """

    statements: Statements
    sizes: Sizes
    samples: Sequence[LiftSample]
    first: int = SMALL
    """How many of the runs it was found in."""
    offsets: Collection[Key] = ()
    """Lengths that say where something starts: code is given none that is beyond another length."""
    within: Sequence[tuple[Length, Length]] = ()
    """Lengths that have to be no longer than others."""
    multiples: Mapping[str, int] = field(default_factory=dict)
    """Lengths that have to be multiples of a number."""
    truths: bool = False
    """Whether the elements of arrays are truth values."""

    def noted(self, *notes: str) -> LiftedCode:
        """Return the same with more that is to be known of its statements."""
        one, *others = self.statements.combinations
        first = replace(one, notes=(*one.notes, *notes))
        return replace(self, statements=replace(self.statements, combinations=(first, *others)))

    @property
    def trials(self) -> tuple[Trial, ...]:
        """What to run the code and its statements with: up to five choices, with large lengths and with some of one.

        Numbers of the text are what they are.
        """
        found: list[Trial] = []
        text = self.statements.text()
        cut = _rows(text)
        shapes = {
            name: (None,) * len(axes) if name in cut else axes
            for name, axes in _shapes(self.samples[: self.first]).items()
        }
        sure = {
            name for name, axes in shapes.items()
            if None not in axes and _holds(axes, [(one.lengths, one.inputs.get(name)) for one in self.samples])
        }  # fmt: skip
        for sample in (*chosen(self.samples), *self._beyond(shapes)):
            lengths = self._as_written(sample.lengths)
            if any(length.value(lengths) > most.value(lengths) for length, most in self.within):
                continue
            if found and self._begins_beyond(lengths):
                continue
            given = _given(sample, shapes, lengths, sure, cut)
            given |= longer(given, text)
            if found and any(isinstance(one, tuple) and 0 in one for one in given.values()):
                continue  # there is nothing in it
            if given not in found:
                found.append(given)
        return tuple(found)

    @property
    def shapes(self) -> dict[str, tuple[str, ...]]:
        """The shapes that arrays are taken to have, in the text's words; none that say no more than the array does."""
        text = self.statements.text()
        rows = _rows(text)
        plain = not any(str(key).isdecimal() for key in self.samples[0].lengths)
        rowed = [longer(one.inputs, text) for one in self.samples]
        found: dict[str, tuple[str, ...]] = {}
        for name, axes in _shapes(self.samples[: self.first]).items():
            runs = [(one.lengths, one.inputs.get(name, ()), more.get(name, ()))
                    for one, more in zip(self.samples, rowed, strict=True)]  # fmt: skip
            words = [None if axis is None else axis.text for axis in axes]
            if len(words) == 1 and name in rows:
                words, holds = [rows[name]], True
            else:
                holds = _holds(axes, [(lengths, whole if whole and plain else own) for lengths, own, whole in runs])
            own_words = [f"{name}.shape[{axis}]" for axis in range(len(axes))]
            if holds and words and None not in words and words != own_words and not self._example(name, axes):
                found[name] = tuple(word for word in words if word is not None)
        return found

    def _begins_beyond(self, lengths: Mapping[Key, int]) -> bool:
        """Return whether something starts beyond the end of another."""
        starts = [n for key, n in lengths.items() if key in self.offsets]
        return bool(starts) and max(starts) >= min(
            (n for key, n in lengths.items() if key not in self.offsets), default=0
        )

    def _example(self, name: str, axes: Sequence[Length | None]) -> bool:
        """Return whether these are the lengths of example data, which could be others."""
        keys = [(name, axis) for axis, length in enumerate(axes) if length is not None and length.constant is not None]
        return any(len({one.lengths.get(key) for one in self.samples}) > 1 for key in keys)

    def _beyond(self, shapes: Mapping[str, Sequence[Length | None]]) -> Iterator[LiftSample]:
        """Yield the first run with lengths beyond the numbers of the text that others stood for in the runs."""
        lengths, inputs = self.samples[0].lengths, self.samples[0].inputs
        numbers = [int(str(key)) for key in lengths if str(key).isdecimal()]
        others = [n for key, n in lengths.items() if not str(key).isdecimal()]
        factor = 2 * max(numbers, default=0) // max(min(others, default=1), 1) + 1
        arrays = [name for name, own in inputs.items() if isinstance(own, tuple)]
        worded = all(name in shapes and None not in shapes[name] for name in arrays)
        if numbers and worded and prod(factor * n for n in others) <= MAX_POINTS:
            larger = {key: n if str(key).isdecimal() else factor * n for key, n in lengths.items()}
            yield LiftSample(
                lengths=larger, inputs={name: n if isinstance(n, int) else () for name, n in inputs.items()}
            )

    def _as_written(self, lengths: Mapping[Key, int]) -> dict[Key, int]:
        """Return lengths where those that stand for numbers of the text are these numbers."""
        home = self.sizes.home
        numbers = {home(key): int(key) for key in lengths if isinstance(key, str) and key.isdecimal()}
        sizes = Sizes((2,), self.sizes.joins, {**lengths, **numbers}, self.sizes.composed)
        sizes.multiples = self.multiples
        return {key: int(sizes[key]) for key in lengths}


def _holds(axes: Sequence[Length | None], needed: Sequence[tuple[Mapping[Key, int], Input | None]]) -> bool:
    """Return whether no run, and no statement with its lengths, needs an array longer than these words say."""
    return all(
        length is not None and length.value(lengths) >= size
        for lengths, shape in needed
        if isinstance(shape, tuple) and len(shape) == len(axes)
        for length, size in zip(axes, shape, strict=True)
    )


def chosen(samples: Sequence[LiftSample]) -> Iterator[LiftSample]:
    """Yield the first runs, the one with the longest length of those not too large, and one with most of one."""
    points = [prod(one.lengths.values()) for one in samples]
    fitting = [one for one, size in zip(samples, points, strict=True) if size <= MAX_POINTS] or samples[:1]
    yield from samples[:SMALL]
    yield max(fitting, key=lambda one: max(one.lengths.values(), default=0))
    yield max(fitting, key=lambda one: sum(n == 1 for n in one.lengths.values()))


def _shapes(samples: Sequence[LiftSample]) -> dict[str, tuple[Length | None, ...]]:
    """Return the shapes of arrays in words; None for a length that has none."""
    lengths = [one.lengths for one in samples]
    found: dict[str, tuple[Length | None, ...]] = {}
    for name in samples[0].inputs:
        shapes = [one.inputs.get(name) for one in samples]
        known = [shape for shape in shapes if isinstance(shape, tuple)]
        if len(known) == len(shapes) and len({len(shape) for shape in known}) == 1:
            found[name] = tuple(named(axis, lengths) for axis in zip(*known, strict=True))
    return found


def _given(
    sample: LiftSample,
    shapes: Mapping[str, Sequence[Length | None]],
    lengths: Mapping[Key, int],
    sure: Set[str],
    cut: Collection[str],
) -> dict[str, Input]:
    """Return what code is given for these lengths; what a run for them did not touch is as long as words say.

    `sure`: arrays whose words hold for all runs; `cut`: those that are cut into rows, which say how long they are.
    """
    moved = lengths != sample.lengths
    found: dict[str, Input] = {}
    for name in dict.fromkeys((*sample.inputs, *shapes)):
        own = sample.inputs.get(name, ())
        if isinstance(own, int):
            found[name] = lengths.get(name, own)
            continue
        axes = shapes.get(name, ())
        own = (*own, *(0,) * (len(axes) - len(own)))
        said = [0 if axis is None else axis.value(lengths) for axis in axes]
        exact = moved and name in sure
        own = (0,) if moved and name in cut else own
        found[name] = tuple(b if exact and b else max(a, b) for a, b in zip_longest(own, said, fillvalue=0))
    return found


def _rows(statements: str) -> dict[str, str]:
    """Return the lengths of flat arrays that statements cut into rows, in the words of the text.

    >>> _rows("C = A.reshape(n, lda + 1)[:, :3]")
    {'A': 'n*(lda + 1)'}
    """
    found: dict[str, str] = {}
    for node in nodes(parsed(statements)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="reshape"), args=axes):
                sides = [ast.unparse(axis) for axis in axes]
                found[name] = "*".join(
                    f"({side.replace(' * ', '*')})" if SUM.search(side) else side.replace(" ", "") for side in sides
                )
    return {name: said for name, said in found.items() if "-1" not in said.split("*")}


def longer(given: Trial, statements: str) -> dict[str, Input]:
    """Return the shapes of flat arrays that statements give as many elements as they have places: whole rows.

    >>> longer({"n": 2, "lda": 5, "A": (8,)}, "C = A.reshape(n, lda)[:, :3]")
    {'A': (10,)}
    """
    lengths = {name: size for name, size in given.items() if isinstance(size, int)}
    found: dict[str, Input] = {}
    for node in nodes(parsed(statements)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="reshape"), args=axes):
                size = prod(_length(axis, lengths) for axis in axes)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Slice(upper=ast.expr() as end)):
                size = _length(end, lengths)
            case _:
                continue
        before = found.get(name, given.get(name))
        if isinstance(before, tuple) and len(before) == 1 and size > before[0]:
            found[name] = (size,)
    return found


def _length(node: ast.expr, lengths: Mapping[str, int]) -> int:
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.Name(id=name):
            return lengths.get(name, 0)
        case ast.BinOp(op=op) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_length(node.left, lengths), _length(node.right, lengths))
    return 0
