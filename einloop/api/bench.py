"""`einloop.bench`: a Report of how long an expression takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from ..core.errors import OptionError
from ..core.options import BenchOptions
from ..core.report import Report
from ..pipeline.page import shown
from .options import options_from, takes
from .values import check_type, text_of


@takes(BenchOptions)
def bench(
    expression: str,
    *,
    targets: Sequence[str] | None = None,
    rounds: int = 15,
    seconds: float = 10.0,
    threads: int = 1,
    **options: Unpack[BenchOptions],
) -> Report:
    """Return how long einloop's targets take for an expression, beside numpy, opt_einsum and torch.

    All run interleaved in this process. A rival that is too slow for the time given is left out and named.

    Parameters
    ----------
    expression : str
        Subscripts, a pasted call, a formula, or named axes. Every extent has to be known.
    targets : sequence of str, optional
        What einloop is timed with, such as `["c", "python"]`; by default all that can run here.
    rounds : int, default 15
        How often each runs, at most.
    seconds : float, default 10.0
        How long all measuring takes, about.
    threads : int, default 1
        How many threads BLAS, torch and einloop use. BLAS libraries other than OpenBLAS keep what they had.
    **options
        As for `generate`: `notation`, `add`, `shapes`, `sizes`, `load`, `dtypes` and `names`. The arrays are random;
        `load` gives no more than its shapes and dtypes.

    Returns
    -------
    Report
        `facts["times"]["contestants"]` has seconds, and as `ratio` the median over the rounds of a contestant's time
        over the fastest target's, with the quartiles `ratio_low` and `ratio_high`. `show("svg")` draws the roofline.

    Raises
    ------
    EinloopError
        Where the expression, a shape or an option is refused, where an extent is unknown (EL460), where the arrays do
        not fit the memory (EL461), and where none of the targets can run (EL464).

    Examples
    --------
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
    known = options_from(bench, options)
    from ..pipeline.bench import bench as benched  # with numpy: what is measured has arrays
    from ..pipeline.bench_request import BenchRequest

    request = BenchRequest(targets=tuple(targets or ()), rounds=rounds, seconds=seconds, threads=threads)
    return shown(benched(text_of(expression), known, request))
