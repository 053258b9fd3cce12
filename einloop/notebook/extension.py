"""What `%load_ext einloop` does: `%einloop`, `%%einloop`, and completion of what may stand after them."""

from __future__ import annotations

from typing import Any

from ..core.console import write

NAME = "einloop"
HELP = """Look at an einsum: `%einloop EXPR` shows its loops, `%%einloop` every call of a cell.

On a line, all that the command line takes:

    %einloop ij,jk->ik                       the loops, and the verdict of running them
    %einloop ij,jk->ik --explain             what it means; also --trace, --draw, --check,
    %einloop explain ij,jk->ik --lang ja       --why, --verify, --diff, --lift, --bench
    %einloop ij,jk->ik -s 2x3 -s 3x4 --trace
    %einloop ij,jk->ik --style scalar
    %einloop ij,jk->ik --load A --load B --trace          with arrays of the notebook
    %einloop np.einsum('ij,jk->ik', A, B) --why --at 0,1  those that the call names
    %einloop C[i,k] = A[i,j] * B[j,k]                     a formula
    %einloop diff 'ij,jk->ik' 'ij,kj->ik'                 two expressions: in quotes
    %einloop $expression --explain                        the text of a variable

The value is an object that shows itself, so `_` and `found = %einloop ...` have it. An expression needs no quotes
unless one of its words begins with `-`. `--load` takes names of the notebook, then files. With -o, --json or --format
the result is written or printed, as by the command line; `%einloop --help` and `%einloop trace --help` list options.

On a cell:

    %%einloop                  run the cell; then, for every einsum call in it, what it means, the shapes,
    C = np.einsum(...)         warnings, and whether the loops give the same
    %%einloop --trace --check  other views, with the options of their commands
    %%einloop --run 3          of a call in a loop, its third run (default: the first)

The cell runs once and as it is, with calls of np.einsum, torch.einsum, jnp.einsum, opt_einsum.contract and
einops.einsum looked at while they run: inside functions and loops too, with the values that the arrays had then. A call
that failed is shown with the reason. Calls that are made in other cells or modules are not looked at."""


def load(ipython: Any) -> None:
    """Give an IPython shell the two magics."""
    from IPython.core.magic import no_var_expand

    from .completion import complete
    from .magics import run_cell, run_line

    def einloop(line: str, cell: str | None = None) -> Any:
        if cell is not None:
            return run_cell(ipython, line, cell)
        if not line.strip():
            return write(HELP + "\n")
        return run_line(ipython, line)

    einloop.__doc__ = HELP
    ipython.register_magic_function(no_var_expand(einloop), magic_kind="line_cell", magic_name=NAME)
    for prefix in ("%", "%%"):
        ipython.set_hook("complete_command", complete, str_key=f"{prefix}{NAME}")


def unload(ipython: Any) -> None:
    """Take them away."""
    for kind in ("line", "cell"):
        ipython.magics_manager.magics[kind].pop(NAME, None)
