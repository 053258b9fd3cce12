"""What the blocks of a target can write beside plain loops: the names in `abilities` of a `target.toml`."""

from __future__ import annotations

from enum import Enum


class Ability(Enum):
    """One such thing; a pass names the one that it needs."""

    STRIDES = "strides"
    """Elements addressed by strides."""
    THREADS = "threads"
    """Loops whose iterations are shared among threads."""
    KERNELS = "kernels"
    """Packed matrix products."""
    BLENDS = "blends"
    """Packed products that are scaled, and added to what was there, as they are written."""
    PERMUTATIONS = "permutations"
    """Permutations in tiles; other targets keep their loops."""
    LANES = "lanes"
    """Blocks of totals that stay in registers. A compiler without it may reorder sums itself."""
    SHARES = "shares"
    """Packed kernels on several threads."""
    PARTS = "parts"
    """Functions of their own for what threads share, where whoever runs the text has threads."""
    VERSIONS = "versions"
    """Several versions of a kernel, of which the compiler takes one."""
    SUMS = "sums"
    """Sums of einsums: several products in a statement, numbers beside them, a result that is read."""
    LISTS = "lists"
    """Walks over nested lists."""
    VIEWS = "views"
    """Names for parts of arrays, which are then operands."""
