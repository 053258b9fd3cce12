"""`einloop.bench`: a Report of how long an expression takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..core.errors import OptionError
from ..core.report import Report
from ..pipeline.page import shown
from .values import Arrays, Dtypes, Shapes, check_type, operand_options, text_of


def bench(
    expression: str,
    *,
    shapes: Shapes | None = None,
    sizes: Mapping[str, int | str] | None = None,
    dtypes: Dtypes | None = None,
    load: Arrays | None = None,
    names: Sequence[str | None] | None = None,
    notation: str | None = None,
    targets: Sequence[str] | None = None,
    rounds: int = 15,
    seconds: float = 10.0,
    threads: int = 1,
) -> Report:
    """Return how long einloop's targets take for an expression beside numpy, opt_einsum and torch: a Report.

    Every extent has to be known; the arrays are random, of these shapes and dtypes (`load` gives no more than its shape
    and dtype). `targets` are names of targets, like `["c", "python"]`; by default all that can be compiled, and the
    Python loops. All run interleaved in this process, up to `rounds` times each and for about `seconds` in all; who is
    too slow for that is left out and named. `threads` are those of BLAS, torch and einloop; other BLAS libraries than
    OpenBLAS keep what they had. `report.facts["times"]["contestants"]` has seconds, and as `ratio` the median over the
    rounds of a contestant's time over the fastest target's, with the quartiles `ratio_low` and `ratio_high`.
    `report.show("svg")` draws the roofline.

    Raises EinloopError where the expression, a shape or an option is refused, where an extent is unknown (EL460),
    where the arrays do not fit the memory (EL461), and where none of the targets can run (EL464).

    >>> report = bench("ij,jk->ik", sizes={"i": 2, "j": 3, "k": 4}, targets=["python"], seconds=0.05)
    >>> report.facts["roofline"]["operations"]
    48
    """
    for name, value in (("rounds", rounds), ("threads", threads)):
        check_type(name, value, int)
    check_type("seconds", seconds, (int, float))
    check_type("targets", targets, Sequence, optional=True)
    if isinstance(targets, str):
        raise OptionError("EL470", f"targets is a str: {targets!r}", hint=f"[{targets!r}]")
    for target in targets or ():
        check_type("each of targets", target, str)
    options = operand_options(notation=notation, shapes=shapes, sizes=sizes, dtypes=dtypes, load=load, names=names)
    from ..pipeline import bench as benching  # with numpy: what is measured has arrays

    request = benching.BenchRequest(targets=tuple(targets or ()), rounds=rounds, seconds=seconds, threads=threads)
    return shown(benching.bench(text_of(expression), options, request))
