"""`einloop.verify`: an expression, or loops a person wrote, in; Verification out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack

from ..core.errors import OptionError
from ..core.generated import Generated
from ..core.options import GenerateOptions, Options, check_seed
from ..core.verification import Verification, not_run
from ..pipeline.arrays import every, given_arrays
from ..pipeline.expression import read_expression
from ..pipeline.given import as_array, same_array
from ..pipeline.notebook import verdict_page
from ..pipeline.show import generate
from ..pipeline.verify import check_arrays
from ..pipeline.verify import verify as verify_generated
from ..runners.presence import MISSING, has_numpy
from .options import options_from, takes
from .values import check_type, entries, flag, opened, text_of, texts


@takes(GenerateOptions)
def verify(
    expression: str | Generated,
    *,
    source: str | None = None,
    inputs: Sequence[str] | None = None,
    entry: str | None = None,
    seed: int = 0,
    arrays: Sequence[Any] | None = None,
    shapes_only: bool = False,
    no_empty: bool = False,
    **options: Unpack[GenerateOptions],
) -> Verification:
    """Return what running loops against np.einsum found: true where all cases are equal.

    Parameters
    ----------
    expression : str or Generated
        An expression, whose loops are generated with the options, or loops that `generate` returned.
    source : str, optional
        Loops you wrote, a snippet or a function, to check against the expression. Shapes that are given decide: the
        loops are verified for these only, and the verdict says so, where they differ at other sizes.
    inputs : sequence of str, optional
        Which names in `source` are the operands, where that cannot be inferred; `result` names its result.
    entry : str, optional
        Which function in `source` to call, where that cannot be inferred.
    seed : int, default 0
        Seed of the inputs; the same seed repeats a verification.
    arrays : sequence of array_like, optional
        Real inputs to compare on first, one for each distinct input. `load` does the same by operand, where every
        operand has one.
    shapes_only : bool, default False
        Try `source` on the shapes given, and on no others.
    no_empty : bool, default False
        Try `source` on no axes of length 0.
    **options
        All that `generate` takes. Of these, loops that `generate` returned take `load` alone, and `result` with a
        `source`.

    Returns
    -------
    Verification
        Prints as its verdict; `cases` has every case. What could not be verified is false too, and `skipped` says why.
        A text for one large shape only is run there where that takes at most half a minute.

    Raises
    ------
    EinloopError
        Where the expression, the source, the arrays or an option is refused.

    Examples
    --------
    >>> bool(verify("ij,jk->ik"))
    True
    >>> bool(verify("ij->i", source="r = A.sum(axis=0)"))
    False
    """
    check_type("seed", seed, int)
    check_seed(seed)
    check_type("source", source, str, optional=True)
    check_type("entry", entry, str, optional=True)
    if inputs is not None and not isinstance(inputs, str):  # a text gets a hint of its own below
        inputs = texts(inputs, "inputs")
    tries = {"shapes_only": flag("shapes_only", shapes_only), "no_empty": flag("no_empty", no_empty)}
    for name, value in {**tries, "inputs": inputs, "entry": entry}.items():
        if value not in (None, False) and source is None:
            raise OptionError("EL471", f"{name} is for loops you wrote", hint="pass their text: source=...")
    known = options_from(verify, options)
    if isinstance(expression, Generated):
        _check_made(options, source)
    generated, given = _with_arrays(expression, known, arrays)
    command = _call(expression, seed, {**options, **{name: True for name, value in tries.items() if value}})
    if source is None:
        return replace(verify_generated(generated, seed=seed, given=given, command=command), page=verdict_page)
    if not has_numpy():
        return not_run(generated.spec.subscripts, MISSING, seed=seed, command=command)
    from ..pipeline.verify_source import verify_source

    found = verify_source(
        generated,
        source,
        inputs=inputs,
        result=known.result,
        entry=entry,
        seed=seed,
        given=given,
        command=f"{command}, with this source",
        **tries,
    )
    return replace(found, page=verdict_page)


def _check_made(options: Mapping[str, Any], source: str | None) -> None:
    """Raise OptionError for an option that says what loops to make, where they are made."""
    used = ("load", "result") if source is not None else ("load",)  # `result` is a name in the source
    for name, value in options.items():
        if value is not None and name not in used:
            hint = f"generate(..., {name}=...) takes it"
            raise OptionError("EL471", f"{name} has no use for loops that are generated already", hint=hint)


def _with_arrays(
    expression: str | Generated, options: Options, arrays: Sequence[Any] | None
) -> tuple[Generated, list[Any] | None]:
    """Return the loops, and real inputs for them, one for each distinct input, where all are given.

    Raises OptionError where they contradict the arrays that were loaded, or do not fit.
    """
    check_type("arrays", arrays, Sequence, optional=True)
    given = None if arrays is None else [one for _, one in opened(entries(arrays, "arrays"))]
    generated = expression if isinstance(expression, Generated) else _loops(expression, options)
    loaded = given_arrays(generated.spec, options, names=generated.operands)
    if given is None:
        found = every(generated.inputs, loaded)
        if found is not None:
            check_arrays(generated, found)
        return generated, found
    found = _agreeing(generated, [one.array for one in given], loaded)
    if not isinstance(expression, Generated):
        by_name = dict(zip(generated.inputs, given, strict=True))
        generated = _loops(expression, replace(options, loaded=tuple((None, by_name[n]) for n in generated.operands)))
    return generated, found


def _agreeing(generated: Generated, given: Sequence[Any], loaded: Mapping[str, Any]) -> list[Any]:
    """Return the arrays given for inputs, without masks. Raises OptionError where one was loaded with other values."""
    found = [as_array(array, f"operand {number}") for number, array in enumerate(given)]
    check_arrays(generated, found)
    for name, array in zip(generated.inputs, found, strict=True):
        if name in loaded and not same_array(loaded[name], array):
            why = f"{name} is one array by arrays, and another one by load"
            raise OptionError("EL480", why, operand=generated.operands.index(name), hint="leave one of them out")
    return found


def _loops(expression: str, options: Options) -> Generated:
    return generate(read_expression(text_of(expression), options, whole=True), options)


def _call(expression: str | Generated, seed: int, options: Mapping[str, Any]) -> str:
    """Return the call that repeats a verification."""
    if isinstance(expression, Generated):
        return f"einloop.verify(generated, seed={seed}), with this Generated"
    words = [repr(expression), *(f"{name}={_written(value)}" for name, value in options.items()), f"seed={seed}"]
    return f"einloop.verify({', '.join(words)})"


def _written(value: Any) -> str:
    """Return a value as Python writes it, or of what class it is where that raises."""
    try:
        return repr(value)
    except Exception:
        return f"<{type(value).__name__}>"
