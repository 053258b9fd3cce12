"""What einsum expressions come to, in plain Python with numpy's dtypes: for where numpy is not, and step by step.

Arrays are `PlainArray`s, made of nested lists, of anything with numpy's array protocol, or of a `.npy` file. An
expression becomes an `EinsumValue`, statements become `StatementValue`s; both compute one element, or all of them.

Floats are added as the loops do that einloop prints in the style `scalar`: one term after another, summed indices in
order of appearance, the last fastest, factors from the left; each product and each total is rounded to the dtype, but
float16 is multiplied and added in float64 and rounded once. Everything else is exact, so it is what np.einsum gives.
"""

from .defaults import counting, symbol_text, symbols
from .einsum import EinsumValue, evaluate
from .given import given, of_array, of_lists, of_text
from .npy import read_npy
from .statements import StatementValue, evaluate_statements

__all__ = [
    "EinsumValue",
    "StatementValue",
    "counting",
    "evaluate",
    "evaluate_statements",
    "given",
    "of_array",
    "of_lists",
    "of_text",
    "read_npy",
    "symbol_text",
    "symbols",
]
