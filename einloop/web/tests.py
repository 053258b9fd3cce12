"""Tests that a person states of an expression: shapes alone, or values and a result. Computed without numpy."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import isclose, prod
from typing import Any

from ..core.bind import show_shape
from ..core.effort import TooMuchError, limited
from ..core.errors import EinloopError, OptionError
from ..core.expected import Expected
from ..core.message import Code, Message
from ..core.options import Options
from ..core.plain_array import PlainArray, positions
from ..core.spec import Spec
from ..evaluate import evaluate, evaluate_statements, of_text
from ..notation.shapes import read_expected
from ..pipeline.arrays import by_name
from ..pipeline.expecting import expectation
from ..pipeline.reading import values_of
from ..pipeline.summed import by_name as by_statement
from ..pipeline.summed import joined
from ..views.catalogue import Catalogue
from ..views.refusal import refusal_words
from .arrays import HeldArrays
from .asked import options_of
from .reading import einsum_arrays, names_of, read, statement_arrays, words_for
from .remembered import Read
from .state import PageState, StatedTest

TOLERANCE = 1e-6
"""How far apart two numbers with a fraction may be, relative to the larger one; whole numbers are equal or not."""
MAX_POINTS = 100_000
"""Loop iterations of one test."""
MAX_UNITS = 300_000
MAX_SHOWN = 200
"""Characters of a value that is shown."""
NAME = re.compile(r"([^\W\d]\w*)\s*=\s*(?!=)")
OPEN, CLOSE, BETWEEN = "[(", "])", " ,;\t\r\n"
Named = list[tuple[str | None, PlainArray]]


@dataclass(frozen=True)
class TestVerdict:
    """How a test ended, in words."""

    outcome: str
    message: Message


def tests(state: PageState, held: HeldArrays) -> dict[str, Any]:
    """Return a row for every test: passed, failed, or refused with the reason."""
    words = words_for(state)
    return {"rows": [_row(one, state, held, words) for one in state.tests]}


def _row(one: StatedTest, state: PageState, held: HeldArrays, words: Catalogue) -> dict[str, Any]:
    try:
        with limited(MAX_UNITS):
            found = _ran(one, replace(state, shapes=one.shapes or state.shapes, arrays=()), held)
    except TooMuchError:
        found = TestVerdict("refused", Message("answer.test.long"))
    except EinloopError as error:
        said, _ = refusal_words(error, words.language)
        return {"name": one.name, "outcome": "refused", "id": error.id, "text": said}
    return {"name": one.name, "outcome": found.outcome, "id": None, "text": words.text(found.message)}


def _ran(one: StatedTest, state: PageState, held: HeldArrays) -> TestVerdict:
    """Return how a test ended. Raises EinloopError where nothing can be said."""
    if not one.values.strip():
        return _of_shapes(one.result, state, options_of(state, held))
    given: Named = [(name, of_text(text, name or "a value")) for name, text in split_values(one.values)]
    options = options_of(replace(state, shapes=one.shapes), held)
    if not one.shapes.strip():  # the values have shapes
        options = replace(options, shapes=tuple((name, array.shape) for name, array in given))
    made = _value(read(state, options), given, options)
    if not one.result.strip():
        return TestVerdict("passed", Message("answer.test.value", {"value": _shown(made.tolist())}))
    return _compared(made, of_text(one.result, "the result"))


def split_values(text: str) -> list[tuple[str | None, str]]:
    """Return the values in a text with their names: lists and numbers, with blanks, commas or semicolons between.

    >>> split_values("A = [[1, 2], [3, 4]], [1, 1]; 2.5")
    [('A', '[[1, 2], [3, 4]]'), (None, '[1, 1]'), (None, '2.5')]
    """
    found: list[tuple[str | None, str]] = []
    place = 0
    while place < len(text):
        if text[place] in BETWEEN:
            place += 1
            continue
        named = NAME.match(text, place)
        start = place = named.end() if named else place
        depth = 0
        while place < len(text) and (depth > 0 or text[place] not in BETWEEN):
            depth += (text[place] in OPEN) - (text[place] in CLOSE)
            place += 1
        found.append((named[1] if named else None, text[start:place]))
    return found


def _of_shapes(result: str, state: PageState, options: Options) -> TestVerdict:
    """Return whether the shapes fit, and whether the result has the axes that it should."""
    found = read(state, options)
    if isinstance(found, Spec):
        _, made = einsum_arrays(found, names_of(found, options))
    else:
        _, made, _ = statement_arrays(found, options)
    sizes = dict(zip(made["labels"], made["shape"], strict=True))
    said = {"shape": Code(show_shape(tuple(label if size is None else size for label, size in sizes.items())))}
    if not result.strip():
        return TestVerdict("passed", Message("answer.test.fits", said))
    wanted = read_expected(result)
    met = _expected(found, wanted, options).met(tuple(made["labels"]), sizes)
    said["wanted"] = Code(show_shape(wanted))
    if met is None:
        return TestVerdict("refused", Message("answer.test.open", said))
    if met:
        return TestVerdict("passed", Message("answer.test.shape.expected", said))
    return TestVerdict("failed", Message("answer.test.shape.unexpected", said))


def _expected(found: Read, wanted: tuple[int | str, ...], options: Options) -> Expected:
    """Return what the result should look like."""
    if isinstance(found, Spec):
        expected = expectation(found, replace(options, expect=wanted))
        assert expected is not None
        return expected
    return Expected(axes=wanted, labels={}, lengths=frozenset())


def _value(found: Read, given: Named, options: Options) -> PlainArray:
    """Return the result for values. Raises EinloopError, also where it would take long."""
    values = tuple(given)
    if isinstance(found, Spec):
        names = names_of(found, options).operands
        arrays = by_name(names, values_of(found, values, "array", options))
        missing = [name for name in names if name not in arrays]
        points = prod(x.extent for x in found.indices if isinstance(x.extent, int))
    else:
        arrays, missing = by_statement(found, values, "array"), []
        extents = joined(found, options).extents.values()
        points = len(found.combinations) * prod(size for size in extents if isinstance(size, int))
    if missing:
        raise OptionError("EL420", f"no value is given for {', '.join(missing)}")
    if points > MAX_POINTS:
        raise OptionError("EL488", f"a test has at most {MAX_POINTS:,} loop iterations, and this takes {points:,}")
    if isinstance(found, Spec):
        return evaluate(found, [arrays[name] for name in names]).whole()
    return evaluate_statements(found, arrays)[-1].whole()


def _compared(made: PlainArray, wanted: PlainArray) -> TestVerdict:
    if made.shape != wanted.shape:
        shapes = {"shape": Code(show_shape(made.shape)), "wanted": Code(show_shape(wanted.shape))}
        return TestVerdict("failed", Message("answer.test.shape.unexpected", shapes))
    place = next((at for at in positions(made.shape) if not equal(made.at(at), wanted.at(at))), None)
    if place is not None:
        said = {"value": _shown(made.at(place)), "wanted": _shown(wanted.at(place)), "at": _shown(list(place))}
        return TestVerdict("failed", Message(f"answer.test.differs.{'element' if place else 'number'}", said))
    exact = all(isinstance(value, int) for value in (*made.values, *wanted.values))
    return TestVerdict("passed", Message(f"answer.test.equal.{'exact' if exact else 'close'}"))


def equal(one: Any, other: Any) -> bool:
    """Return whether two numbers are equal: whole ones exactly, others to a millionth; nan is like nan.

    >>> equal(1, 1.0), equal(10**9, 10**9 + 1), equal(1 / 3, 0.333333), equal(float("nan"), float("nan"))
    (True, False, True, True)
    """
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    if isinstance(one, complex) or isinstance(other, complex):
        one, other = complex(one), complex(other)
        return equal(one.real, other.real) and equal(one.imag, other.imag)
    return (one != one and other != other) or isclose(one, other, rel_tol=TOLERANCE)  # noqa: PLR0124


def _shown(value: Any) -> Code:
    text = repr(value)
    return Code(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…")
