"""`einloop.generate`: an expression and keywords in, Generated out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core.generated import Generated, form_of
from ..core.options import Options
from ..notation.paths import path_argument
from ..pipeline.notebook import loops_page
from ..pipeline.reading import read_spec
from ..pipeline.show import generate as generate_spec
from .values import Arrays, Dtypes, Shapes, check_type, entries, guarded, operand_options, text_of


def generate(
    expression: str,
    *,
    shapes: Shapes | None = None,
    sizes: Mapping[str, int | str] | None = None,
    dtypes: Dtypes | None = None,
    load: Arrays | None = None,
    names: Sequence[str | None] | None = None,
    result: str | None = None,
    style: str = "article",
    order: str | None = None,
    path: str | Sequence[Any] | None = None,
    schedule: str | Sequence[str] = (),
    function: str | None = None,
    script: bool = False,
    extension: bool = False,
    header: bool = False,
    comments: bool = False,
    checks: bool = False,
    notation: str | None = None,
    target: str = "python",
    templates: str | Path | None = None,
) -> Generated:
    """Return the explicit loops for an einsum expression.

    `expression`: subscripts, a pasted call, a formula, or named axes (notation="named"). `shapes`: one tuple of
    numbers or names per operand, or a mapping from operand names; `sizes`: extents by index. `dtypes`: one for
    all, one per operand, or a mapping; else what the text of a pasted call shows (`A > 0` is bool). `load`: arrays or
    paths of .npy files, whose shapes and dtypes are used.
    `names`, `result`: variable names. `style`: article, scalar, lists or fast. `order`: appearance, output, axes (last
    axes inside), or indices like "i,k,j". `path`: two operands at a time, as "auto", "greedy", "optimal" (at most about
    five seconds) or "cotengra" finds, or in places: "(0,1),(0,1)", or the list that np.einsum_path gives. `schedule`:
    passes, like "order(i,k,j) tile(i,32) accumulate", or "auto". `function`: wrap the loops in a function of this name;
    `script`: a whole program; `extension`: C as a Python module (target c); `header`: the result's `header` is the file
    that declares the function (target c).
    `comments`: say what each loop is. `checks`: refuse inputs outside the contract in a snippet too. `target`,
    `templates`: a target's name and a folder of your own templates.

    Raises EinloopError where the expression, the shapes or the options are refused.

    >>> print(generate("ij->i", result="r"))
    I, J = A.shape
    r = np.zeros(I)
    for i in range(I):
        for j in range(J):
            r[i] += A[i, j]
    <BLANKLINE>
    """
    options = emission_options(
        shapes=shapes, sizes=sizes, dtypes=dtypes, load=load, names=names, result=result, style=style, order=order,
        path=path, schedule=schedule, function=function, script=script, extension=extension, header=header,
        comments=comments, checks=checks, notation=notation, target=target, templates=templates,
    )  # fmt: skip
    generated = generate_spec(read_spec(text_of(expression), options), options)
    return replace(generated, page=loops_page)


@guarded
def emission_options(
    *,
    shapes: Shapes | None,
    sizes: Mapping[str, int | str] | None,
    dtypes: Dtypes | None,
    load: Arrays | None,
    names: Sequence[str | None] | None,
    result: str | None,
    notation: str | None,
    style: str,
    order: str | None,
    path: str | Sequence[Any] | None,
    schedule: str | Sequence[str],
    target: str,
    function: str | None,
    script: bool,
    extension: bool,
    comments: bool,
    checks: bool,
    templates: str | Path | None,
    header: bool = False,
) -> Options:
    """Return the Options that keywords mean. Raises OptionError for values of a wrong type."""
    for name, value in (("order", order), ("function", function)):
        check_type(name, value, str, optional=True)
    check_type("style", style, str)
    check_type("target", target, str)
    given = operand_options(
        notation=notation, shapes=shapes, sizes=sizes, dtypes=dtypes, load=load, names=names, result=result
    )
    return replace(
        given,
        style=style,
        order=order,
        path=None if path is None else path_argument(path),
        schedule=schedule_texts(schedule),
        form=form_of(script=script, extension=extension, function=function),
        function=function,
        header=bool(header),
        comments=bool(comments),
        checks=bool(checks),
        target=target,
        templates=None if templates is None else str(templates),
    )


def schedule_texts(given: str | Sequence[str]) -> tuple[str, ...]:
    """Return a schedule as texts. Raises OptionError where it is neither a text nor a sequence of them."""
    check_type("schedule", given, (str, Sequence))
    texts = (given,) if isinstance(given, str) else entries(given, "schedule")
    for text in texts:
        check_type("each of schedule", text, str)
    return texts
