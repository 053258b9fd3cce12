"""The einsum of an example: which expressions fit given shapes, and which of them give given values.

The search over labels needs the standard library alone; `values` computes with numpy.
"""

from .fitting import Gap, Sample, count, missing, shape_text
from .search import BestFirst, Candidate
from .twice import how_many, unique

__all__ = ["BestFirst", "Candidate", "Gap", "Sample", "count", "how_many", "missing", "shape_text", "unique"]
