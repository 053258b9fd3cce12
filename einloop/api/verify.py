"""`einloop.verify`: an expression, or loops a person wrote, in; Verification out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..core.errors import OptionError
from ..core.generated import Generated
from ..core.options import Options, check_seed
from ..core.verification import Verification
from ..pipeline.arrays import given_arrays
from ..pipeline.notebook import verdict_page
from ..pipeline.verify import check_arrays
from ..pipeline.verify import verify as verify_generated
from ..pipeline.whole import check_whole
from .show import generate
from .values import Arrays, check_type, entries, opened


def verify(
    expression: str | Generated,
    *,
    source: str | None = None,
    inputs: Sequence[str] | None = None,
    entry: str | None = None,
    seed: int = 0,
    arrays: Sequence[Any] | None = None,
    load: Arrays | None = None,
    shapes_only: bool = False,
    no_empty: bool = False,
    **options: Any,
) -> Verification:
    """Return what running loops against np.einsum found: true where all cases are equal.

    `expression`: an expression, with the options of `generate`, or a Generated. `source`: loops a person wrote,
    a snippet or a function, to check against the expression; `inputs` (and `result`) name its variables and
    `entry` its function where they cannot be inferred. `seed` repeats a verification. `arrays`: real inputs to
    compare on first, one per distinct input; `load` does the same by operand, with arrays or .npy files, where every
    operand has one. For a source, shapes that are given decide: it is verified for these only, and says so, where it
    differs at other sizes; `shapes_only` tries no others, `no_empty` no empty axes. What could not be verified is
    false too: `skipped` says why. A text for one large shape only is run there where that takes at most half a minute.

    >>> bool(verify("ij,jk->ik"))
    True
    >>> bool(verify("ij->i", source="r = A.sum(axis=0)"))
    False
    """
    check_type("seed", seed, int)
    check_seed(seed)
    check_type("source", source, str, optional=True)
    check_type("arrays", arrays, Sequence, optional=True)
    for name, value in {"shapes_only": shapes_only, "no_empty": no_empty}.items():
        check_type(name, value, bool)
        if value and source is None:
            raise OptionError("EL471", f"{name} is for loops you wrote", hint="pass their text: source=...")
    check_type("load", load, (Sequence, Mapping), optional=True)
    given = None if arrays is None else [array.array for _, array in opened(entries(arrays, "arrays"))]
    read = opened(load)
    if not isinstance(expression, Generated):
        again = dict(read) if isinstance(load, Mapping) else [array for _, array in read]
        generated = generate(expression, **{"load": again if read else None, **options})
        check_whole(generated.spec)
    else:
        generated = expression
    loaded = given_arrays(generated.spec, Options(loaded=read), names=generated.operands)
    if given is not None:
        check_arrays(generated, given)
        _check_same(generated, given, loaded)
        if not isinstance(expression, Generated):
            by_name = dict(zip(generated.inputs, given, strict=True))
            generated = generate(expression, **{**options, "load": [by_name[name] for name in generated.operands]})
    elif all(name in loaded for name in generated.inputs):
        given = [loaded[name] for name in generated.inputs]
        check_arrays(generated, given)
    tries = {"shapes_only": True} if shapes_only else {}
    tries |= {"no_empty": True} if no_empty else {}
    shown = {} if load is None else {"load": load}
    command = _call(expression, seed, {**options, **shown, **tries})
    if source is None:
        return replace(verify_generated(generated, seed=seed, given=given, command=command), page=verdict_page)
    from ..pipeline.verify_source import verify_source

    found = verify_source(
        generated,
        source,
        inputs=inputs,
        result=options.get("result"),
        entry=entry,
        seed=seed,
        given=given,
        command=f"{command}, with this source",
        shapes_only=shapes_only,
        no_empty=no_empty,
    )
    return replace(found, page=verdict_page)


def _check_same(generated: Generated, given: Sequence[Any], loaded: Mapping[str, Any]) -> None:
    """Raise OptionError where an input has one array by `arrays` and another one by `load`."""
    from ..runners.arrays import same_array

    for name, array in zip(generated.inputs, given, strict=True):
        if name in loaded and not same_array(loaded[name], array):
            why = f"{name} is one array by arrays, and another one by load"
            raise OptionError("EL480", why, operand=generated.operands.index(name), hint="leave one of them out")


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
