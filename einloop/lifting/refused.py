"""Functions and methods that are known and are no sum of products: why, and what to do instead. A table."""

from __future__ import annotations

from collections.abc import Mapping

CHOOSES = "chooses between elements, which no sum of products does"
CURVED = "is no sum of products"
ORDER = "depends on the order of elements, which no sum of products does"
PLACES = "puts arrays side by side, which no sum of products does"
SOLVES = "is no sum of products of elements"
DIVIDES = "divides by sums of elements, which no sum of products does"
AROUND = "lift the parts on either side, each with a name: S = ..."

REFUSED: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("maximum", "fmax"), (CHOOSES, "leave np.maximum as it is, or np.maximum.reduce where it goes along an axis")),
    **dict.fromkeys(("minimum", "fmin"), (CHOOSES, "leave np.minimum as it is, or np.minimum.reduce where it goes along an axis")),
    **dict.fromkeys(("max", "amax", "maximum.reduce"), (CHOOSES, "lift what it is taken of, then np.max(..., axis=...), or np.maximum.reduce")),
    **dict.fromkeys(("min", "amin", "minimum.reduce"), (CHOOSES, "lift what it is taken of, then np.min(..., axis=...), or np.minimum.reduce")),
    **dict.fromkeys(
        ("where", "relu", "clip", "clamp", "argmax", "argmin", "topk", "any", "all", "nonzero", "masked_fill", "leaky_relu",
         "dropout", "heaviside", "sign"),
        (CHOOSES, AROUND),
    ),
    **dict.fromkeys(("softmax", "log_softmax", "scaled_dot_product_attention", "layer_norm", "normalize"), (DIVIDES, AROUND)),
    **dict.fromkeys(
        ("exp", "log", "sqrt", "rsqrt", "abs", "absolute", "fabs", "sin", "cos", "tan", "tanh", "sigmoid", "gelu", "silu",
         "norm", "std", "logsumexp", "erf", "log2", "log10", "log1p", "expm1", "exp2", "sinh", "cosh", "arctan", "arctan2",
         "hypot", "round", "floor", "ceil", "rint", "trunc", "reciprocal", "cbrt", "angle", "cdist", "pdist",
         "cosine_similarity"),
        (CURVED, AROUND),
    ),
    **dict.fromkeys(("var", "cov", "corrcoef"), (CURVED + " as it stands", "write it out: ((A - A.mean(0)) ** 2).mean(0)")),
    **dict.fromkeys(
        ("inv", "pinv", "solve", "lstsq", "det", "slogdet", "svd", "eig", "eigh", "eigvals", "eigvalsh", "cholesky", "qr",
         "matrix_rank", "matrix_exp", "expm", "cond", "inverse", "logdet"),
        (SOLVES, AROUND),
    ),
    **dict.fromkeys(("matrix_power",), ("is a chain of products whose length is a number", "write it out: A @ A @ A")),
    **dict.fromkeys(("prod", "cumprod", "nanprod", "multiply.reduce"), ("multiplies along an axis, which no einsum does", AROUND)),
    **dict.fromkeys(("sort", "argsort", "unique", "median", "quantile", "percentile", "searchsorted", "bincount",
                     "histogram", "msort", "partition"), (ORDER, AROUND)),
    **dict.fromkeys(("cumsum", "diff", "add.accumulate", "trapz", "gradient"),
                    ("adds up parts of an axis, whose ends depend on the place in the result", AROUND)),
    **dict.fromkeys(("stack", "concatenate", "vstack", "hstack", "dstack", "column_stack", "row_stack", "cat", "block", "pad",
                     "append", "r_", "c_", "insert"), (PLACES, "lift each part, and join the results")),
    **dict.fromkeys(("repeat", "tile", "repeat_interleave", "roll", "flip", "fliplr", "flipud", "rot90", "resize", "delete"),
                    ("moves or repeats elements, which no sum of products does", AROUND)),
    **dict.fromkeys(("split", "array_split", "chunk", "unbind", "hsplit", "vsplit"),
                    ("cuts an array at places that are not read", "use slices: A[:k], A[k:]")),
    **dict.fromkeys(("triu", "tril"), ("leaves elements out by their place, which no einsum does",
                                       "np.triu and np.tril give an operand with zeros: lift with that operand")),
    **dict.fromkeys(("conj", "conjugate", "H", "adjoint", "mH"), ("conjugates, which no einsum does",
                                               "for real arrays leave it out: .T, or .mT; else pass A.conj() as an operand")),
    **dict.fromkeys(("take", "gather", "index_select", "take_along_axis", "scatter", "scatter_add", "scatter_add_",
                     "embedding", "ix_", "at", "compress", "choose"),
                    ("takes indices from an array", "lift with what it gives as an operand")),
    **dict.fromkeys(("convolve", "correlate", "conv1d", "conv2d", "unfold", "convolve2d", "correlate2d", "fft", "ifft"),
                    ("reads an array at sums of indices",
                     "np.lib.stride_tricks.sliding_window_view gives the windows an axis of their own")),
    **dict.fromkeys(("cross",), ("adds products with signs by their place", "an operand of signs makes it an einsum: 'ijk,...j,...k->...i'")),
    **dict.fromkeys(("greater", "less", "equal", "greater_equal", "less_equal", "not_equal", "isclose", "allclose",
                     "logical_and", "logical_or", "logical_not"), (CHOOSES, AROUND)),
    **dict.fromkeys(("rand", "randn", "random", "normal", "default_rng", "uniform", "standard_normal", "integers", "randint"),
                    ("gives random numbers", "give the array a name, and lift the code that uses it")),
    **dict.fromkeys(("average",), ("divides by a sum of weights", "without weights it is np.mean")),
}  # fmt: skip
"""What a function of this name does, said after its name, and the hint."""
