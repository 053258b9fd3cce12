"""What an emission is: the text, the contract it keeps, and how to run it. Makes neither."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from .errors import OptionError, RunError, wrong_count
from .frozen import dataclass
from .program import Program
from .shown import pretty
from .spec import Spec

if TYPE_CHECKING:
    from .combination import Statements
    from .joint import JointSum
    from .viewed import Viewed

Runner = Callable[..., object]
Admission = Callable[["Generated", Sequence[object]], Sequence[object]]
"""Takes inputs and returns them as the loops of a text take them; raises EinloopError for what the text is not for."""


class Form(Enum):
    """What surrounds the loops."""

    SNIPPET = "snippet"
    FUNCTION = "function"
    SCRIPT = "script"
    EXTENSION = "extension"
    """A function with what makes a Python module of it."""


def form_of(*, script: bool, extension: bool, function: str | None) -> Form:
    """Return the form that is asked for; a function's name alone asks for a function.

    Raises OptionError where two are asked for.

    >>> form_of(script=False, extension=False, function="product")
    <Form.FUNCTION: 'function'>
    """
    if script and extension:
        raise OptionError("EL473", "a script and an extension at once", hint="leave one of them out")
    if extension:
        return Form.EXTENSION
    return Form.SCRIPT if script else Form.FUNCTION if function is not None else Form.SNIPPET


class Values(Enum):
    """What the loops compute on."""

    ARRAYS = "arrays"
    LISTS = "lists"
    POINTERS = "pointers"
    """Contiguous arrays of a declared dtype, as a compiled language sees them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The inputs for which the text promises np.einsum's shape, dtype and value.

    `dtypes`: one name per distinct input, or None where every dtype is right. `checked`: anything else is refused at
    run time; otherwise the text assumes it. Which axes stretch, and the ranks, stand in the Spec.
    """

    dtypes: tuple[str, ...] | None
    checked: bool
    values: Values = Values.ARRAYS
    plain_zero: bool = False
    """An empty sum leaves a plain Python zero instead of a numpy scalar."""
    literal: bool = False
    """Extents that are known stand in the text as numbers: it is for these shapes only."""
    numbers: bool = False
    """Where every dtype is right, those that are not of numbers are not: truth values and objects are refused."""
    stepwise: bool = False
    """Sums are taken in the steps of a path: floats are added in another order, and where an intermediate is an empty
    sum, an infinite factor beside it gives nan, and an object beside it a zero of its own type."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Generated:
    """Emitted text with its contract. `str()` is the text; a notebook shows it with the verdict of running it.

    Attributes
    ----------
    source : str
        The text.
    target, style : str
        The language, and the way it is written.
    form : Form
        What surrounds the loops: nothing in a snippet.
    spec : Spec
        The expression, with the extents that are known.
    contract : Contract
        The inputs for which the text promises np.einsum's shape, dtype and value.
    inputs : tuple of str
        The distinct names of operands, in the order in which `run` takes them.
    operands : tuple of str
        A name for each operand.
    result : str
        The name of the result.
    loop_names : tuple of (str, str)
        The names of each index and its extent, aligned with `spec.indices`.
    entry : str or None
        The name of the function.
    header : str or None
        The text of a file that declares the function, where it was asked for.
    notes : tuple of str
        What is to be known about the text.
    runner, admission, program, page
        What runs the text, what looks at its inputs before, the text with its interface, and what gives it as HTML.
    steps
        Of several statements, each with the names of its operands and of its result.
    foreign : bool
        Whether a user's templates made the text.
    joint
        The sum of einsums that the text computes, where it is more than one einsum, over operands that its summands
        share; of several statements the last. `spec` then has the operands and the indices of all of them, and is no
        expression of its own.

    viewed
        What the operands are parts of, where `inputs` are the arrays that they are parts of.

    Examples
    --------
    >>> import einloop
    >>> loops = einloop.generate("ij->i", function="rows")
    >>> loops
    <python article function for 'ij->i'>
    >>> loops.run([[1, 2], [3, 4]]).tolist()
    [3, 7]
    """

    source: str
    target: str
    style: str
    form: Form
    spec: Spec
    contract: Contract
    inputs: tuple[str, ...]
    operands: tuple[str, ...]
    result: str
    loop_names: tuple[tuple[str, str], ...]
    entry: str | None = None
    header: str | None = None
    notes: tuple[str, ...] = ()
    runner: Runner | None = field(default=None, compare=False)
    admission: Admission | None = field(default=None, compare=False)
    program: Program | None = field(default=None, compare=False)
    page: Callable[[Generated], str] | None = field(default=None, compare=False)
    foreign: bool = False
    joint: JointSum | None = field(default=None, compare=False)
    steps: tuple[tuple[JointSum, tuple[str, ...], str], ...] = field(default=(), compare=False)
    viewed: Viewed | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"<{self.target} {self.style} {self.form.value} for {self.expression!r}>"

    _repr_pretty_ = pretty

    def _repr_html_(self) -> str | None:
        return None if self.page is None else self.page(self)

    @property
    def statements(self) -> Statements | None:
        """The sum of einsums that the text computes, where it is more than one einsum."""
        if not self.steps:
            return None if self.joint is None else self.joint.statements
        from .combination import Statements

        return Statements(combinations=tuple(c for joint, _, _ in self.steps for c in joint.statements.combinations))

    @property
    def expression(self) -> str:
        """What the text computes: the subscripts of an einsum, or statements."""
        return self.spec.subscripts if self.statements is None else self.statements.text()

    def run(self, *inputs: object) -> object:
        """Return the result of running the text.

        It runs in this process, as a function that you call does. A text that somebody else's templates made may do
        whatever it likes.

        Parameters
        ----------
        *inputs : array_like
            One for each of `self.inputs`. Lists are taken for the arrays that numpy makes of them; the style 'lists'
            takes nested lists.

        Returns
        -------
        object
            An array or a scalar; of the style 'lists' a nested list.

        Raises
        ------
        RunError
            Where the target cannot be run here, where the number of inputs is wrong, and for inputs of dtypes or sizes
            that the text is not for. Functions, and texts with checks, refuse inputs themselves.
        ShapeError
            Where the inputs do not fit the expression.
        """
        if self.runner is None:
            raise RunError("EL601", f"target {self.target!r} has no runner, so its text cannot be run here")
        if len(inputs) != len(self.inputs):
            raise wrong_count(self.inputs, len(inputs))
        return self.runner(*(inputs if self.admission is None else self.admission(self, inputs)))
