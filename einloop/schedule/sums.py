"""A sum of einsums and names in, Nest out: one nest for all summands that sum nothing, then one for each other.

Each nest adds to what those before it wrote; the pass `fuse` makes one of them.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.buffer import BARE, Access, Buffer, Dtypes, Scale, Zero
from ..core.dtypes import DTYPES, DtypeKind, summing_dtype
from ..core.frozen import dataclass
from ..core.generated import Values
from ..core.joint import JointSum, JointTerm
from ..core.joint_dtype import INT, number_kind, sum_dtype
from ..core.names import Names
from ..core.nest import Accumulate, Assign, Head, Nest, Stage, Statement, nested
from ..core.path import Step
from ..core.preparation import CheckDivisor, CheckDtype, Convert, KeepOld, SumDtype
from .lower import element, inputs_of
from .pieces import NOTHING, zeros
from .prepare import Request, prepare, summing
from .steps import head_of

FLOAT64 = "float64"


def in_place(joint: JointSum, request: Request) -> bool:
    """Return whether the loops write into the array that the result has: it is added to, or nothing else is read of it
    than the element that is written, and nobody needs it as it was."""
    if joint.given:
        return True
    if joint.old is None or not joint.plainly_old or request.checked:
        return False
    if request.values is Values.LISTS:
        return True
    dtypes = _assumed(joint, request)
    return dtypes[joint.old] == sum_dtype(joint, dtypes)


def _assumed(joint: JointSum, request: Request) -> tuple[str, ...]:
    """Return the dtype of each operand: float64 where none is declared."""
    return request.dtypes or (FLOAT64,) * len(joint.spec.operands)


def named_for(joint: JointSum, names: Names, request: Request) -> Names:
    """Return names in which the result has that of the operand whose array it is written into; an array of the caller
    that is only read is then called what it was before."""
    numbers = [n for n, op in enumerate(joint.spec.operands) if op.name == joint.result]
    if not numbers:
        return names
    own = names.operands[numbers[0]]
    if in_place(joint, request) or request.values is not Values.POINTERS:
        return replace(names, result=own)
    old = names.local(f"{own}_old")
    operands = tuple(old if n in numbers else name for n, name in enumerate(names.operands))
    return replace(names, operands=operands, result=own, taken=names.taken | {old})


def lower_sum(joint: JointSum, names: Names, request: Request) -> Nest:
    """Return the loop nests of a sum."""
    return _Lowering.of(joint, names, request).nest()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lowering:
    """What the parts of a program are made from. `old`: what the array of the result is called where it is read
    elsewhere than at the element that is written, None where it is not."""

    joint: JointSum
    names: Names
    request: Request
    dtypes: Dtypes
    inputs: tuple[Buffer, ...]
    place: bool
    old: str | None

    @classmethod
    def of(cls, joint: JointSum, names: Names, request: Request) -> _Lowering:
        """Return what a sum is lowered with."""
        place = in_place(joint, request)
        reads = any(name == names.result for name in names.operands)
        apart = reads and not (place and joint.plainly_old)
        return cls(
            joint=joint,
            names=names,
            request=request,
            dtypes=_dtypes(joint, names, request, place=place),
            inputs=inputs_of(joint.spec, names, request),
            place=place,
            old=names.local(f"{names.result}_old") if apart else None,
        )

    @property
    def pointers(self) -> bool:
        """The loops are given memory."""
        return self.request.values is Values.POINTERS

    def nest(self) -> Nest:
        """Return the program."""
        spec, names, dtypes = self.joint.spec, self.names, self.dtypes
        prepared = prepare(spec, names, self.request, self.inputs, dtypes, conversions=self.conversions())
        stages = self.stages()
        setup: list[Statement] = [*prepared.statements, *self.divisors()]
        if self.old is not None and not self.pointers:
            setup.append(self.kept())
        if self.place and self.request.checked and not spec.output and self.request.values is Values.ARRAYS:
            setup.append(self.unboxed())
        if not self.place:
            zero = zeros(names, names.result, spec.output, dtypes.result)
            if self.pointers and isinstance(stages[0].statement, Assign):
                zero = replace(zero, zero=False)
            first = not spec.output and not self.request.checked and not self.pointers and self.old is None
            setup = [zero, *setup] if first else [*setup, zero]
        elif not self.adds and isinstance(stages[0].statement, Accumulate):
            stages = (self.cleared(), *stages)
        if self.old is not None and self.pointers:
            stages = (self.copied(), *stages)
        result = Buffer(
            name=names.result,
            rank=len(spec.output),
            dtype=dtypes.result.dtype,
            extents=tuple(names.extent[label] for label in spec.output),
        )
        return Nest(
            inputs=self.inputs,
            result=result,
            prepare=tuple(setup),
            stages=stages,
            checked=self.request.checked,
            dtypes=dtypes,
            updates=self.place,
        )

    @property
    def adds(self) -> bool:
        """The result is added to."""
        return self.joint.adds

    def divisors(self) -> list[Statement]:
        """Return what refuses lengths of zero that divide something: there is nothing to divide in the loops then."""
        if not self.request.checked or self.pointers:
            return []
        extent = self.names.extent
        return [CheckDivisor(name=extent.get(label, label), title=label) for label in self.joint.divided]

    def unboxed(self) -> Assign:
        """Return what takes a result without axes out of the array that it is given in."""
        scalar = Access(buffer=self.names.result)
        return Assign(target=scalar, factors=(replace(scalar, boxed=True),))

    def kept(self) -> KeepOld:
        """Return what keeps the array of the result as it is."""
        assert self.old is not None
        buffer = next(buffer for buffer in self.inputs if buffer.name == self.names.result)
        items = tuple(self.names.local(f"x{level}") for level in range(buffer.rank))
        return KeepOld(target=self.old, buffer=buffer, copied=self.place, items=items)

    def copied(self) -> Stage:
        """Return the loops that copy the array of the result."""
        assert self.old is not None
        spec, names = self.joint.spec, self.names
        assert self.joint.old is not None
        source = element(spec, names, self.joint.old, names.result, self.request)
        target = replace(source, buffer=self.old, boxed=False, strides=None)
        zero = zeros(names, self.old, spec.output, self.dtypes.result, owned=True)
        heads = [self.head(spec.output, label, (source, target)) for label in spec.output]
        body = nested(heads, (Assign(target=target, factors=(source,)),))
        return Stage(setup=(zero,), body=body, zero=self.dtypes.result)

    @property
    def unsigned(self) -> bool:
        """The result may have a dtype that has no number below zero."""
        dtype = self.dtypes.result.dtype
        return self.request.checked if dtype is None else DTYPES[dtype].kind is DtypeKind.UNSIGNED

    def cleared(self) -> Stage:
        """Return the loops that write zeros over what is there."""
        target, spec = self.target(), self.joint.spec
        body = (Assign(target=target, factors=(), scales=(NOTHING,)),)
        heads = [self.head(spec.output, label, (target,)) for label in spec.output]
        return Stage(setup=(), body=nested(heads, body), zero=self.dtypes.result)

    def target(self) -> Access:
        """Return the element that is written."""
        joint, names = self.joint, self.names
        return Access(
            buffer=names.result,
            subscripts=tuple(names.index[label] for label in joint.output),
            boxed=not joint.output and self.pointers,
            extents=tuple(names.extent[label] for label in joint.output),
            dtype=self.dtypes.result.dtype,
        )

    def stages(self) -> tuple[Stage, ...]:
        """Return the loops: the summands that sum nothing, then the others; those that loops read through once over the
        same indices are one statement, and what reads its numbers many times has loops of its own."""
        joint = self.joint
        together: list[JointTerm] = []
        groups: dict[object, list[JointTerm]] = {}
        for number, term in enumerate(joint.terms):
            summed = joint.summed(term)
            alike = frozenset(summed) if self.is_read_through(term) else number
            (groups.setdefault(alike, []) if summed else together).append(term)
        every = ([together] if together else []) + list(groups.values())
        return tuple(self.stage(group, first=number == 0) for number, group in enumerate(every))

    def is_read_through(self, term: JointTerm) -> bool:
        """Return whether some operand has all indices of a summand: no number of it is read twice."""
        labels = {*self.joint.output, *self.joint.summed(term)}
        return any(labels <= {*self.joint.spec.operands[number].labels} for number in term.operands)

    def stage(self, terms: list[JointTerm], *, first: bool) -> Stage:
        """Return the loops of a statement. What is subtracted comes last in it."""
        joint, target = self.joint, self.target()
        terms = sorted(terms, key=lambda term: term.negative)
        factors = [self.factors(term) for term in terms]
        scales = tuple(self.scale(term) for term in terms)
        plain = all(scale == BARE for scale in scales) and all(factors)
        summed = tuple(dict.fromkeys(label for term in terms for label in joint.summed(term)))
        assigns = first and not summed and not self.adds and (bool(joint.output) or self.place)
        assigns = assigns and not (self.unsigned and all(term.negative and not term.operands for term in terms))
        made = (Assign if assigns else Accumulate)(
            target=target,
            factors=factors[0],
            more=tuple(factors[1:]),
            scales=() if plain else scales,
            wide=self.dtypes.wide,
        )
        labels = terms[0].labels if len(joint.terms) == 1 else (*joint.output, *summed)
        elements = (*(access for each in factors for access in each), target)
        heads = [self.head(labels, label, elements) for label in labels]
        return Stage(setup=(), body=nested(heads, (made,)), zero=self.dtypes.sums)

    def head(self, labels: tuple[str, ...], label: str, elements: tuple[Access, ...]) -> Head:
        """Return the loop over an index, which is told of the operands in its own nest alone."""
        spec = self.joint.spec
        step = Step(taken=(), terms=(labels,), output=spec.output)
        made = head_of(spec, self.names, step, label, tuple(dict.fromkeys(elements)))
        read = {access.buffer for access in elements}
        places = tuple(place for place in made.of.places if self.names.operands[place.operand] in read)
        return replace(made, of=replace(made.of, places=places))

    def factors(self, term: JointTerm) -> tuple[Access, ...]:
        """Return the elements that a summand multiplies: scalars and lengths, then arrays."""
        spec = self.joint.spec
        scalars = [n for n in term.operands if not spec.operands[n].labels]
        arrays = [n for n in term.operands if spec.operands[n].labels]
        lengths = tuple(self.length(label) for label in term.lengths)
        return (*map(self.read, scalars), *lengths, *map(self.read, arrays))

    def read(self, number: int) -> Access:
        """Return the element of an operand."""
        name = self.names.operands[number]
        view = self.old if self.old is not None and name == self.names.result else name
        return element(self.joint.spec, self.names, number, view, self.request)

    def length(self, label: str) -> Access:
        """Return the extent of an index, or a length that was named before, as a factor."""
        return Access(buffer=self.names.extent.get(label, label), dtype="int64" if self.pointers else None)

    def scale(self, term: JointTerm) -> Scale:
        """Return what stands beside the elements of a summand."""
        divisors = (*map(self.read, term.divisors), *map(self.length, term.divided))
        return Scale(
            multiplier=term.multiplier, negative=term.negative, divisors=divisors, denominator=term.denominator
        )

    def conversions(self) -> list[Statement]:
        """Return what converts the operands to the dtype of the sum; what is written in place has it."""
        request, dtypes = self.request, self.dtypes
        if request.values is not Values.ARRAYS:
            return []
        kept = self.names.result if self.place else None
        others = [buffer for buffer in self.inputs if buffer.name != kept]
        if request.dtypes is not None:
            checks = [CheckDtype(buffer=buffer) for buffer in self.inputs] if request.checked else []
            common = dtypes.result.dtype
            if dtypes.wide is not None:
                return [*checks]
            return [
                *checks,
                *(Convert(buffer=b, dtype=common, boxed=request.checked) for b in others if b.dtype != common),
            ]
        variable, used = dtypes.result.variable, dtypes.sums.variable
        if variable is None or used is None:
            return []
        return [
            self.found(variable),
            *summing(variable, used),
            *(Convert(buffer=buffer, variable=used) for buffer in others),
        ]

    def found(self, variable: str) -> SumDtype:
        """Return what finds the dtype of the sum."""
        into = next((b for b in self.inputs if b.name == self.names.result), None) if self.joint.given else None
        terms: dict[tuple[tuple[str, ...], str | None], None] = {} if into is None else {((into.name,), None): None}
        for term in self.joint.terms:
            read = tuple(dict.fromkeys(self.names.operands[n] for n in (*term.operands, *term.divisors)))
            kind = number_kind(term)
            if read or kind != INT:
                terms[read, None if kind == INT else kind] = None
        return SumDtype(
            variable=variable,
            terms=tuple(terms),
            buffers=self.inputs,
            into=into,
            over=self.joint.over,
        )


def _dtypes(joint: JointSum, names: Names, request: Request, *, place: bool) -> Dtypes:
    """Return how zeros are typed. What is written in place is rounded at every step."""
    if request.values is Values.LISTS:
        return Dtypes(result=Zero(), sums=Zero())
    if request.dtypes is not None:
        dtype = sum_dtype(joint, request.dtypes)
        sums = dtype if place else summing_dtype(dtype)
        return Dtypes(result=Zero(dtype=dtype), sums=Zero(dtype=sums))
    if not request.checked:
        dtype = sum_dtype(joint, _assumed(joint, request))
        zero = Zero(dtype=None if dtype == FLOAT64 else dtype)  # a complex factor makes complex numbers of floats
        return Dtypes(result=zero, sums=zero)
    result = Zero(variable=names.local("dtype"))
    return Dtypes(result=result, sums=result if place else Zero(variable=names.local("wide")))
