"""Functions and methods that are known and are no sum of products: why, and what to do instead. A table."""

from __future__ import annotations

from collections.abc import Mapping

AROUND = "lift the parts on either side, each with a name: S = ..."
CHOOSES = "chooses between elements, which no sum of products does"
CURVED = "is not a sum of products"
EDGES = "adds up parts of an axis, whose ends depend on the place in the result"
FILTERS = "np.lib.stride_tricks.sliding_window_view gives the windows an axis of their own"
REAL = "for real arrays leave it out: .T, or .mT; else pass A.conj() as an operand"
ZEROS = "np.triu and np.tril give an operand with zeros: lift with that operand"

ROWS = (
    ("maximum fmax", CHOOSES, "leave np.maximum as it is, or np.maximum.reduce where it goes along an axis"),
    ("minimum fmin", CHOOSES, "leave np.minimum as it is, or np.minimum.reduce where it goes along an axis"),
    ("max amax maximum.reduce", CHOOSES, "lift what it is taken of, then np.max(..., axis=...), or np.maximum.reduce"),
    ("min amin minimum.reduce", CHOOSES, "lift what it is taken of, then np.min(..., axis=...), or np.minimum.reduce"),
    ("where clip clamp argmax argmin topk all nonzero sign heaviside", CHOOSES, AROUND),
    ("relu leaky_relu dropout masked_fill", CHOOSES, AROUND),
    ("greater less equal greater_equal less_equal not_equal isclose allclose", CHOOSES, AROUND),
    ("logical_not logical_xor", CHOOSES, AROUND),
    (
        "softmax log_softmax scaled_dot_product_attention layer_norm normalize",
        "divides by sums of elements, which no sum of products does",
        "lift the parts on either side: scores = ...",
    ),
    ("exp exp2 expm1 log log2 log10 log1p logsumexp sqrt rsqrt cbrt reciprocal", CURVED, AROUND),
    ("sin cos tan sinh cosh tanh arctan arctan2 hypot angle erf sigmoid gelu silu", CURVED, AROUND),
    ("abs absolute fabs round floor ceil rint trunc norm std", CURVED, AROUND),
    ("cdist pdist cosine_similarity", CURVED, AROUND),
    ("var", f"{CURVED} as it stands", "write it out, ((A - A.mean(0)) ** 2).mean(0) for axis=0"),
    ("cov corrcoef", f"{CURVED} as it stands", "centre the rows first: D = A - A.mean(1)[:, None]; D @ D.T / (n - 1)"),
    ("inv pinv inverse solve lstsq det slogdet logdet cond matrix_rank", f"{CURVED} of elements", AROUND),
    ("svd eig eigh eigvals eigvalsh cholesky qr matrix_exp expm", f"{CURVED} of elements", AROUND),
    ("matrix_power", "is a chain of products whose length is a number", "write it out: A @ A @ A"),
    ("prod nanprod cumprod multiply.reduce", "multiplies along an axis, which no einsum does", AROUND),
    (
        "sort argsort msort partition unique median quantile percentile searchsorted bincount histogram",
        "depends on the order of elements, which no sum of products does",
        AROUND,
    ),
    ("cumsum add.accumulate diff gradient trapz", EDGES, AROUND),
    (
        "stack concatenate vstack hstack dstack column_stack row_stack cat block pad append insert",
        "puts arrays side by side, which no sum of products does",
        "lift each part, and join the results",
    ),
    (
        "repeat tile repeat_interleave roll flip fliplr flipud rot90 resize delete",
        "moves or repeats elements, which no sum of products does",
        AROUND,
    ),
    (
        "split array_split chunk unbind hsplit vsplit",
        "cuts an array at places that are not read",
        "use slices: A[:k], A[k:]",
    ),
    ("triu tril", "leaves elements out by their place, which no einsum does", ZEROS),
    ("conj conjugate H adjoint mH", "conjugates, which no einsum does", REAL),
    (
        "take gather index_select take_along_axis scatter scatter_add scatter_add_ embedding ix_ compress choose",
        "takes indices from an array",
        "lift with what it gives as an operand",
    ),
    ("convolve correlate convolve2d correlate2d conv1d conv2d unfold", "reads an array at sums of indices", FILTERS),
    (
        "fft ifft rfft irfft",
        "multiplies by powers of a root of one",
        "a matrix of them as an operand is an einsum",
    ),
    (
        "cross",
        "adds products with signs by their place",
        "an operand of signs makes it an einsum: 'ijk,...j,...k->...i'",
    ),
    (
        "rand randn random normal default_rng uniform standard_normal integers randint",
        "gives random numbers",
        "give the array a name, and lift the code that uses it",
    ),
    ("average", "divides by a sum of weights", "without weights it is np.mean"),
)
"""Names, what such a function does, said after its name, and the hint."""
REFUSED: Mapping[str, tuple[str, str]] = {
    name: (reason, hint) for names, reason, hint in ROWS for name in names.split()
}
