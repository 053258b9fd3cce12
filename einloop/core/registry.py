"""Every id of an error or a finding, in one place: its family, its one meaning, and what control flow asks of it.

An id is raised with the class that its table is named after. `docs/errors.md` is made from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from .frozen import dataclass
from .topic import Topic


@dataclass(frozen=True, slots=True)
class Row:
    """One id. `meaning` is its one meaning; `were` are ids that had this meaning among others before."""

    id: str
    meaning: str
    topic: Topic | None = None
    were: tuple[str, ...] = ()


RETIRED: Mapping[str, str] = MappingProxyType({"EL402": "A value or an option that cannot be used."})
"""Ids that nothing raises any more, and what they meant: the rows that have them in `were` took their place."""

NOTATION = (
    Row("EL101", "A character or a sign that the subscripts cannot hold.", Topic.CHARACTER),
    Row("EL105", "An index stands twice in the output."),
    Row("EL106", "An index of the output is in no operand."),
    Row("EL110", "More operands than np.einsum takes.", Topic.OPERANDS),
    Row("EL111", "More different indices than np.einsum takes.", Topic.LABELS),
    Row("EL112", "One index occurs more often than np.einsum can count.", Topic.OCCURRENCES),
    Row("EL120", "There is no list where a list of labels should stand."),
    Row("EL121", "A list of labels holds something that is not a label."),
    Row("EL122", "A number in a list of labels is out of range."),
    Row("EL123", "A list of labels has two ellipses."),
    Row("EL124", "There is no operand."),
    Row("EL125", "A list of labels is longer than any array has axes."),
    Row("EL130", "The pasted call is not Python."),
    Row("EL131", "The text has no einsum call."),
    Row("EL132", "The call does not show its subscripts."),
    Row("EL133", "The call has more or fewer arrays than terms."),
    Row("EL134", "A list of labels in the call is not written out."),
    Row("EL135", "The call does not show which list belongs to which array."),
    Row("EL136", "The arguments of the call are not in the order that its library takes."),
    Row("EL137", "The text is nested too deeply to be read."),
    Row("EL138", "The text is a program or the name of a file, not an expression."),
    Row("EL139", "The loops cannot take the place of the call."),
    Row("EL140", "The text breaks the grammar of formulas."),
    Row("EL141", "The left side of the formula is missing, or there are two."),
    Row("EL142", "The formula adds, subtracts or divides, which no single einsum does."),
    Row("EL143", "The formula has a number as a factor."),
    Row("EL144", "There is no index where an index should stand."),
    Row("EL145", "The formula can be read in more than one way."),
    Row("EL146", "A sum sign lists an index that it does not sum, or not everywhere."),
    Row("EL147", "A power or a mark that no product of operands has."),
    Row("EL148", "The formula calls a function.", Topic.FUNCTION),
    Row("EL149", "The formula is nested too deeply."),
    Row("EL150", "Named axes need one '->' and an output."),
    Row("EL151", "A word cannot name an axis."),
    Row("EL152", "Parentheses compose axes, which an einsum cannot do."),
    Row("EL153", "A number or a bare '_' stands where the name of an axis should."),
    Row("EL154", "An ellipsis is written wrongly, or twice in one term."),
    Row("EL155", "The output has a comma."),
    Row("EL160", "The einsum call is part of more, which is not read.", Topic.MORE),
    Row("EL161", "The text has several einsum calls, and one is read.", Topic.MORE),
    Row("EL162", "The text has other statements, which are not read.", Topic.MORE),
    Row("EL163", "The value of the call changes what an array holds, which is not read.", Topic.MORE),
    Row("EL165", "The result of the formula stands on its right side too."),
    Row("EL166", "A text or a line is too long to be read."),
    Row("EL167", "Standard input is too large to be read."),
    Row("EL168", "A LaTeX environment that is not read."),
    Row("EL169", "A range after the formula that is not a whole axis, or not of an index."),
    Row("EL170", "A raised letter may be an index or part of a name."),
    Row("EL171", "The call is given its subscripts twice.", were=("EL136",)),
    Row("EL172", "Limits or conditions of a sum; an einsum sums whole axes.", were=("EL146",)),
    Row("EL173", "A formula makes more terms, or longer numbers, than are read."),
)
SHAPE = (
    Row("EL201", "More or fewer operands than the expression has."),
    Row("EL202", "An operand has more or fewer axes than its term names.", Topic.RANK),
    Row("EL203", "An operand with an ellipsis has no shape, and others have one."),
    Row("EL204", "The output leaves out an ellipsis that covers axes.", Topic.LOST_ELLIPSIS),
    Row("EL205", "One index has two sizes.", Topic.SIZE),
    Row("EL206", "More loops than np.einsum iterates over.", Topic.AXES),
    Row("EL207", "out= has another shape than the result."),
    Row("EL208", "A shape has more elements than any array can hold."),
    Row("EL209", "A value that is not an array of numbers."),
    Row("EL210", "An axis is empty, and something is divided by its length."),
)
DTYPE = (
    Row("EL301", "A dtype that is unknown, or has no sums and products."),
    Row("EL302", "casting= does not allow the cast."),
    Row("EL303", "The library of the dialect refuses the expression or its dtypes."),
    Row("EL304", "Objects that cannot be multiplied and added up."),
    Row("EL305", "A dtype that numpy does not have."),
    Row("EL306", "Python objects, whose values are not compared."),
    Row("EL308", "An array that numpy cannot read directly."),
    Row("EL310", "An array whose own library computes with it."),
    Row("EL311", "A masked array, whose hidden elements would be counted."),
    Row("EL312", "A dtype that plain Python has no numbers of.", Topic.NO_NUMBERS),
)
OPTION = (
    Row("EL400", "The command line cannot be read."),
    Row("EL401", "A name that Python, or the loops, cannot use."),
    Row("EL403", "One name stands for two different things.", were=("EL404",)),
    Row("EL404", "What is given for the operands does not fit their number, names or order.", were=("EL401",)),
    Row("EL405", "A value that is not a shape, or not the length of an axis."),
    Row("EL406", "A size for a name that is not an index."),
    Row("EL407", "The number of axes must be known, and an ellipsis hides it."),
    Row("EL408", "The order of the loops does not name every index once."),
    Row("EL409", "A running total is not possible in this order of the loops."),
    Row("EL410", "A style or target that is not for this dtype."),
    Row("EL411", "A file that is not a readable .npy array."),
    Row("EL412", "A file, a folder or standard input cannot be read or written."),
    Row("EL413", "A seed that is not a number in range."),
    Row("EL414", "Standard output cannot take the text.", Topic.OUTPUT),
    Row("EL415", "Arrays of two libraries in one call."),
    Row("EL416", "The target cannot read an array with negative strides."),
    Row("EL418", "An argument cannot be read to its end."),
    Row("EL419", "The output would overwrite a file that the same command reads."),
    Row("EL420", "An array is needed and not given."),
    Row("EL421", "Coordinates that do not name one element of the result.", were=("EL420",)),
    Row("EL422", "Coordinates outside the result."),
    Row("EL423", "An element has more terms than are added up."),
    Row("EL424", "A dtype for which numpy does not say what is finite."),
    Row("EL425", "Finding where values overflow would take too long."),
    Row("EL431", "A value that is not a contraction path, or one that does not fit the operands.", were=("EL402",)),
    Row("EL432", "The library that finds contraction paths is not installed."),
    Row("EL433", "A schedule that cannot be read, or cannot be applied here."),
    Row("EL434", "Another option repeats what the schedule says."),
    Row("EL435", "Loops cannot be written for a sum of einsums, or not in this way."),
    Row("EL436", "There is no such picture of several einsums."),
    Row("EL437", "The library that makes PNG and PDF is not installed."),
    Row("EL438", "Loops with statements that a trace does not follow."),
    Row("EL439", "A step that the loops do not make."),
    Row("EL440", "Undecided: the operands of one name can be matched in too many ways."),
    Row("EL441", "Undecided: the ellipses can cover too many combinations of axes."),
    Row("EL442", "Undecided: the results are given shapes that may be two."),
    Row("EL460", "A size that a measurement needs is unknown."),
    Row("EL461", "A measurement would take more memory than there is."),
    Row("EL462", "A number of runs, or of seconds, that is out of range."),
    Row("EL463", "There is no roofline to draw."),
    Row("EL464", "None of the targets can run here."),
    Row("EL465", "The name of a file and what is to be written into it do not fit.", were=("EL402",)),
    Row("EL466", "Two outputs go into one file."),
    Row("EL467", "The system refuses what is needed."),
    Row("EL468", "There is too little memory."),
    Row("EL469", "A name or a value that does not exist.", were=("EL402",)),
    Row("EL470", "An argument of the wrong type.", were=("EL402",)),
    Row("EL471", "An option that has no use here.", were=("EL402", "EL433")),
    Row("EL472", "The command takes more or fewer expressions.", were=("EL402",)),
    Row("EL473", "Two options that exclude each other.", were=("EL402", "EL465")),
    Row("EL474", "An option lacks a value, or another option that it needs.", were=("EL402",)),
    Row("EL475", "einsum is called without subscripts and labels.", were=("EL402",)),
    Row("EL476", "A keyword that the library's einsum does not accept.", were=("EL402",)),
    Row("EL477", "out= cannot take the result.", were=("EL402",)),
    Row("EL478", "An environment variable that cannot be read.", were=("EL402",)),
    Row("EL479", "A number that is out of range.", were=("EL402", "EL405")),
    Row("EL480", "One thing is given twice, or two values for it contradict each other.", were=("EL404", "EL406")),
    Row("EL481", "Nested lists cannot show a shape.", were=("EL407",)),
    Row("EL482", "A file or standard input is not UTF-8 text.", were=("EL412",)),
    Row("EL483", "There is no folder to keep compiled functions in.", were=("EL412",)),
    Row("EL484", "A file exists already and is not overwritten.", were=("EL412",)),
    Row("EL485", "What is asked for needs a library that is not installed."),
    Row("EL486", "A view that takes up a terminal, and there is none."),
    Row("EL487", "An array that the page asks for is not held any more."),
    Row("EL488", "An answer would take longer than a page may."),
    Row("EL489", "The page cannot be served on this port."),
    Row("EL490", "The browser's Python, which a page carries, cannot be found or read."),
)
TEMPLATE = (
    Row("EL501", "einloop's own templates are missing."),
    Row("EL502", "A target, or a folder of templates, that does not exist."),
    Row("EL503", "The manifest of a target is wrong."),
    Row("EL504", "A schedule in a manifest has a pass that does not exist."),
    Row("EL505", "A template lacks a block that the loops need."),
    Row("EL506", "A template fails, or is too large."),
    Row("EL507", "A template makes text that is not Python."),
)
RUN = (
    Row("EL601", "The target has no runner.", Topic.NO_RUNNER),
    Row("EL602", "More or fewer inputs than the loops take."),
    Row("EL603", "An input has another dtype than the loops are for."),
    Row("EL604", "An input has another shape than the loops are for."),
    Row("EL605", "An input is not the kind of array or list that the loops take."),
    Row("EL610", "The source is not Python."),
    Row("EL611", "It is not clear which function of the source is meant."),
    Row("EL612", "A function of the source cannot be called with arrays alone."),
    Row("EL613", "The source has more or fewer inputs than the expression has operands."),
    Row("EL614", "The source reads a name that nothing gives a value."),
    Row("EL615", "The source writes over an input."),
    Row("EL616", "The source makes its own inputs."),
    Row("EL617", "The source does not have the name that is asked for.", were=("EL611",)),
    Row("EL618", "It is not clear which name of the source is the result."),
    Row("EL619", "The source computes nothing that could be verified."),
    Row("EL620", "The loops were stopped at a deadline.", Topic.DEADLINE),
    Row("EL621", "The loops raised an exception.", Topic.RAISED),
    Row("EL622", "The loops ended the process that they ran in."),
    Row("EL623", "The result cannot be brought back from the process of the loops.", Topic.NOT_CARRIED),
    Row("EL624", "No process for the loops could be started.", Topic.NO_CHILD),
    Row("EL625", "The inputs cannot be handed to the process of the loops.", Topic.NOT_CARRIED),
    Row("EL626", "The source did not define its result or its function."),
    Row("EL627", "The loops write into their input.", Topic.INPUT_CHANGED),
    Row("EL628", "The source has to be written as a function to be verified."),
    Row("EL629", "The result of the source is not an array.", Topic.NO_ARRAY),
    Row("EL630", "There is no C compiler that can be started.", Topic.NO_TOOL),
    Row("EL631", "The compiled loops found too little memory.", Topic.NO_MEMORY),
    Row("EL632", "The C compiler refuses the text.", Topic.NOT_COMPILED),
    Row("EL633", "Numba is not there.", Topic.NO_TOOL),
    Row("EL634", "Numba refuses the text.", Topic.NOT_COMPILED),
    Row("EL635", "The C compiler took too long.", Topic.NOT_COMPILED),
    Row("EL636", "There is no place for compiled files.", Topic.NOT_COMPILED),
    Row("EL637", "Python's headers are not installed.", Topic.NO_TOOL),
    Row("EL638", "The compiled module does not take these arrays."),
    Row("EL640", "The process has too little memory for a compiled function.", Topic.NO_MEMORY),
    Row("EL641", "The compiler was kept from its work.", Topic.NOT_COMPILED),
    Row("EL642", "Numba holds as many functions as this process may have.", Topic.FULL),
    Row("EL643", "The source imports a module that is not installed.", Topic.NO_MODULE),
    Row("EL644", "All calls together took too long.", Topic.OUT_OF_TIME),
    Row("EL645", "The result has more numbers than np.einsum's."),
    Row("EL646", "The source is too long or too complex to be read."),
)
FINDING = (
    Row("EL164", "The formula adds to its result, and the loops start from zeros."),
    Row("EL701", "A stretched axis is summed."),
    Row("EL702", "An axis is stretched, and with indices in another order nothing would be."),
    Row("EL703", "Indices that stand in one operand only are summed, and nothing pairs them.", Topic.PAIRING),
    Row("EL704", "An index is summed inside one operand, and nothing is contracted.", Topic.PAIRING),
    Row("EL705", "An operand takes part by its total only.", Topic.PAIRING),
    Row("EL706", "The implicit output has another order than the indices are written in.", Topic.ALONE),
    Row("EL707", "Two equal terms without an output.", Topic.ALONE),
    Row("EL708", "A sum or a product of integers can leave its dtype."),
    Row("EL709", "bool is added as OR."),
    Row("EL710", "A narrow float adds up many terms."),
    Row("EL711", "An intermediate is large even on the best path."),
    Row("EL712", "optimize=True would save much."),
    Row("EL713", "A plain numpy call does the same.", Topic.ALONE),
    Row("EL714", "The output leaves out an ellipsis, which may then cover nothing."),
    Row("EL715", "A blank stands where a comma may be meant."),
    Row("EL716", "Nothing stands between two commas.", Topic.ALONE),
    Row("EL717", "An ellipsis in the output covers nothing."),
    Row("EL718", "The expression is empty.", Topic.ALONE),
    Row("EL719", "With one letter changed everything would pair up.", Topic.ONE_LETTER),
    Row("EL720", "The result is not the one that was expected."),
    Row("EL722", "The result is far larger than the inputs, or than the memory."),
    Row("EL731", "The dialect spells this in another way.", Topic.OTHER_SPELLING),
    Row("EL732", "The dialect has no letter for every index."),
    Row("EL733", "The dialect refuses these dtypes."),
    Row("EL734", "The dialect sums over an ellipsis that np.einsum refuses to lose.", Topic.ACCEPTED),
    Row("EL735", "The dialect takes a diagonal of unequal axes.", Topic.ACCEPTED),
    Row("EL736", "The dialect takes characters that np.einsum refuses.", Topic.ACCEPTED),
    Row("EL737", "The dialect takes more operands, axes or occurrences than np.einsum.", Topic.ACCEPTED),
    Row("EL738", "The dialect gives the result another dtype."),
    Row("EL739", "The dialect combines dtypes in pairs."),
    Row("EL740", "The dialect reads other axes."),
    Row("EL741", "The dialect would sum over the ellipsis if it covers an axis."),
    Row("EL742", "The dialect rounds once, np.einsum at every step."),
    Row("EL744", "The dialect may have no letter for every index.", Topic.ACCEPTED),
    Row("EL745", "A pair of dtypes can fail in the dialect."),
    Row("EL746", "It is unknown whether jax_enable_x64 is on."),
    Row("EL747", "A masked array, whose hidden elements are counted."),
    Row("EL751", "An integer left its dtype, and the element is wrong."),
    Row("EL752", "The element combines bools by OR and AND."),
    Row("EL753", "Terms of the element cancel each other."),
    Row("EL754", "The element is rounded visibly."),
    Row("EL762", "A term of a sum lacks an index of the result."),
    Row("EL763", "Terms of a sum share a factor that can be taken out."),
    Row("EL764", "The square of a difference is multiplied out."),
    Row("EL765", "An axis of size 1 is repeated because another term of the sum is longer."),
    Row("EL766", "bools are subtracted."),
    Row("EL767", "A difference of unsigned integers can go below 0."),
    Row("EL768", "What is added in place has a dtype that the result cannot hold."),
)
LIFT = (
    Row("EL801", "The code cannot be parsed."),
    Row("EL802", "A statement or an expression that is neither a loop nor arithmetic on arrays.", Topic.NOT_READ),
    Row("EL803", "A call or an attribute that is not known.", Topic.FUNCTION),
    Row("EL804", "A loop whose end is not known before it runs.", Topic.ENDLESS),
    Row("EL805", "What is done depends on the elements of an array, or on indices.", Topic.BRANCH),
    Row("EL806", "An element of an array is an index."),
    Row("EL807", "An operation that is neither a sum nor a product."),
    Row("EL808", "Several indices together say where an array is read.", Topic.WINDOW),
    Row("EL809", "The loops do not cover all combinations of their indices.", Topic.GAPS),
    Row("EL810", "The elements of the result are different sums.", Topic.UNLIKE),
    Row("EL811", "What the code computes depends on the sizes.", Topic.OTHER_SIZES),
    Row("EL812", "How many axes an array has, or how long they are, is not known.", Topic.UNKNOWN_AXES),
    Row("EL813", "Shapes that do not fit, or an index outside of an array.", Topic.UNFIT),
    Row("EL814", "The code has no result, or not one that is an array.", Topic.NO_RESULT),
    Row("EL815", "A length or a factor that the code's own words do not say.", Topic.NO_WORDS),
    Row("EL816", "The code is too long, or takes too many steps.", Topic.TOO_LONG),
    Row("EL817", "A result overlaps what it is computed from.", Topic.OVERLAP),
    Row("EL818", "A library that reads the code is not installed."),
    Row("EL819", "The code and its einsum give different results."),
    Row("EL821", "A part of a result meets the rest of it."),
    Row("EL822", "A turn of a loop needs what an earlier turn computed."),
)
TABLES: Mapping[str, tuple[Row, ...]] = MappingProxyType(
    {
        "NotationError": NOTATION,
        "ShapeError": SHAPE,
        "DtypeError": DTYPE,
        "OptionError": OPTION,
        "LiftError": LIFT,
        "TemplateError": TEMPLATE,
        "RunError": RUN,
        "EinloopError": (Row("EL000", "einloop itself failed."),),
        "Finding": FINDING,
    }
)
"""The ids of every class: families of errors, and findings, which are data and not raised."""


def rows() -> Iterator[tuple[str, Row]]:
    """Yield every row with the name of its class."""
    for kind, table in TABLES.items():
        yield from ((kind, row) for row in table)


@cache
def _topics() -> Mapping[str, Topic | None]:
    return {row.id: row.topic for _, row in rows()}


def topic_of(id: str) -> Topic | None:
    """Return what code has to know of an error or a finding, None where that is nothing.

    >>> topic_of("EL620"), topic_of("EL106")
    (<Topic.DEADLINE: 'one call took too long'>, None)
    """
    return _topics().get(id)
