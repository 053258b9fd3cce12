"""The Python face: strings and plain values in, values of core/ out. Thin: turns arguments into Options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from . import pipeline
from .core.bind import MAX_EXTENT
from .core.errors import OptionError
from .core.generated import Form, Generated
from .core.options import Loaded, Options, Per, check_seed
from .core.source import Notation
from .core.verification import Verification

Shapes = Sequence[Any] | Mapping[str, Any]


def generate(
    expression: str,
    *,
    shapes: Shapes | None = None,
    sizes: Mapping[str, int | str] | None = None,
    dtypes: str | Sequence[str | None] | Mapping[str, str] | None = None,
    load: Mapping[str, Any] | Sequence[Any] | None = None,
    names: Sequence[str | None] | None = None,
    result: str | None = None,
    style: str = "article",
    order: str | None = None,
    function: str | None = None,
    script: bool = False,
    comments: bool = False,
    checks: bool = False,
    notation: str | None = None,
    target: str = "python",
    templates: str | Path | None = None,
) -> Generated:
    """Return the explicit loops for an einsum expression.

    `expression`: subscripts, a pasted call, a formula, or named axes (notation="named"). `shapes`: one tuple of
    numbers or names per operand, or a mapping from operand names; `sizes`: extents by index. `dtypes`: one for
    all, one per operand, or a mapping. `load`: arrays or paths of .npy files, whose shapes and dtypes are used.
    `names`, `result`: variable names. `style`: article, scalar or lists. `order`: appearance, output, or indices
    like "i,k,j". `function`: wrap the loops in a function of this name; `script`: a whole program. `comments`:
    say what each loop is. `checks`: refuse inputs outside the contract in a snippet too. `target`, `templates`:
    a target's name and a folder of your own templates.

    Raises EinloopError where the expression, the shapes or the options are refused.

    >>> print(generate("ij->i", result="r"))
    I, J = A.shape
    r = np.zeros(I)
    for i in range(I):
        for j in range(J):
            r[i] += A[i, j]
    <BLANKLINE>
    """
    for name, value in (("result", result), ("order", order), ("function", function), ("notation", notation)):
        _check_type(name, value, str, optional=True)
    _check_type("style", style, str)
    _check_type("target", target, str)
    _check_type("sizes", sizes, Mapping, optional=True)
    _check_type("shapes", shapes, (Sequence, Mapping), optional=True)
    _check_type("names", names, Sequence, optional=True)
    for operand in names or ():
        _check_type("each of names", operand, str, optional=True)
    options = Options(
        notation=_enum(Notation, notation, "notation") if notation is not None else None,
        shapes=_shapes(shapes),
        sizes={label: _extent(extent) for label, extent in (sizes or {}).items()},
        dtypes=_per(_dtypes(dtypes)),
        loaded=tuple((name, _loaded(value)) for name, value in _per(load)),
        names=tuple(names or ()),
        result=result,
        style=style,
        order=order,
        form=Form.SCRIPT if script else Form.FUNCTION if function is not None else Form.SNIPPET,
        function=function,
        comments=comments,
        checks=checks,
        target=target,
        templates=None if templates is None else str(templates),
    )
    return pipeline.generate(pipeline.read_spec(_text(expression), options), options)


def verify(
    expression: str | Generated,
    *,
    source: str | None = None,
    inputs: Sequence[str] | None = None,
    entry: str | None = None,
    seed: int = 0,
    arrays: Sequence[Any] | None = None,
    **options: Any,
) -> Verification:
    """Return what running loops against np.einsum found: true where all cases are equal.

    `expression`: an expression, with the options of `generate`, or a Generated. `source`: loops a person wrote,
    a snippet or a function, to check against the expression; `inputs` (and `result`) name its variables and
    `entry` its function where they cannot be inferred. `seed` repeats a verification. `arrays`: real inputs to
    compare on first, one per distinct input.

    >>> bool(verify("ij,jk->ik"))
    True
    >>> bool(verify("ij->i", source="r = A.sum(axis=0)"))
    False
    """
    _check_type("seed", seed, int)
    check_seed(seed)
    _check_type("source", source, str, optional=True)
    _check_type("arrays", arrays, Sequence, optional=True)
    given = None if arrays is None else [_array(value) for value in arrays]
    generated = expression if isinstance(expression, Generated) else generate(expression, **options)
    if given is not None:
        pipeline.check_arrays(generated, given)
        if not isinstance(expression, Generated):
            generated = generate(expression, **{"load": dict(zip(generated.inputs, given, strict=True)), **options})
    command = _call(expression, seed, options)
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
    )


def _call(expression: str | Generated, seed: int, options: Mapping[str, Any]) -> str:
    """Return the call that repeats a verification."""
    if isinstance(expression, Generated):
        return f"einloop.verify(generated, seed={seed}), with this Generated"
    words = [repr(expression), *(f"{name}={value!r}" for name, value in options.items()), f"seed={seed}"]
    return f"einloop.verify({', '.join(words)})"


def _check_type(name: str, value: Any, kind: Any, *, optional: bool = False) -> None:
    """Raise OptionError unless `value` is of `kind` (or None, where that is allowed)."""
    if (value is None and optional) or isinstance(value, kind):
        return
    kinds = kind if isinstance(kind, tuple) else (kind,)
    wanted = " or ".join(one.__name__.lower() for one in kinds)
    raise OptionError("EL402", f"{name} is a {type(value).__name__}: {value!r}", hint=f"a {wanted}")


def _text(expression: object) -> str:
    if isinstance(expression, bytes):
        return expression.decode("latin-1")
    if not isinstance(expression, str):
        raise OptionError(
            "EL402",
            f"the expression is a {type(expression).__name__}, not a string",
            hint="write sublists as a pasted call: generate('einsum(A, [0, 1], B, [1, 2])')",
        )
    return str(expression)


def _per(given: Mapping[str, Any] | Sequence[Any] | None) -> Per[Any]:
    """Return values for operands as pairs; None entries of a sequence keep their place empty."""
    if given is None:
        return ()
    if isinstance(given, Mapping):
        return tuple(given.items())
    return tuple((None, value) for value in given)


def _shapes(given: Shapes | None) -> Per[Any]:
    from .notation.shapes import read_shape

    return tuple((name, read_shape(shape) if isinstance(shape, str) else _shape(shape)) for name, shape in _per(given))


def _shape(shape: Any) -> tuple[int | str, ...] | None:
    if shape is None:
        return None
    if not isinstance(shape, Iterable):
        raise OptionError("EL405", f"{shape!r} is no shape", hint="a tuple of numbers or names, one per axis")
    return tuple(_extent(extent) for extent in shape)


def _extent(extent: Any) -> int | str:
    if isinstance(extent, str):
        return _name_of_extent(extent)
    try:
        number = extent.__index__()
    except (AttributeError, TypeError):
        raise OptionError("EL405", f"{extent!r} is not the length of an axis", hint="a number or a name") from None
    if isinstance(extent, bool) or number < 0:
        raise OptionError("EL405", f"{extent!r} is not the length of an axis", hint="a number from 0, or a name")
    if number > MAX_EXTENT:
        raise OptionError("EL405", f"an axis of {number} elements is beyond what any array holds")
    return int(number)


def _name_of_extent(text: str) -> int | str:
    from .notation.shapes import read_extent

    extent = read_extent(text, text)
    assert extent is not None
    return extent


def _dtypes(given: Any) -> Any:
    """Return dtypes as texts: one, a sequence or a mapping of names, types or numpy dtypes."""
    if isinstance(given, Mapping):
        return {name: _dtype_text(value) for name, value in given.items()}
    if isinstance(given, Sequence) and not isinstance(given, str):
        return [_dtype_text(value) for value in given]
    return None if given is None else [_dtype_text(given)]


def _dtype_text(value: Any) -> Any:
    return value.__name__ if isinstance(value, type) else getattr(value, "str", value)


def _loaded(value: Any) -> Loaded:
    path = str(value) if isinstance(value, str | Path) else None
    array = _array(value)
    return Loaded(shape=tuple(array.shape), dtype=array.dtype.str, path=path)


def _array(value: Any) -> Any:
    from .runners.arrays import as_array, load_array

    return load_array(value) if isinstance(value, str | Path) else as_array(value, "what is given")


def _enum(kind: type[Notation], value: str, what: str) -> Notation:
    try:
        return kind(value)
    except ValueError:
        names = ", ".join(member.value for member in kind)
        raise OptionError("EL402", f"there is no {what} {value!r}", hint=f"one of {names}") from None
