"""`einloop.verify`: an expression, or loops a person wrote, in; Verification out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import pipeline
from ..core.errors import OptionError
from ..core.generated import Generated
from ..core.options import check_seed
from ..core.verification import Verification
from .emission import generate
from .values import array_of, check_type


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
    **options: Any,
) -> Verification:
    """Return what running loops against np.einsum found: true where all cases are equal.

    `expression`: an expression, with the options of `generate`, or a Generated. `source`: loops a person wrote,
    a snippet or a function, to check against the expression; `inputs` (and `result`) name its variables and
    `entry` its function where they cannot be inferred. `seed` repeats a verification. `arrays`: real inputs to
    compare on first, one per distinct input. For a source, shapes that are given decide: it is verified for these
    only, and says so, where it differs at other sizes; `shapes_only` tries no others, `no_empty` no empty axes. What
    could not be verified is false too: `skipped` says why. A text for one large shape only is run there where that
    takes at most half a minute.

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
            raise OptionError("EL402", f"{name} is for loops you wrote", hint="pass their text: source=...")
    given = None if arrays is None else [array_of(value, f"operand {number}") for number, value in enumerate(arrays)]
    generated = expression if isinstance(expression, Generated) else generate(expression, **options)
    if not isinstance(expression, Generated):
        pipeline.check_whole(generated.spec)
    if given is not None:
        pipeline.check_arrays(generated, given)
        if not isinstance(expression, Generated):
            by_name = dict(zip(generated.inputs, given, strict=True))
            generated = generate(expression, **{"load": [by_name[name] for name in generated.operands], **options})
    tries = {"shapes_only": True} if shapes_only else {}
    tries |= {"no_empty": True} if no_empty else {}
    command = _call(expression, seed, {**options, **tries})
    if source is None:
        return pipeline.verify(generated, seed=seed, given=given, command=command)
    return pipeline.verify_source(
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


def _call(expression: str | Generated, seed: int, options: Mapping[str, Any]) -> str:
    """Return the call that repeats a verification."""
    if isinstance(expression, Generated):
        return f"einloop.verify(generated, seed={seed}), with this Generated"
    words = [repr(expression), *(f"{name}={value!r}" for name, value in options.items()), f"seed={seed}"]
    return f"einloop.verify({', '.join(words)})"
