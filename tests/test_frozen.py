"""Classes that are finished at their first use are those that dataclasses makes."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, field
from importlib import import_module
from typing import ClassVar

import pytest

from einloop.core import frozen

NAN = float("nan")


def matched(value):
    """Return what a pattern finds in a value."""
    match value:
        case object(__match_args__=("first", "second"), first=one):
            return one
        case object(__match_args__=()):
            return "by name alone"


def module_classes(dataclass):
    """Return a few classes made by a decorator, which all have the same names."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Plain:
        block: ClassVar[str] = "plain"
        left: int
        right: tuple[int, ...] = ()
        more: dict[str, int] = field(default_factory=dict)
        unseen: object = field(default=None, compare=False)

        @property
        def both(self):
            return (self.left, *self.right)

        @classmethod
        def of(cls, *numbers):
            return cls(left=numbers[0], right=numbers[1:])

    @dataclass(frozen=True, slots=True)
    class Ordered:
        first: int
        second: int = 2

    @dataclass(frozen=True, slots=True, kw_only=True, repr=False)
    class Shown:
        only: object

        def __repr__(self):
            return f"<{self.only}>"

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Empty:
        """Nothing."""

    @dataclass(slots=True)
    class Open:
        value: int
        twice: int = field(init=False)

        def __post_init__(self):
            self.twice = 2 * self.value

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Derived(Plain):
        last: int = 9

    return {"Plain": Plain, "Ordered": Ordered, "Shown": Shown, "Empty": Empty, "Open": Open, "Derived": Derived}


@pytest.fixture
def ours():
    return module_classes(frozen.dataclass)


THEIRS = module_classes(dataclasses.dataclass)

USES: dict[str, Callable[[dict[str, type]], object]] = {
    "repr": lambda k: repr(k["Plain"](left=1)),
    "repr of one field's own": lambda k: repr(k["Shown"](only=1)),
    "equal": lambda k: k["Plain"](left=1) == k["Plain"](left=1, unseen=3),
    "unequal": lambda k: k["Plain"](left=1) == k["Plain"](left=2),
    "nan is itself": lambda k: k["Shown"](only=NAN) == k["Shown"](only=NAN),
    "another class": lambda k: k["Ordered"](1) == k["Empty"](),
    "hash": lambda k: hash(k["Ordered"](1)) == hash(k["Ordered"](1, 2)),
    "no hash": lambda k: hash(k["Plain"](left=1)),
    "in a set": lambda k: len({k["Ordered"](1), k["Ordered"](first=1, second=2), k["Ordered"](2)}),
    "a default that is made": lambda k: k["Plain"](left=1).more is k["Plain"](left=1).more,
    "the fields": lambda k: [(f.name, f.type, f.kw_only, f.compare) for f in dataclasses.fields(k["Plain"])],
    "no fields": lambda k: dataclasses.fields(k["Empty"]),
    "the fields of a value": lambda k: [f.name for f in dataclasses.fields(k["Ordered"](1))],
    "is_dataclass": lambda k: dataclasses.is_dataclass(k["Plain"]),
    "replace": lambda k: repr(dataclasses.replace(k["Plain"](left=1), right=(2,))),
    "replace with a stranger": lambda k: dataclasses.replace(k["Ordered"](1), third=2),
    "asdict": lambda k: dataclasses.asdict(k["Plain"](left=1)),
    "copy": lambda k: repr(copy.copy(k["Plain"](left=1, right=(2,)))),
    "deepcopy": lambda k: repr(copy.deepcopy(k["Plain"](left=1, more={"x": 1}))),
    "a class variable": lambda k: (k["Plain"].block, k["Plain"](left=1).block),
    "a property": lambda k: k["Plain"].of(1, 2, 3).both,
    "set": lambda k: setattr(k["Plain"](left=1), "left", 2),
    "delete": lambda k: delattr(k["Plain"](left=1), "left"),
    "no other attribute": lambda k: k["Plain"](left=1).__dict__,
    "too few": lambda k: k["Plain"](),
    "by place": lambda k: k["Plain"](1),
    "a stranger": lambda k: k["Plain"](left=1, wrong=2),
    "too many": lambda k: k["Ordered"](1, 2, 3),
    "the name": lambda k: (k["Plain"].__name__, k["Plain"].__qualname__, k["Plain"].__module__, k["Empty"].__doc__),
    "one that is not frozen": lambda k: (repr(k["Open"](1)), setattr(k["Open"](1), "value", 2)),
    "one with a base": lambda k: (repr(k["Derived"](left=1)), k["Derived"](left=1, last=2).both),
    "a pattern": lambda k: (matched(k["Ordered"](1)), matched(k["Plain"](left=1))),
    "the slots": lambda k: (k["Plain"].__slots__, k["Empty"].__slots__),
}


def told(use, classes):
    """Return what a use gives, or the class of what it raises with its text."""
    try:
        return use(classes)
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_first_uses(use, ours):
    wanted = told(use, THEIRS)
    assert told(use, ours) == wanted
    assert told(use, ours) == wanted


def test_frozen_is_frozen(ours):
    value = ours["Plain"](left=1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'left'"):
        value.left = 2
    assert value.left == 1


def test_a_class_that_is_used_is_the_same_class(ours):
    plain = ours["Plain"]
    before = plain(left=1)
    assert plain(left=1) == before
    assert type(before) is plain
    assert inspect.signature(plain).parameters.keys() == {"left", "right", "more", "unseen"}


def test_a_module_is_pickled_and_read_where_nothing_was_used_yet():
    source, span = import_module("einloop.core.source"), import_module("einloop.core.source").Span(start=1, stop=2)
    text = pickle.dumps(span)
    module_text = inspect.getsource(source)
    fresh = type(source)(source.__name__)
    fresh.__dict__["__package__"] = "einloop.core"
    exec(compile(module_text, "source.py", "exec"), vars(fresh))
    value = object.__new__(fresh.Span)
    value.__setstate__(span.__getstate__())
    assert (pickle.loads(text), (value.start, value.stop)) == (span, (1, 2))


def test_threads_that_use_a_class_at_once():
    for _ in range(50):
        ordered = module_classes(frozen.dataclass)["Ordered"]
        with ThreadPoolExecutor(4) as pool:
            values = list(pool.map(lambda k, made=ordered: {made(k % 2), made(k % 2)}, range(8)))
        assert all(len(value) == 1 for value in values)
        assert len(set().union(*values)) == 2
