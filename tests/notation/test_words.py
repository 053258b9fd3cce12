"""Words in a formula that are sums and functions, and those that are arrays of such a name."""

from __future__ import annotations

import pytest

from einloop.core.errors import NotationError
from einloop.notation import read

SUMS = [
    ("C[i,k] = sum_{j} A[i,j] B[j,k]", "ij,jk->ik"),
    ("C[i,k] = sum_j A[i,j] B[j,k]", "ij,jk->ik"),
    ("C[i,k] = sum_j A[i,j]*B[j,k]", "ij,jk->ik"),
    ("C[i,l] = SUM_{j,k} A[i,j] B[j,k] D[k,l]", "ij,jk,kl->il"),
    ("C[i,l] = Sum_jk A[i,j] B[j,k] D[k,l]", "ij,jk,kl->il"),
    ("C[i,l] = sum_j sum_k A[i,j] B[j,k] D[k,l]", "ij,jk,kl->il"),
    ("y[i] = Σ_j A[i,j] x[j]", "ij,j->i"),
    ("y[i] = ∑_{j=1}^{n} A[i,j] x[j]", "ij,j->i"),
    ("y[i] = sum_{j=0}^{n-1} A[i,j] x[j]", "ij,j->i"),
    ("y[i] = sum_j^n A[i,j] x[j]", "ij,j->i"),
    ("y[i] = sum_{j}(A[i,j] * x[j])", "ij,j->i"),
    ("y[i] = sum_j (A[i,j] * x[j])", "ij,j->i"),
    ("y[i] = alpha * sum_j A[i,j] * x[j]", ",ij,j->i"),
    ("y[i] = b[i] * sum_j A[i,j] * x[j]", "i,ij,j->i"),
    ("y[i] = sum(j) A[i,j] x[j]", "ij,j->i"),
    ("y[i] = sum(j, k) A[i,j] B[j,k]", "ij,jk->i"),
    ("y[i] = sum A[i,j] x[j]", "ij,j->i"),
    ("y[batch] = sum_dim A[batch,dim]", "bd->b"),
    ("y_i = sum_j A_ij x_j", "ij,j->i"),
    ("y_i = Sum_{j=1}^{n} A_{ij} x_j", "ij,j->i"),
    ("y_i = sumⱼ A_{ij} x_j", "ij,j->i"),
    ("c = sum_i a_i b_i", "i,i->"),
]

ARRAYS = [
    ("y[i] = sum[j] * A[i,j]", ["sum", "A"], "sum[j] is read as an array of that name"),
    ("y[i] = max[i] * x[i]", ["max", "x"], "max[i] is read as an array of that name"),
    ("y[i] = exp * x[i]", ["exp", "x"], "exp is read as an array of that name"),
    ("sum[i] = A[i,j]", ["A"], None),
    ("max[i] = A[i,j]", ["A"], None),
    ("y[i] = sum_w[j] * A[i,j]", ["sum_w", "A"], None),
    ("y[i] = sum_w * A[i,j]", ["sum_w", "A"], None),
    ("y[i] = log_probs[i,j] * x[j]", ["log_probs", "x"], None),
    ("y[i] = summary[i] * maximum[i]", ["summary", "maximum"], None),
    ("y[i] = Π[i,j] * x[j]", ["Π", "x"], None),
    (r"y_i = \Pi_{ij} x_j", ["Pi", "x"], None),
    ("y[i] = W_{ij} x[j]", ["W", "x"], None),
    ("y[i] = kappa_{ij} x[j]", ["kappa", "x"], None),
    ("y[i] = Theta_{ij} x[j]", ["Theta", "x"], None),
    ("y[i] = Wq_{ij} x[j]", ["Wq", "x"], "Wq_{ij} is read as an array of that name"),
    ("y[i] = x[j] weights_{ij}", ["x", "weights"], "weights_{ij} is read as an array of that name"),
    ("y[i] = weights_{ij} * x[j]", ["weights", "x"], "weights_{ij} is read as an array of that name"),
    ("y[i] = lowest_{i} x[j] * lowest[j]", ["lowest", "x", "lowest"], "lowest_{i} is read as an array of that name"),
    ("y[i] = nansum[j] * A[i,j]", ["nansum", "A"], None),
    ("y[i] = Σ alpha * A[i,j]", ["alpha", "A"], None),
    ("y[i] = ∑x[j]*A[i,j]", ["x", "A"], None),
    (r"y_i = \text{rank}_i \cdot x_i", ["rank", "x"], None),
]

FUNCTIONS = [
    ("y[i] = max_{j} A[i,j]", "max"),
    ("y[i] = max_j A[i,j]", "max_j"),
    ("y[i] = MAX_j A[i,j]", "MAX_j"),
    ("y[i] = x[i] * prod_{j} A[i,j]", "prod"),
    ("y[i] = min_{j} (A[i,j])", "min"),
    ("y[i] = argmax_j A[i,j]", "argmax_j"),
    ("y[i] = mean_j(A[i,j])", "mean_j"),
    ("y[i] = exp_{i} A[i,j]", "exp"),
    ("y[i] = exp A[i,j]", "exp"),
    ("y[i] = sum_j max_k A[i,j,k]", "max_k"),
    ("y[i] = Π_j A[i,j]", "Π_j"),
    ("y_i = max_j A_ij", "max"),
    ("y_i = sum_j log A_ij", "log"),
    ("y_i = tr_j A_ij", "tr"),
    ("y_i = Π_j A_ij", "Π"),
    ("y_i = Π_{j=1}^n A_{ij}", "Π"),
    (r"y_i = \operatorname{max}_j A_{ij}", r"\operatorname{max}_j"),
    (r"y_i = \mathrm{Tr} A_{ij}", r"\mathrm{Tr}"),
    (r"y_i = \text{sum}_j A_{ij}", r"\text{sum}_j"),
    (r"y_i = \max_j A_{ij}", r"\max"),
    (r"y_i = \prod_j A_{ij}", r"\prod"),
    ("y[i] = sum(A[i,j])", "sum"),
    ("y[i] = sum(j, A[i,j])", "sum"),
    ("y[i] = log(A[i,j])", "log"),
    ("y[i] = maximum_{j} A[i,j]", "maximum"),
    ("y[i] = amin_{j} A[i,j]", "amin"),
    ("y[i] = nanmax_{j} A[i,j]", "nanmax"),
    ("y[i] = NanSum_j A[i,j]", "NanSum_j"),
    ("y[i] = logsumexp_{j} A[i,j]", "logsumexp"),
    ("y[i] = LogSumExp_{j} A[i,j]", "LogSumExp"),
    ("y[i] = argsort_{j} A[i,j]", "argsort"),
    ("y[i] = count_nonzero_{j} A[i,j]", "count_nonzero"),
    ("y[i] = Ave_{j} A[i,j]", "Ave"),
    ("y[i] = lim_{j} A[i,j]", "lim"),
    ("y[i] = nanmedianⱼ A[i,j]", "nanmedian"),
    ("y[i] = x[i] * row_top_{j} A[i,j]", "row_top"),
    ("y[i] = smallest_{j} (A[i,j] * x[j])", "smallest"),
    ("y[i] = smallest^{n}_{j} A[i,j]", "smallest"),
    ("y[i] = smallest_j^{n} A[i,j]", "smallest_j"),
    ("y_i = minimum_j A_{ij}", "minimum"),
    (r"y_i = \operatorname{nanmax}_j A_{ij}", r"\operatorname{nanmax}_j"),
]


@pytest.mark.parametrize(("text", "subscripts"), SUMS)
def test_sums(text: str, subscripts: str) -> None:
    assert read(text).subscripts == subscripts


@pytest.mark.parametrize(("text", "names", "note"), ARRAYS)
def test_arrays(text: str, names: list[str], note: str | None) -> None:
    spec = read(text)
    assert [operand.name for operand in spec.operands] == names
    assert spec.notes == (() if note is None else (note,))


@pytest.mark.parametrize(("text", "marked"), FUNCTIONS)
def test_functions(text: str, marked: str) -> None:
    with pytest.raises(NotationError) as caught:
        read(text)
    assert caught.value.id == "EL148"
    assert caught.value.span is not None
    assert text[slice(*caught.value.span)] == marked
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "id_", "marked"),
    [
        ("y[i] = sum_j * A[i,j]", "EL145", "sum_j"),
        ("y[i] = sum over j of A[i,j]", "EL145", "sum"),
        ("y[i] = sum_k A[i,j]", "EL146", "k"),
        ("y[i] = sum_{j>0} A[i,j]", "EL140", ">"),
        ("y[i] = sum_{j in J} A[i,j]", "EL172", "in"),
        ("y_i = Σ_{j in J} A_{ij}", "EL172", "in"),
        ("y[i] = sum_{j∈J} A[i,j]", "EL140", "∈"),
        ("y[i] = sum_j", "EL106", "i"),
        ("y[i] = sum_(j", "EL148", "sum_"),
        ("C[i] = C[i] + A[i,j] * x[j]", "EL165", "C"),
        ("C[i] = A[i,j] * x[j] + C[i]", "EL165", "C"),
        ("C_i = C_i - A_{ij}", "EL165", "C"),
        (r"\hat{C}_i = A_{ij} + \hat{C}_i", "EL165", "C"),
        ("C[i] = A[i] + B[i]", "EL142", "+"),
        ("C[i] -= A[i]", "EL140", "-"),
    ],
)
def test_refused(text: str, id_: str, marked: str) -> None:
    with pytest.raises(NotationError) as caught:
        read(text)
    assert caught.value.id == id_
    assert caught.value.span is not None
    assert text[slice(*caught.value.span)] == marked


@pytest.mark.parametrize(
    "sign", ["sum_{{{}}}", "Sum_{{{}}}", "SUM_{{{}}}", "∑_{{{}}}", "Σ_{{{}}}", "sum_{}", "sum({})"]
)
@pytest.mark.parametrize(
    ("formula", "listed"),
    [
        ("C[i,k] = {} A[i,j] B[j,k]", "j"),
        ("C[i,k] = {} (A[i,j] * B[j,k])", "j"),
        ("c = {} A[i,j]", "i,j"),
        ("C[b] = scale * {} A[b,word] * B[word]", "word"),
        ("C_{{ik}} = {} A_{{ij}} B_{{jk}}", "j"),
        ("c = {} x_i x_i", "i"),
    ],
)
def test_every_way_to_write_a_sum_means_the_same(sign: str, formula: str, listed: str) -> None:
    listed = listed.replace(",", "") if sign == "sum_{}" else listed
    said, meant = read(formula.format(sign.format(listed))), read(formula.format(rf"\sum_{{{listed}}}"))
    assert said.subscripts == meant.subscripts
    assert [operand.name for operand in said.operands] == [operand.name for operand in meant.operands]


@pytest.mark.parametrize(
    ("text", "id_", "marked", "hint"),
    [
        ("y[i] = Σj * A[i,j]", "EL145", "j", "write Σ_{j} for the index"),
        ("y[i] = Σj A[i,j]", "EL145", "j", "write Σ_{j} for the index"),
        ("y[i] = ∑k*A[i,k]", "EL145", "k", "write ∑_{k} for the index"),
        ("y[i] = x[i] * Σjk A[i,j,k]", "EL145", "jk", "write Σ_{jk} for the index"),
        ("y[i] = sum j A[i,j]", "EL145", "j", "write sum_{j} for the index"),
        (r"y[i] = \sum j A[i,j]", "EL145", "j", r"write \sum_{j} for the index"),
        ("y[i] = sum{j} A[i,j]", "EL145", "j", "write sum_{j} for the index"),
        ("y[i] = sum{j,k} (A[i,j,k])", "EL145", "j,k", "write sum_{j,k} for the index"),
        ("y[i] = sum j * A[i,j]", "EL145", "j", "write sum_{j} for a sum over j; else rename the operand"),
        ("y[i] = sum(A[i,j]*x[j])", "EL148", "sum", "write sum_{j} A[i,j]*x[j]"),
        ("c = Sum(A[m, n] * x[n])", "EL148", "Sum", "write sum_{m,n} A[m, n] * x[n]"),
        ("y[i] = sum(x[i])", "EL148", "sum", "write x[i] alone"),
        ("y[i] = sum(j, 1, n) A[i,j]", "EL148", "sum", "write the index below the sum, like sum_{j} A[i, j]"),
        ("y[i] = lowest(x[i])", "EL148", "lowest", "write lowest[i, j] for an element, lowest * (...) for a product"),
    ],
)
def test_what_to_write_instead(text: str, id_: str, marked: str, hint: str) -> None:
    with pytest.raises(NotationError) as caught:
        read(text)
    assert (caught.value.id, caught.value.hint) == (id_, hint)
    assert caught.value.span is not None
    assert text[slice(*caught.value.span)] == marked


def test_blanks_before_the_indices_of_a_sum_change_nothing() -> None:
    assert read("y[i] = sum_ {j} A[i,j]").subscripts == read("y[i] = sum _ {j} A[i,j]").subscripts == "ij->i"
