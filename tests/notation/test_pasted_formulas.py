"""Formulas as papers, lecture notes and programs write them: what is read, and what is refused."""

# ruff: noqa: E501

from __future__ import annotations

from string import ascii_letters

import numpy as np
import pytest

import einloop
from einloop.core.errors import NotationError
from einloop.core.options import Options
from einloop.notation import read
from einloop.pipeline import generate, verify

ACCEPTED: list[tuple[str, str, list[str], str | None]] = [
    (r"\begin{equation} C_{ik} = \sum_{j=1}^{n} A_{ij} B_{jk} \end{equation}", "ij,jk->ik", ["A", "B"], "C"),
    (r"\begin{equation*}\label{eq:mm} C_{ik} = \sum_j A_{ij} B_{jk}. \end{equation*}", "ij,jk->ik", ["A", "B"], "C"),
    (r"\begin{align} C_{ik} &= \sum_{j} A_{ij} B_{jk} \nonumber \end{align}", "ij,jk->ik", ["A", "B"], "C"),
    (r"\begin{align*} y_i &= \sum_{j=1}^{m} W_{ij}\,x_j, \\ \end{align*}", "ij,j->i", ["W", "x"], "y"),
    (
        r"\begin{equation}\begin{aligned} G_{\mu\nu} &= g_{\mu\alpha} h_{\alpha\nu} \end{aligned}\tag{3}\end{equation}",
        "ma,an->mn",
        ["g", "h"],
        "G",
    ),
    (r"\[ s = \sum_{i} \sum_{j} A_{ij} B_{ij} \tag{1} \]", "ij,ij->", ["A", "B"], "s"),
    (r"$$ K_{ij} = \sum_{d} X_{id} X_{jd} $$", "id,jd->ij", ["X", "X"], "K"),
    ("$y_i = W_{ij} x_j$", "ij,j->i", ["W", "x"], "y"),
    (r"\( y_i = W_{ij} x_j \)", "ij,j->i", ["W", "x"], "y"),
    (r"\[ T_{ijk} = \sum_{r=1}^{R} A_{ir} B_{jr} C_{kr}, \qquad i=1,\dots,I \]", "ir,jr,kr->ijk", ["A", "B", "C"], "T"),
    (r"M^{(1)}_{ir} = \sum_{j,k} X_{ijk} B_{jr} C_{kr}", "ijk,jr,kr->ir", ["X", "B", "C"], "M_1"),
    (
        r"M^{(1)}_{ir} = \sum_{j=1}^{J}\sum_{k=1}^{K} X_{ijk} B_{jr} C_{kr}, \quad i=1,\dots,m, \; r = 1, \ldots, R",
        "ijk,jr,kr->ir",
        ["X", "B", "C"],
        "M_1",
    ),
    (r"X_{ijk} = \sum_{r} A^{(1)}_{ir} A^{(2)}_{jr} A^{(3)}_{kr}", "ir,jr,kr->ijk", ["A_1", "A_2", "A_3"], "X"),
    (r"X_{ijk} = \sum_{r} A_{ir}^{(1)} A_{jr}^{(2)} A_{kr}^{(3)}", "ir,jr,kr->ijk", ["A_1", "A_2", "A_3"], "X"),
    (
        r"\hat{\mathcal{X}}_{ijk} = \sum_{p=1}^P\sum_{q=1}^Q\sum_{r=1}^R g_{pqr}\, a^{(1)}_{ip}\, a^{(2)}_{jq}\, a^{(3)}_{kr}.",
        "pqr,ip,jq,kr->ijk",
        ["g", "a_1", "a_2", "a_3"],
        "X",
    ),
    (r"z^{[1]}_i = \sum_j W^{[1]}_{ij} x_j", "ij,j->i", ["W_1", "x"], "z_1"),
    (r"C_{ij} = \sum_{n=1}^{N} x_i^{(n)} x_j^{(n)}", "in,jn->ij", ["x", "x"], "C"),
    (r"S_{ij} = \sum_n x^{(n)}_i y^{(n)}_j", "ni,nj->ij", ["x", "y"], "S"),
    (r"Q_{bqh} = \sum_d X_{bqd} W^{(\text{query})}_{dh}", "bqd,dh->bqh", ["X", "W_query"], "Q"),
    (r"Q_{bqh} = \sum_d X_{bqd} W^{(\mathrm{in})}_{dh}", "bqd,dh->bqh", ["X", "W_in"], "Q"),
    ("C(i,k) = A(i,j) * B(j,k)", "ij,jk->ik", ["A", "B"], "C"),
    ("C(i,k) = A(i,j) B(j,k)", "ij,jk->ik", ["A", "B"], "C"),
    ("C(i, k) += A(i, j) * B(j, k)", "ij,jk->ik", ["A", "B"], "C"),
    ("c(i,k) = sum_j a(i,j)*b(j,k)", "ij,jk->ik", ["a", "b"], "c"),
    ("Y(k,i) = X(i,k)", "ik->ki", ["X"], "Y"),
    (r"C_{i,k} = \sum_j A_{i,j} B_{j,k}", "ij,jk->ik", ["A", "B"], "C"),
    ("C[i, k] = A[i, j] * B[j, k]  # matrix product", "ij,jk->ik", ["A", "B"], "C"),
    ("C[i][k] += A[i][j] * B[j][k]; // accumulate", "ij,jk->ik", ["A", "B"], "C"),
    ("C_{ik} = A_{ij} B_{jk} % matrix product", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} = \sum_j A_{ij} B_{jk} %", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} &= \sum_{j} A_{ij} B_{jk},", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} = \sum_{j}\! A_{ij}\,B_{jk}\;.", "ij,jk->ik", ["A", "B"], "C"),
    (r"\mathbf{C}_{ik} = \sum_j \mathbf{A}_{ij} \mathbf{B}_{jk}", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} = \sum\limits_{j=1}^{n} A_{ij} B_{jk}", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} = \sum\nolimits_{j=1}^{n} A_{ij} B_{jk}", "ij,jk->ik", ["A", "B"], "C"),
    (r"s = \sum\limits_{i,j} A_{ij}", "ij->", ["A"], "s"),
    ("Cᵢₖ = ∑ⱼ AᵢⱼBⱼₖ", "ij,jk->ik", ["A", "B"], "C"),
    ("Cᵢₖ = ∑ⱼ AᵢⱼBⱼₖ, i = 1, …, m", "ij,jk->ik", ["A", "B"], "C"),
    (r"c = a_i \left[ \sum_j A_{ij} b_j \right]", "i,ij,j->", ["a", "A", "b"], "c"),
    (r"c = a_i \bigl[ \sum_j A_{ij} b_j \bigr]", "i,ij,j->", ["a", "A", "b"], "c"),
    (r"C_{ik} = \sum_{j=1}^{n} A_{ij} B_{jk}, \quad \forall i = 1,\dots,m", "ij,jk->ik", ["A", "B"], "C"),
    (
        r"C_{ik} = \sum_{j=1}^{n} A_{ij} B_{jk} \quad \text{for } i = 1, \ldots, m \text{ and } k = 1, \ldots, p",
        "ij,jk->ik",
        ["A", "B"],
        "C",
    ),
    (r"C_{ik} = \sum_{j=1}^{n} A_{ij} B_{jk} \quad (i = 1, \ldots, m)", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} = \sum_{j=1}^{n} A_{ij} B_{jk}, \qquad i,k = 1,\dots,8", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} = \sum_{j=1}^{n} A_{ij} B_{jk}, i = 1, 2, \dots, 8", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} = \sum_{j=0}^{n-1} A_{ij} B_{jk}, i = 0, \dots, m-1", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} = \sum_{j=1}^{n} A_{ij} B_{jk}, \quad i \in \{1, \dots, m\}", "ij,jk->ik", ["A", "B"], "C"),
    ("C[i,k] = A[i,j] * B[j,k], i = 1, ..., 5", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} := \sum_j A_{ij} B_{jk}", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} \triangleq \sum_j A_{ij} B_{jk}", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} \equiv \sum_j A_{ij} B_{jk}", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} \leftarrow \sum_j A_{ij} B_{jk}", "ij,jk->ik", ["A", "B"], "C"),
    ("C_{ik} ← A_{ij} B_{jk}", "ij,jk->ik", ["A", "B"], "C"),
    ("`C[i,k] = A[i,j] * B[j,k]`", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_i = A_i \\[2pt]", "i->i", ["A"], "C"),
    (r"\varepsilon_i = \sum_j \Gamma_{ij} \xi_j \hspace{1em}", "ij,j->i", ["Gamma", "xi"], "varepsilon"),
    (r"c_i = \varepsilon_{ijk} a_j b_k", "ijk,j,k->i", ["varepsilon", "a", "b"], "c"),
    (r"\tau = F_{\alpha\beta} F^{\alpha\beta}", "ab,ab->", ["F", "F"], "tau"),
    (r"R_{\mu\nu} = g^{\alpha\beta} R_{\alpha\mu\beta\nu}", "ab,ambn->mn", ["g", "R"], "R"),
    (r"A_{bhqk} = \sum_d Q_{bhqd} K_{bhkd}", "bhqd,bhkd->bhqk", ["Q", "K"], "A"),
    (
        r"\mathbf{y}_{b,o,h,w} = \sum_{c,u,v} \mathbf{x}_{b,c,h,w,u,v}\, \mathbf{k}_{o,c,u,v}",
        "bchwuv,ocuv->bohw",
        ["x", "k"],
        "y",
    ),
    (r"E = \sum_{ij} J_{ij} s_i s_j", "ij,i,j->", ["J", "s", "s"], "E"),
    (r"\rho_{ik} = \sum_j \psi_{ij} \overline{\psi}_{kj}", "ij,kj->ik", ["psi", "psi_overline"], "rho"),
    (r"\sigma_{ij} = C_{ijkl} \varepsilon_{kl}", "ijkl,kl->ij", ["C", "varepsilon"], "sigma"),
    (r"q_{i} = x_{j}\, W^{Q}_{ji}", "j,Qji->i", ["x", "W"], "q"),
    (r"y_{i}=\sum_{j=1}^{N}w_{ij}x_{j}", "ij,j->i", ["w", "x"], "y"),
    ("C[i,j] = A[i,k] * B[k,j] # i = 1, ..., 5", "ik,kj->ij", ["A", "B"], "C"),
    ("M^{(1)}_{ir} = M^{(1)}_{ij} B_{jr}", "ij,jr->ir", ["M_1", "B"], "M_1"),
    ("x^{(2)}_i = W^{(2)}_{ij} x^{(1)}_j", "ij,j->i", ["W_2", "x_1"], "x_2"),
    (
        r"\begin{gather*} M_{pq} = \sum_{s} U_{ps} S_{s} V_{qs} \notag \end{gather*}",
        "ps,s,qs->pq",
        ["U", "S", "V"],
        "M",
    ),
    (
        r"\begin{split} \hat{y}_{bk} &= \sum_{d=1}^{D} x_{bd} \\ &\quad \times w_{dk} \end{split}",
        "bd,dk->bk",
        ["x", "w"],
        "y",
    ),
    (r"\begin{eqnarray} P_{xy} & = & \sum_z Q_{xz} R_{zy} \end{eqnarray}", "xz,zy->xy", ["Q", "R"], "P"),
    (
        r"\begin{displaymath} \psi_{i} = \sum_{jk} T_{ijk} u_j v_k, \end{displaymath}",
        "ijk,j,k->i",
        ["T", "u", "v"],
        "psi",
    ),
    (r"G_{rs} = \sum_{n=1}^{100} Z_{nr} Z_{ns}, \qquad r,s = 1,\ldots,10.", "nr,ns->rs", ["Z", "Z"], "G"),
    (r"A^{[1]}_{bh} = \sum_{d} X_{bd} W^{[1]}_{dh}", "bd,dh->bh", ["X", "W_1"], "A_1"),
    (r"u^{(\text{out})}_o = \sum_i K_{oi} u^{(\text{in})}_i", "oi,i->o", ["K", "u_in"], "u_out"),
    (r"\mathcal{L}_{t} = \sum_{m} \alpha_m H^{(0)}_{mt}", "m,mt->t", ["alpha", "H_0"], "L"),
    ("v(i) = M(i,j) * w(j)   # a comment", "ij,j->i", ["M", "w"], "v"),
    ("T(i,j,k) = U(i,r) * V(j,r) * W(k,r)", "ir,jr,kr->ijk", ["U", "V", "W"], "T"),
    ("d(b) += p(b,n) * q(b,n);", "bn,bn->b", ["p", "q"], "d"),
    ("`out[b, h, q, k] = Q[b, h, q, d] * K[b, h, k, d]`", "bhqd,bhkd->bhqk", ["Q", "K"], "out"),
    ("out[b,i] += x[b,j] * w[i,j]; // a dense layer", "bj,ij->bi", ["x", "w"], "out"),
    (
        r"$$ \Phi_{ab} = \sum_{c} \Lambda_{ac} \Omega_{cb}, \quad a = 1, \dots, n $$",
        "ac,cb->ab",
        ["Lambda", "Omega"],
        "Phi",
    ),
    (r"\bar{x}_j = \sum_i p_i x_{ij} % the mean", "i,ij->j", ["p", "x"], "x_bar"),
    (r"S_{ij} \triangleq \sum_k X_{ki} X_{kj}", "ki,kj->ij", ["X", "X"], "S"),
    ("w_i ← A_{ij} v_j", "ij,j->i", ["A", "v"], "w"),
    (r"e = \Bigl[ \sum_i a_i b_i \Bigr] c", "i,i,->", ["a", "b", "c"], "e"),
    (r"\rho_{jk} = \sum_{i} \psi_{ij} \phi_{ik} \hspace{2em} \label{eq:rho}", "ij,ik->jk", ["psi", "phi"], "rho"),
    (r"Z_{ik} = \sum_j X_{ij} Y_{jk}, \; \forall i \in \{1, 2, \dots, 12\}", "ij,jk->ik", ["X", "Y"], "Z"),
]

REFUSED: list[tuple[str, str]] = [
    (r"z_i = \sum_j W^{(l)}_{ij} h_j", "EL170"),
    (r"h^{(l+1)}_i = \sum_j W^{(l)}_{ij} h^{(l)}_j", "EL147"),
    ("C(i,k) = C(i,k) + A(i,j)*B(j,k)", "EL165"),
    ("C(i,k) = sum(A(i,:)*B(:,k))", "EL148"),
    ("y(i) = exp(x(i))", "EL148"),
    ("y(i) = max(i) * x(i)", "EL148"),
    ("C[i,k] = A[i,j] // B[j,k]", "EL142"),
    ("C[i,k] = A[i,j] % B[j,k]", "EL140"),
    ("C_ik = A_ij % B_jk", "EL140"),
    ("C_{ik} = A'_{ij} B_{jk}", "EL147"),
    ("C_{ik} = A^T_{ij} B_{jk}", "EL147"),
    (r"C_{ik} = A_{ij}^{\top} B_{jk}", "EL147"),
    (r"C_{ik} = \sum_{j=1}^{n} A_{ij} B_{jk}, \quad i = 2,\dots,m", "EL169"),
    (r"C_{ik} = \sum_{j=1}^{n} A_{ij} B_{jk}, \quad r = 1,\dots,m", "EL169"),
    (r"C_{ik} = A_{ij} B_{jk}, \text{where } A = 1", "EL141"),
    (r"\begin{cases} C_i = A_i \end{cases}", "EL168"),
    (r"\begin{pmatrix} C_i = A_i \end{pmatrix}", "EL168"),
    (r"\begin{equation} C_i = A_i + B_i \end{equation}", "EL142"),
    (r"\begin{equation} C_i = 2 A_i \end{equation}", "EL143"),
    (r"\begin{equation} C_i = \frac{1}{n} A_i \end{equation}", "EL142"),
    (r"\begin{align} C_i &= A_i \\ D_i &= B_i \end{align}", "EL141"),
    (r"\rho_{ik} = \sum_j \psi_{ij} \psi^*_{kj}", "EL147"),
    (r"q_{bd} = \sum_e x_{be} W^{\text{q}}_{ed}", "EL145"),
    (r"C_{ik}=\sum_{j\in S}A_{ij}B_{jk}", "EL146"),
    (r"C_{ik}=\sum_{j \neq i}A_{ij}B_{jk}", "EL146"),
    (r"\boxed{C_{ik} = A_{ij} B_{jk}}", "EL141"),
    ("# C[i] = A[i]", "EL141"),
    (r"C_{ik} = \left\{ A_{ij} B_{jk} \right\}", "EL140"),
    ("A_{ij}^{(2)2} = B_{ij}", "EL147"),
    ("A^{(1)(2)}_i = B_i", "EL147"),
    ("A^{(1)}^{(2)}_i = B_i", "EL147"),
    ("A^{(12)}_{i} = B^{(1)}_{i2}", "EL144"),
    (r"\begin{multline} R_{ijkl} = \sum_{a,b,c,d} C_{ai} C_{bj} C_{ck} C_{dl} (ab|cd) \end{multline}", "EL140"),
    ("(F * G)_{ij} = A_{ij}", "EL140"),
]

NOTES: list[tuple[str, str]] = [
    (r"M^{(1)}_{ir} = A_{ij} B_{jr}", "M^{(1)}_{ir} is read as an array of its own: M_1"),
    (r"z^{[1]}_i = W_{ij} x_j", "z^{[1]}_i is read as an array of its own: z_1"),
    (r"C_{ik} = A_{ij} B_{jk} % remainder?", "'% remainder?' is read as a comment"),
    (r"c_i = a_i, \quad i=1,\dots,5", r"i=1,\dots,5 is not used; with --sizes i=5 it is"),
    (r"c_i = a_i, \quad i=0,\dots,m-1", r"i=0,\dots,m-1 is not used; with --sizes i=m it is"),
    (r"c_i = a_i, \quad i=0,\dots,7", r"i=0,\dots,7 is not used; with --sizes i=8 it is"),
    (r"\[ c_i = a_i, \; i \in \{1, \ldots, n\} \]", r"i \in \{1, \ldots, n\} is not used; with --sizes i=n it is"),
    (r"\begin{align} c_i &= a_i, i=1,...,n \end{align}", "i=1,...,n is not used; with --sizes i=n it is"),
    ("c_i = a_i, i=0,...,m", "i=0,...,m is not used"),
    ("c_{ij} = a_i b_j, i,j=1,...,m", "i,j=1,...,m is not used; with --sizes i=m,j=m it is"),
]


@pytest.mark.parametrize(("text", "subscripts", "names", "result"), ACCEPTED, ids=[repr(x[0]) for x in ACCEPTED])
def test_read_as_it_is_meant(text: str, subscripts: str, names: list[str], result: str | None) -> None:
    spec = read(text)
    assert (spec.subscripts, [x.name for x in spec.operands], spec.result) == (subscripts, names, result)
    assert spec.source.text == text


@pytest.mark.parametrize(("text", "subscripts", "names", "result"), ACCEPTED, ids=[repr(x[0]) for x in ACCEPTED])
def test_the_loops_are_np_einsum(text: str, subscripts: str, names: list[str], result: str | None) -> None:
    sizes = {letter: 2 + number % 3 for number, letter in enumerate(ascii_letters)}
    rng = np.random.default_rng(0)
    terms = subscripts.partition("->")[0].split(",")
    arrays = {
        name: rng.integers(1, 5, tuple(sizes[x] for x in term)).astype(float)
        for name, term in zip(names, terms, strict=True)
    }
    equal = {x for name, term in zip(names, terms, strict=True) if names.count(name) > 1 for x in term}
    if equal:  # one array under two terms: its axes have one length for all indices
        arrays = {
            name: rng.integers(1, 5, (3,) * len(term)).astype(float) for name, term in zip(names, terms, strict=True)
        }
    generated = generate(read(text), Options())
    expected = np.einsum(subscripts, *(arrays[name] for name in names))
    np.testing.assert_array_equal(generated.run(*(arrays[name] for name in dict.fromkeys(names))), expected)


@pytest.mark.parametrize(("text", "id_"), REFUSED, ids=[repr(x[0]) for x in REFUSED])
def test_refused(text: str, id_: str) -> None:
    with pytest.raises(NotationError) as caught:
        read(text)
    assert caught.value.id == id_
    assert caught.value.span is None or caught.value.text == text


@pytest.mark.parametrize(("text", "note"), NOTES)
def test_what_is_not_used_is_said(text: str, note: str) -> None:
    assert note in read(text).notes


def test_a_place_is_that_of_the_text_as_it_was_given() -> None:
    text = r"\begin{equation} c_i = a_i + b_i, \quad i=1,\dots,m \end{equation}"
    with pytest.raises(NotationError) as caught:
        read(text)
    assert text[slice(*(caught.value.span or (0, 0)))] == "+"


def test_two_arrays_are_never_one() -> None:
    spec = read(r"c = A^{(1)}_i \text{A 1}_i A_i")
    assert len({operand.name for operand in spec.operands}) == 3


def test_verified() -> None:
    assert verify(generate(read("C(i,k) = A(i,j) * B(j,k)"), Options()))
    assert einloop.generate(r"M^{(1)}_{ir} = X_{ij} B_{jr}").operands == ("X", "B")
