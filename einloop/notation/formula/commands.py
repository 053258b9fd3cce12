"""The signs and LaTeX's commands, without their backslash, by what they mean in a formula."""

from __future__ import annotations

_WORDED = "mathrm text textrm textit textbf textsf texttt mathit mathsf mathtt operatorname mbox"
_DECORATED = (
    "mathbf boldsymbol bm bold pmb mathcal mathbb mathfrak mathscr hat widehat tilde widetilde bar overline "
    "underline vec dot ddot check breve acute grave mathring"
)
_BOLD = "mathbf boldsymbol bm bold pmb vec textbf"
_TRANSPOSED = "T H top dagger ast intercal prime"

WORDED = frozenset(_WORDED.split())
"""They set several letters as one word."""
DECORATED = frozenset(_DECORATED.split())
"""Around a letter they are another look of a name, which keeps its name."""
BOLD = frozenset(_BOLD.split())
"""They set the names of vectors and matrices."""
TRANSPOSED = frozenset(_TRANSPOSED.split())
"""What raised turns an array into another one: commands and capitals."""
PRIMES = ("'", "’", "′")
MINUS = ("-", "−")
