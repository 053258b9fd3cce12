"""Which dtype the loops declare for each operand."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.bind import operand_title
from ..core.dtypes import ARITHMETIC, BFLOAT16, WIDER_HINT, array_dtype, common_dtype, dtype_name
from ..core.errors import DtypeError, OptionError
from ..core.generated import Values
from ..core.options import LoadedArray, Options
from ..core.spec import Spec
from ..targets.target import Style
from .reading import values_of


def declared_dtypes(spec: Spec, options: Options, style: Style, *, checked: bool) -> tuple[str, ...] | None:
    """Return one declared dtype per operand, or None where none is declared.

    Undeclared ones have what the text of a pasted call shows of them, else float64. Where a style has not that dtype,
    it may compute in the dtype common to all of them. Checked loops for a view of an array with a dtype that has no
    arithmetic take every dtype, as the view does.
    """
    declared, shown = options.dtypes, shown_dtypes(spec)
    if not declared and not options.loaded and shown is None:
        if style.values is Values.POINTERS:
            return (style.dtypes[0] if style.dtypes else "float64",) * len(spec.operands)
        numbers = checked or style.values is Values.LISTS  # loops on arrays take them as they come
        return (style.dtypes[0],) * len(spec.operands) if numbers and style.dtypes else None
    asked, loaded = _asked(spec, options)
    _check_in_numpy(spec, _every(spec, asked, loaded))
    if style.values is Values.LISTS and not style.dtypes:
        if not declared:
            _check_countable(spec, options, shown)
            return None
        raise OptionError(
            "EL410", f"style {style.name!r} computes on Python numbers, which have no dtype", hint="leave --dtype out"
        )
    names = _every(spec, asked, loaded)
    if style.dtypes:
        names = tuple(_native(name) for name in names)
        if not declared and not options.loaded and common_dtype(names) in style.dtypes:
            names = tuple(name if name in style.dtypes else common_dtype(names) for name in names)
    for number, name in enumerate(names):
        if style.dtypes and name not in style.dtypes:
            compiled = style.values is not Values.ARRAYS
            what = f"target {options.target!r}" if compiled else f"style {style.name!r}"
            raise OptionError(
                "EL410",
                f"{what} is for {', '.join(style.dtypes)}; {operand_title(spec, number)} has {name}",
                operand=number,
                hint="target python is right for every dtype" if compiled else "another style is right for every dtype",
            )
    return None if checked and names[0] not in ARITHMETIC else names


def shown_dtypes(spec: Spec) -> tuple[str | None, ...] | None:
    """Return the dtype of every operand that the text of a pasted call shows, None where it shows none but float64.

    Operands of one name have what the first of them shows.
    """
    arguments = spec.site.arguments if spec.site is not None else ()
    found = [argument.dtype if argument is not None else None for argument in arguments[: len(spec.operands)]]
    rest = spec.site.rest_dtype if spec.site is not None else None
    found += [rest] * (len(spec.operands) - len(found))
    if set(found) <= {None, "float64"}:
        return None
    names = [op.name or number for number, op in enumerate(spec.operands)]
    return tuple(found[names.index(name)] for name in names)


def shown_note(spec: Spec, options: Options, operands: Sequence[str]) -> tuple[str, ...]:
    """Return a note where dtypes are taken from the text of a call and others, which it does not show, are assumed."""
    shown = shown_dtypes(spec)
    if shown is None or spec.site is None or options.dtypes or options.loaded:
        return ()
    known = dict.fromkeys(f"{name} is {dtype}" for name, dtype in zip(operands, shown, strict=True) if dtype)
    open_ = dict.fromkeys(name for name, dtype in zip(operands, shown, strict=True) if dtype is None)
    if not open_:
        return ()
    taken = f"{', '.join(open_)} {'is' if len(open_) == 1 else 'are'} taken as float64"
    return (f"{', '.join(known)} by its text; {taken} (--dtype, dtypes= say otherwise)",)


def _check_countable(spec: Spec, options: Options, shown: Sequence[str | None] | None) -> None:
    """Raise OptionError for loops on Python numbers over what the text shows to be bool alone: they would count."""
    if shown is not None and not options.loaded and set(shown) == {"bool"}:
        raise OptionError(
            "EL410",
            f"style {options.style!r} computes on Python numbers, and {operand_title(spec, 0)} has bool: they would be "
            "counted, where np.einsum combines them by or",
            operand=0,
            hint="another style is right for every dtype",
        )


def _dtype(spec: Spec, number: int, text: str | None, array: LoadedArray | None) -> str:
    if text is not None:
        if array is not None and dtype_name(text) != array_dtype(array.dtype, operand_title(spec, number), number):
            raise OptionError("EL480", f"dtype {text} for an array that has dtype {dtype_name(array.dtype)}")
        return dtype_name(text)
    if array is None:
        return "float64"
    if spec.is_view and array.dtype != BFLOAT16 and (array.dtype[0] in ">" or array.dtype[1] not in "biufcO"):
        return array.dtype  # a view keeps any dtype and byte order
    return array_dtype(array.dtype, operand_title(spec, number), number)


def _every(spec: Spec, asked: Sequence[str | None], loaded: Sequence[LoadedArray | None]) -> tuple[str, ...]:
    return tuple(
        _dtype(spec, number, text, array) for number, (text, array) in enumerate(zip(asked, loaded, strict=True))
    )


def _native(name: str) -> str:
    """Return a dtype of numbers in this machine's byte order."""
    return dtype_name(name) if name[0] == ">" and name[1] in "iufc" else name


def given_dtypes(spec: Spec, options: Options) -> tuple[str, ...] | None:
    """Return the dtype of every operand, float64 where only others are given; None where none is.

    bfloat16 may be among them, which numpy does not have.
    """
    if not options.dtypes and not options.loaded and shown_dtypes(spec) is None:
        return None
    asked, loaded = _asked(spec, options)
    return _every(spec, asked, loaded)


def numpy_dtypes(spec: Spec, options: Options) -> tuple[str, ...] | None:
    """Return what `given_dtypes` returns. Raises DtypeError for a dtype that numpy does not have."""
    found = given_dtypes(spec, options)
    _check_in_numpy(spec, found or ())
    return found


def _check_in_numpy(spec: Spec, dtypes: Sequence[str]) -> None:
    for number, name in enumerate(dtypes):
        if name == BFLOAT16:
            raise DtypeError(
                "EL305",
                f"{operand_title(spec, number)} has dtype {name}, which numpy does not have: "
                "nothing can be run with it",
                operand=number,
                hint=f"check, explain and why take it; {WIDER_HINT}",
            )


def _asked(spec: Spec, options: Options) -> tuple[tuple[str | None, ...], tuple[LoadedArray | None, ...]]:
    """Return the dtype of every operand that was given or that its text shows, and the array loaded for it."""
    loaded = values_of(spec, options.loaded, "array", options)
    if len(options.dtypes) == 1 and options.dtypes[0][0] is None:
        return (options.dtypes[0][1],) * len(spec.operands), loaded
    given = values_of(spec, options.dtypes, "dtype", options)
    shown = shown_dtypes(spec) or given
    asked = zip(given, loaded, shown, strict=True)
    return tuple(text or (None if array else seen) for text, array, seen in asked), loaded
