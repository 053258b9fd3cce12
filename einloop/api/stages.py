"""`einloop.stages`: an expression and a schedule in, the loops after every pass out, as a Report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..core.report import Report
from ..pipeline.page import shown
from ..pipeline.reading import read_spec
from ..pipeline.stages import stages as staged
from .show import emission_options
from .values import Arrays, Dtypes, Shapes, text_of


def stages(
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
    comments: bool = False,
    checks: bool = False,
    notation: str | None = None,
    target: str = "python",
    templates: str | Path | None = None,
) -> Report:
    """Return the loops before any pass of a schedule and after each, with what the pass did and why.

    The arguments are those of `generate`. The Report prints as a page and shows itself in a notebook;
    `report.show("json")` and `report.facts` give the same for a program.

    Raises EinloopError where the expression, the shapes, or a pass of the schedule are refused.

    >>> report = stages("ij->i", schedule="accumulate")
    >>> print(report.show().splitlines()[-2].strip(), report.show().splitlines()[-1].strip())
    total += A[i, j] c[i] = total
    """
    options = emission_options(
        shapes=shapes, sizes=sizes, dtypes=dtypes, load=load, names=names, result=result, style=style, order=order,
        path=path, schedule=schedule, function=function, script=script, extension=extension, comments=comments,
        checks=checks, notation=notation, target=target, templates=templates,
    )  # fmt: skip
    return shown(staged(read_spec(text_of(expression), options), options))
