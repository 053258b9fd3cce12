"""The ways in which the inputs of a case are handed over, by name."""

from __future__ import annotations

from enum import Enum


class Manner(Enum):
    """How inputs are handed over, as the table of cases says it."""

    PLAIN = ""
    COLUMNS = "in Fortran order"
    GAPS = "slices of larger arrays"
    BACKWARDS = "read backwards"
    LOCKED = "read-only"
    ROWS_COLUMNS = "in C and Fortran order"
    COLUMNS_ROWS = "in Fortran and C order"
    SHARED = "one array for every input"
    AGAIN = "a second call"

    @property
    def may_be_refused(self) -> bool:
        """Libraries refuse such arrays for good reasons: torch negative strides, others what is locked."""
        return self in (Manner.BACKWARDS, Manner.LOCKED)
