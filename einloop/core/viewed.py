"""A sum of einsums over parts of arrays: what it is given, and what its operands are of that. Pure; runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .bind import Shape, show_shape
from .combination import View
from .errors import ShapeError
from .frozen import dataclass
from .joint import JointSum, refused
from .names import WORDS, fresh
from .part_text import UnsaidError, base_of, first_axes, rank_of, read_names, reworded
from .parts import Shaped, part, sized
from .sizes import connected

Known = tuple[tuple[str, tuple[int, ...]], ...]
"""Shapes by name; a length has one of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewedInput:
    """An array, a scalar or a length that is given: its name, its axes, and the operand that has its dtype.

    `rank` None: any number of axes. `length`: a whole number.
    """

    name: str
    rank: int | None
    operand: str | None = None
    length: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed:
    """What stands around loops whose operands are parts of arrays, in the names of the loops.

    `inputs`: what is given, in order of appearance. `views`: what operands and lengths in the loops stand for. `result`
    is what the loops compute; where that is the part `target` of an array, `whole` is that array, else None. `kept`: a
    copy of the array, which views read where it is written.
    """

    inputs: tuple[ViewedInput, ...]
    views: tuple[View, ...]
    result: str
    whole: str | None = None
    target: str | None = None
    kept: str | None = None
    put: bool = False
    """The part is one element: it is put into its place in the end."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what is given."""
        return tuple(one.name for one in self.inputs)

    def base(self, name: str) -> str:
        """Return the array that an operand of the loops is, or is a part of."""
        text = next((view.text for view in self.views if view.name == name), name)
        first = base_of(text).removeprefix("len(").strip("(-")
        return self.whole if first == self.kept and self.whole is not None else first

    def one(self, name: str, known: Mapping[str, Any]) -> Any:
        """Return what one name in the loops stands for, None where it is not known."""
        text = next((view.text for view in self.views if view.name == name), name)
        return part(text, known)

    def inside(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what all names in the loops stand for, of arrays or of shapes; None where a part does not exist.

        >>> x = ViewedInput(name="x", rank=1)
        >>> pair = Viewed(inputs=(x,), views=(View(name="x1", text="x[1:]"),), result="y")
        >>> pair.inside({"x": Shaped((5,))})["x1"].shape
        (4,)
        """
        known = dict(values)
        if self.kept is not None and self.whole is not None:
            known[self.kept] = values[self.whole]
        for view in self.views:
            found = part(view.text, known)
            if found is None:
                return None
            known[view.name] = found
        written = self.target is None or self.whole not in known or part(self.target, known) is not None
        return known if written else None


def shapes_inside(joint: JointSum, shapes: Mapping[str, Shape], sizes: Mapping[str, Any]) -> dict[str, Shape]:
    """Return the shapes of operands, of parts too, where those of arrays by name say them in numbers.

    Raises ShapeError where an array has no such part.
    """
    found = dict(shapes)
    arrays, lengths = sized(shapes, sizes)
    for view in joint.views:
        made = part(view.text, arrays, lengths)
        if isinstance(made, Shaped):
            found[view.name] = made.shape
            continue
        read, needed = read_names(view.text)
        if made is None and all(name in arrays for name in read) and all(name in lengths for name in needed):
            shown = ", ".join(f"{name} of shape {show_shape(arrays[name].shape)}" for name in read)
            raise ShapeError("EL205", f"there is no {view.text} of {shown}", text=joint.spec.source.text)
    return found


def dtypes_inside(joint: JointSum, dtypes: Mapping[str, str]) -> dict[str, str]:
    """Return the dtypes of operands, for those of arrays by name: a part has that of its array."""
    views = {view.name: next(iter(read_names(view.text)[0]), "") for view in joint.views}
    names = [operand.name or "" for operand in joint.spec.operands]
    found = {name: dtypes.get(views.get(name, name)) for name in names}
    return {name: dtype for name, dtype in found.items() if dtype is not None}


def viewed(joint: JointSum, operands: tuple[str, ...], reserved: Iterable[str], taken: Iterable[str]) -> Viewed | None:
    """Return what stands around the loops of a sum, None where its operands are whole arrays.

    `operands` are their names in the loops; no name is one of `reserved`, nor, but for arrays and lengths of the
    statement, of `taken`. Raises OptionError for a text that says something else than a part of an array.
    """
    if not joint.views and joint.target is None:
        return None
    called = dict(zip((op.name or "" for op in joint.spec.operands), operands, strict=True))
    views = {view.name for view in joint.views}
    given = _given(joint, {name for name in called if name not in views})
    words, used = {*WORDS, *reserved}, set(taken)
    named: dict[str, str] = {}
    for one in given:
        name = called.get(one.name, one.name)
        named[one.name] = name if one.name in called else fresh(name, words | (used - {one.name}))
    return _Around(joint=joint, called=called, named=named, used=frozenset(used | set(named.values()))).viewed(given)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """The sum, what its operands and what is given are called in the loops, and the names that are taken."""

    joint: JointSum
    called: Mapping[str, str]
    named: Mapping[str, str]
    used: frozenset[str]

    def viewed(self, given: tuple[ViewedInput, ...]) -> Viewed:
        """Return what stands around the loops."""
        joint = self.joint
        whole = joint.whole if joint.whole is not None else joint.result
        others = [view for view in joint.views if whole in read_names(view.text)[0] and view.name != joint.result]
        written = joint.target is not None or joint.given or joint.old is not None
        spoilt = written and bool(others or (joint.target is not None and whole in self.called))
        kept = fresh(f"{self.named.get(whole, whole)}_old", self.used) if spoilt else None
        return Viewed(
            inputs=tuple(
                replace(one, name=self.named[one.name], operand=self.called.get(one.operand or "")) for one in given
            ),
            views=tuple(self._view(view, kept if view in others else None, whole) for view in joint.views),
            result=self.called.get(joint.result, joint.result),
            whole=self.named.get(whole, whole) if joint.target is not None or kept is not None else None,
            target=None if joint.target is None else self._said(joint.target, self.named),
            kept=kept,
            put=joint.target is not None and not joint.output,
        )

    def _view(self, view: View, kept: str | None, whole: str) -> View:
        names = {**self.named, whole: kept} if kept is not None else dict(self.named)
        return View(name=self.called.get(view.name, view.name), text=self._said(view.text, names))

    def _said(self, text: str, names: Mapping[str, str]) -> str:
        try:
            return reworded(text, names)
        except UnsaidError as error:
            raise refused(
                self.joint.statements.combinations[0],
                f"{error} is no part of an array that loops can name",
                "make it an array of its own",
            ) from None


def _given(joint: JointSum, whole: set[str]) -> tuple[ViewedInput, ...]:
    """Return what is given: arrays, scalars and lengths, in order of appearance."""
    found: dict[str, ViewedInput] = {}
    views = {view.name: view for view in joint.views}
    ranks = {operand.name or "": len(operand.labels) for operand in joint.spec.operands}
    for name, rank in ranks.items():
        if name in whole:
            found.setdefault(name, ViewedInput(name=name, rank=rank, operand=name))
        else:
            _read(found, views[name], joint, ranks)
    for view in joint.views:
        _read(found, view, joint, ranks)
    if joint.whole is not None and joint.whole not in found:
        rank_of_whole = rank_of(joint.target or joint.whole, len(joint.output))
        found[joint.whole] = ViewedInput(name=joint.whole, rank=rank_of_whole)
    return tuple(found.values())


def _read(found: dict[str, ViewedInput], view: View, joint: JointSum, ranks: Mapping[str, int]) -> None:
    """Take note of what a view reads; `ranks` are those of operands."""
    try:
        arrays, lengths = read_names(view.text)
    except UnsaidError:
        raise refused(joint.statements.combinations[0], f"{view.text} is no part of an array") from None
    base = next(iter(arrays), None)
    for name, least in arrays.items():
        if name in ranks:
            made = ViewedInput(name=name, rank=ranks[name], operand=name)
        elif name == base and view.name in ranks:
            made = ViewedInput(name=name, rank=rank_of(view.text, ranks[view.name]), operand=view.name)
        else:
            made = ViewedInput(name=name, rank=least)
        if name not in found or (found[name].operand is None and made.operand is not None):
            found[name] = made
    for name in lengths:
        found[name] = ViewedInput(name=name, rank=0, operand=name if name in ranks else None, length=True)


def agreeing(joint: JointSum, inside: Mapping[str, Any], called: tuple[str, ...]) -> bool:
    """Return whether operands of these shapes fit the loops of a sum: one index has one length. What is not among them
    fits."""
    extents: dict[object, int] = {}
    named = {index.label: index.extent for index in joint.spec.indices if isinstance(index.extent, str)}
    home = connected([((index.label,), named.get(index.label, (index.label,))) for index in joint.spec.indices])
    for name, operand in zip(called, joint.spec.operands, strict=True):
        if name not in inside:
            continue
        shape = getattr(inside[name], "shape", ())
        if len(shape) != len(operand.labels):
            return False
        for axis, (label, size) in enumerate(zip(operand.labels, shape, strict=True)):
            wanted = 1 if axis in operand.stretched else extents.setdefault(home[label,], size)
            if wanted != size:
                return False
    return True


def check_lists(joint: JointSum) -> None:
    """Raise OptionError where nested lists have no such part, or where one would be written into a copy of it."""
    hint = "--style article computes on arrays"
    combination = joint.statements.combinations[0]
    if joint.target is not None:
        raise refused(combination, f"{joint.target} of nested lists is a copy, and writing into it is lost", hint)
    for view in joint.views:
        if not first_axes(view.text):
            raise refused(combination, f"nested lists have no {view.text}", hint)
