"""What code has to tell apart among errors and findings. Which id has which topic stands in the registry."""

from __future__ import annotations

from enum import Enum


class Topic(Enum):
    """What code has to tell apart; most errors have none."""

    CHARACTER = "a character that the subscripts cannot hold"
    OPERANDS = "more operands than np.einsum takes"
    LABELS = "more different indices than np.einsum takes"
    OCCURRENCES = "more occurrences of an index than np.einsum counts"
    AXES = "more axes than np.einsum iterates over"
    RANK = "another number of axes than labels"
    LOST_ELLIPSIS = "an ellipsis that the output leaves out"
    SIZE = "one index with two sizes"
    OUTPUT = "standard output takes nothing more"
    NO_RUNNER = "the target cannot be run"
    DEADLINE = "one call took too long"
    NO_CHILD = "no process to run in"
    NO_ARRAY = "the loops return no array"
    NO_TOOL = "a compiler or Numba that is not there"
    NOT_COMPILED = "a compiler that does not do its work"
    NO_MEMORY = "no memory for compiled loops"
    NO_MODULE = "the loops import what is not installed"
    OUT_OF_TIME = "all calls together took too long"
    RAISED = "the loops raised"
    NOT_CARRIED = "arrays that cannot be handed to a process, or back"
    INPUT_CHANGED = "the loops write into their input"
    FULL = "Numba holds as many functions as it may"
    OTHER_SPELLING = "a text that the dialect reads otherwise"
    ACCEPTED = "the dialect takes what np.einsum refuses"
    MORE = "more in the text than the einsum call"
    UNKNOWN_AXES = "how many axes an array has is not known"
    PAIRING = "an index that pairs with no other operand"
    FUNCTION = "a call of what is not known"
    ONE_LETTER = "one letter that may be mistyped"
    ALONE = "how an einsum that stands alone is written"
    NOT_READ = "a statement that is not read"
    ENDLESS = "a loop whose end is not known"
    BRANCH = "a branch that elements or indices decide"
    WINDOW = "several indices that together say where an array is read"
    GAPS = "loops that leave out combinations of their indices"
    UNLIKE = "elements of a result that are different sums"
    OTHER_SIZES = "what is computed depends on the sizes"
    UNFIT = "shapes that do not fit each other"
    NO_RESULT = "code without a result"
    NO_WORDS = "a length that the code has no words for"
    TOO_LONG = "code that takes too many steps"
    OVERLAP = "a result that overlaps what it is computed from"
    NO_NUMBERS = "a dtype that plain Python has no numbers of"


UNDECIDED = frozenset({
    Topic.NO_RUNNER, Topic.DEADLINE, Topic.OUT_OF_TIME, Topic.NO_CHILD, Topic.NO_ARRAY, Topic.NO_MODULE, Topic.NO_TOOL,
    Topic.NOT_COMPILED, Topic.NO_MEMORY,
})  # fmt: skip
"""Topics of errors that say nothing of the loops."""
