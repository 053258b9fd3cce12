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
from einloop.pipeline.show import generate
from einloop.pipeline.verify import verify

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
    (r"y_i = \sum_{j=1}^{J} W_{ij} x_j", "ij,j->i", ["W", "x"], "y"),
    (r"y_i = \sum_{j=1}^{N_j} W_{ij} x_j", "ij,j->i", ["W", "x"], "y"),
    (r"y_i = \sum_{j=1}^{m_1} W_{ij} x_j", "ij,j->i", ["W", "x"], "y"),
    (r"y_i = \sum_{j=1}^{n'} W_{ij} x_j", "ij,j->i", ["W", "x"], "y"),
    (r"y_i = \sum_{j=0}^{d_{\text{model}} - 1} W_{ij} x_j", "ij,j->i", ["W", "x"], "y"),
    (r"y_i = \sum_{j=0}^{n} W_{ij} x_j", "ij,j->i", ["W", "x"], "y"),
    (r"y_i = \sum_{j=1}^\infty W_{ij} x_j", "ij,j->i", ["W", "x"], "y"),
    (r"y_i = \sum_{j=1}^{2} W_{ij} x_j", "ij,j->i", ["W", "x"], "y"),
    ("yᵢ = ∑ⱼ₌₀ⁿ⁻¹ Wᵢⱼ xⱼ", "ij,j->i", ["W", "x"], "y"),
    ("y[batch] = sum_{j=1}^{h} A[batch,j]", "bj->b", ["A"], "y"),
    (r"s = \sum_{i=1}^{n}\sum_{j=0}^{n-1} A_{ij} x_i x_j", "ij,i,j->", ["A", "x", "x"], "s"),
    (r"y_i = \sum_{j=1}^{n} W_{ij} x_j, i=1,\dots,n-1", "ij,j->i", ["W", "x"], "y"),
    (r"T^{ij} = u^i v^j", "i,j->ij", ["u", "v"], "T"),
    (r"s = F^{ab} F_{ab}", "ab,ab->", ["F", "F"], "s"),
    (r"y_i = x^{i,n}_i", "ini->i", ["x"], "y"),
    (r"T^{abc} = A^{ab} b^c", "ab,c->abc", ["A", "b"], "T"),
    (r"s = H^{abc} H_{abc}", "abc,abc->", ["H", "H"], "s"),
    (r"x^{a,b,c} = y^{a,b,c}", "abc->abc", ["y"], "x"),
    (r"s = \sum_{abc} x^{abc} y^{abc}", "abc,abc->", ["x", "y"], "s"),
    (r"W^{(in)}_{ij} = W^{(out)}_{ij}", "ij->ij", ["W_out"], "W_in"),
    (r"C_{ij} = A_{ik} B_{kj} \qquad (1)", "ik,kj->ij", ["A", "B"], "C"),
    (r"C_{ij} = A_{ik} B_{kj}. (2.3)", "ik,kj->ij", ["A", "B"], "C"),
    (r"C_{ij} = A_{ik} B_{kj}, \quad (A.1)", "ik,kj->ij", ["A", "B"], "C"),
    (r"C_{ij} = A_{ik} B_{kj} \hfill \text{(4b)}", "ik,kj->ij", ["A", "B"], "C"),
    (r"$$ C_{ij} = A_{ik} B_{kj} \eqno(5) $$", "ik,kj->ij", ["A", "B"], "C"),
    (r"$$ C_{ij} = A_{ik} B_{kj} \leqno{(5)} $$", "ik,kj->ij", ["A", "B"], "C"),
    ("(1) c_{ij} = a_{ik} b_{kj}", "ik,kj->ij", ["a", "b"], "c"),
    ("Eq. (3): c_{ij} = a_{ik} b_{kj}", "ik,kj->ij", ["a", "b"], "c"),
    ("c_ij = a_ik b_kj (12)", "ik,kj->ij", ["a", "b"], "c"),
    ("c[i] = a[i] * b[i]   (7)", "i,i->i", ["a", "b"], "c"),
    (r"c_i = a_i b_i, \quad i=1,\dots,n \qquad (4)", "i,i->i", ["a", "b"], "c"),
    (r"\boxed{C_{ik} = A_{ij} B_{jk}}", "ij,jk->ik", ["A", "B"], "C"),
    (r"$\boxed{ c_{ij} = a_{ik} \hat{b}_{kj} }$.", "ik,kj->ij", ["a", "b"], "c"),
    (r"c_i = a_i \odot b_i", "i,i->i", ["a", "b"], "c"),
    ("C[i,j] = A[i,j] ∘ B[i,j]", "ij,ij->ij", ["A", "B"], "C"),
    (r"C_{ij} = a_i \otimes b_j", "i,j->ij", ["a", "b"], "C"),
    (r"c_i = a_i b_i \quad \forall i", "i,i->i", ["a", "b"], "c"),
    ("c_{ij} = a_i b_j, for all i,j.", "i,j->ij", ["a", "b"], "c"),
    (r"c_{ij} = {\sum_k a_{ik} b_{kj}}", "ik,kj->ij", ["a", "b"], "c"),
    (r"c_i = {a_i {b_i}}", "i,i->i", ["a", "b"], "c"),
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
    (r"C_{ik}=\sum_{j\in S}A_{ij}B_{jk}", "EL172"),
    (r"C_{ik}=\sum_{j \neq i}A_{ij}B_{jk}", "EL172"),
    ("# C[i] = A[i]", "EL141"),
    (r"C_{ik} = \left\{ A_{ij} B_{jk} \right\}", "EL140"),
    ("A_{ij}^{(2)2} = B_{ij}", "EL147"),
    ("A^{(1)(2)}_i = B_i", "EL147"),
    ("A^{(1)}^{(2)}_i = B_i", "EL147"),
    ("A^{(12)}_{i} = B^{(1)}_{i2}", "EL144"),
    (r"\begin{multline} R_{ijkl} = \sum_{a,b,c,d} C_{ai} C_{bj} C_{ck} C_{dl} (ab|cd) \end{multline}", "EL140"),
    ("(F * G)_{ij} = A_{ij}", "EL140"),
    (r"y_i = \sum_{j=1}^{i} L_{ij} b_j", "EL172"),
    (r"y_i = \sum_{j=0}^{i-1} L_{ij} b_j", "EL172"),
    (r"y_i = \sum_j^i L_{ij} b_j", "EL172"),
    (r"y_i = \sum^{i}_{j=1} L_{ij} b_j", "EL172"),
    (r"y_i = \sum_{j=1}^{n_i} L_{ij} b_j", "EL172"),
    (r"y_i = \sum_{j=1}^{ni} L_{ij} b_j", "EL172"),
    (r"y_i = \sum_{j=1}^{\min(i,n)} L_{ij} b_j", "EL172"),
    (r"y_\alpha = \sum_{j=1}^{\alpha} L_{\alpha j} b_j", "EL172"),
    ("yᵢ = ∑ⱼ₌₁ⁱ Lᵢⱼ bⱼ", "EL172"),
    ("y[i] = sum_{j=1}^{i} L[i,j] * b[j]", "EL172"),
    ("y[i] = sum_{j=0}^i L[i,j] * b[j]", "EL172"),
    ("y[i] = sum_{j=1}^{n_i} L[i,j] * b[j]", "EL172"),
    ("y[row] = Σ_{j=1}^{row} L[row,j] * b[j]", "EL172"),
    (r"E = \sum_{i=1}^{n}\sum_{j=1}^{i} J_{ij} s_i s_j", "EL172"),
    (r"E = \sum_{i=1}^{n}\sum_{j=1}^{i-1} J_{ij} s_i s_j", "EL172"),
    (r"E = \sum_{i=1}^{n}\sum_{j=i+1}^{n} J_{ij} s_i s_j", "EL172"),
    (r"s = \sum_{j=1}^{n-1} a_j", "EL172"),
    (r"s = \sum_j^{n-1} a_j", "EL172"),
    (r"s = \sum_{j=0}^{n-2} a_j", "EL172"),
    (r"s = \sum_{j=1}^{n+1} a_j", "EL172"),
    (r"s = \sum_{j=1}^{N/2} a_j", "EL172"),
    (r"s = \sum_{j=1}^{2n} a_j", "EL172"),
    (r"s = \sum_{j=1}^{\lfloor n/2 \rfloor} a_j", "EL172"),
    (r"s = \sum_{j=1}^{0} a_j", "EL172"),
    ("yᵢ = ∑ⱼ₌₁ⁿ⁻¹ Aᵢⱼ", "EL172"),
    ("y[i] = sum_{j=1}^{n-1} A[i,j]", "EL172"),
    (r"s = \sum_{i=1}^{n}\sum_{j=0}^{n} A_{ij} x_i x_j", "EL172"),
    (r"s = \sum_{i=1}^{3}\sum_{j=1}^{2} A_{ij} x_i x_j", "EL172"),
    (r"y_i = x_i \sum_{j=1}^{n} x_j, i=1,\dots,n-1", "EL172"),
    (r"y_{ij} = a_i b_j, i=1,\dots,j", "EL169"),
    (r"y_{ij} = a_i b_j, i=1,\dots,n_j", "EL169"),
    (r"y_i = \sum_j W^{in}_{ij} x_j", "EL145"),
    (r"y_i = \sum_j W_{ij} x_j^{old}", "EL145"),
    (r"y_{in} = \sum_j W^{in}_{ij} x_{jn}", "EL145"),
    ("yᵢ = Wⁱⁿᵢⱼ xⱼ", "EL145"),
    (r"x^{old}_i = y^{old}_i", "EL145"),
    (r"x^{in}_b = y^{in}_b", "EL145"),
    (r"x^{new}_i = A_{ij} x^{old}_j", "EL145"),
    ("y_i = x_i s_{max}", "EL145"),
    ("c[i] = a[i] * b[i] * (7)", "EL143"),
    ("c_i = a_i (0.5)", "EL143"),
    ("c_i = a_i + (2)", "EL142"),
    (r"c_i = a_i \cdot \quad (2)", "EL140"),
    ("c[i] = a[i]  [3]", "EL144"),
    (r"\boxed{c_i = a_i", "EL148"),
    (r"c_i = a_i b_i, \forall k", "EL169"),
    (r"c_i = a_i b_i, \forall i \in S", "EL140"),
    (r"c_i = {\sum_j a_{ij}}^2", "EL147"),
    (r"c_i = {\sum_j a_{ij}", "EL140"),
]

REASONS: list[tuple[str, str, str | None]] = [
    (
        r"y_i = \sum_{j=1}^{i} L_{ij} b_j",
        "the limit 'i' depends on index 'i'; a sum of an einsum runs over the whole axis (character 18)",
        "multiply by an operand with indices j,i: 1 where the sum goes, 0 elsewhere",
    ),
    (
        r"s = \sum_{j=1}^{n-1} a_j",
        "the sum up to 'n-1' may leave out a part of the axis; a sum of an einsum takes all of it (character 16)",
        r"write \sum_{j} if that is the whole axis; else take the part before",
    ),
    (
        r"s = \sum_{i \ne j} A_{ij}",
        "a sum of an einsum runs over the whole axis, from its first element (character 12)",
        "multiply by an operand that is 1 where the sum goes, and 0 elsewhere",
    ),
    (
        r"s = \sum_{i=1}^{3}\sum_{j=1}^{2} x_i x_j",
        "the limits of 'i' and 'j' give one axis two lengths (character 30)",
        "take the part of the axis before",
    ),
    (
        r"y_{ij} = a_i b_j, i=1,\dots,j",
        r"the range 'i=1,\dots,j' depends on index 'j', and loops run over whole axes (character 18)",
        "multiply by an operand with indices i,j: 1 or 0",
    ),
    (
        r"y_i = \sum_j W^{in}_{ij} x_j",
        "is 'in' above 'W' 2 indices, or part of its name? (character 16)",
        "write i,n for the indices, W^{(in)} for the name",
    ),
    (
        "y_i = x_i s_{max}",
        "is 'max' below 's' 3 indices, or part of its name? (character 13)",
        "write m,a,x for the indices, s^{(max)} for the name",
    ),
    (
        "C[i, k] = sum(A[i, j] * B[j, k] for j in range(n))",
        "'sum' before '(' reads as a function (character 10)",
        "write sum_{j} A[i, j] * B[j, k]",
    ),
    (
        "C[i] = sum(A[i, j] for j in range(i))",
        "'sum' before '(' reads as a function (character 7)",
        "a sum of an einsum runs over whole axes, without conditions; multiply by an operand of 1 and 0",
    ),
    (
        r"f(x) = \sum_i w_i x_i",
        "'f' before '(' reads as a function (character 0)",
        "write the result with its indices, f_{i}, or alone: f = ...",
    ),
    (
        "y = A x",
        "'=' cannot stand in subscripts; a label is one letter (character 2)",
        "write '->', or a formula with its indices, like y_i = A_{ij} x_j",
    ),
    (
        r"\mathbf{y} = \mathbf{A} \mathbf{x}",
        "the formula has no indices, and nothing says what is summed (character 13)",
        "write them, as in y_i = A_{ij} x_j",
    ),
    (
        r"\| x \|^2 = x_i x_i",
        r"'\|' cannot stand in a formula (character 0)",
        "for the square of a norm write the sum of squares: s = x_i^2",
    ),
    (
        r"C = A \odot B",
        r"'\odot' needs an operand with indices on both sides (character 6)",
        "write the indices of both, like A_{ij} * B_{ij}",
    ),
    (
        r"C_{ij} = A_{ij} \otimes B_{ij}",
        r"'\otimes' is a sign of outer products, and both operands have index 'i' (character 16)",
        "write * for a product of elements; else name the indices differently",
    ),
    (
        "c_i = a_{i_1}",
        "'_' is an index with an index (character 10)",
        r"name the index with one letter, or as a word: \text{i1}",
    ),
    (
        "c[i] = sum(a[i,j] for j in range(n) if j > i)",
        "'>' cannot stand in a formula (character 41)",
        "a formula is one assignment, without conditions",
    ),
]

NOTES: list[tuple[str, str]] = [
    (r"M^{(1)}_{ir} = A_{ij} B_{jr}", "M^{(1)}_{ir} is read as an array of its own: M_1"),
    (r"z^{[1]}_i = W_{ij} x_j", "z^{[1]}_i is read as an array of its own: z_1"),
    (r"C_{ik} = A_{ij} B_{jk} % remainder?", "'% remainder?' is read as a comment"),
    (r"c_i = a_i, \quad i=1,\dots,5", r"i=1,\dots,5 is ignored; pass --sizes i=5 to use it"),
    (r"c_i = a_i, \quad i=0,\dots,m-1", r"i=0,\dots,m-1 is ignored; pass --sizes i=m to use it"),
    (r"c_i = a_i, \quad i=0,\dots,7", r"i=0,\dots,7 is ignored; pass --sizes i=8 to use it"),
    (r"\[ c_i = a_i, \; i \in \{1, \ldots, n\} \]", r"i \in \{1, \ldots, n\} is ignored; pass --sizes i=n to use it"),
    (r"\begin{align} c_i &= a_i, i=1,...,n \end{align}", "i=1,...,n is ignored; pass --sizes i=n to use it"),
    ("c_i = a_i, i=0,...,m", "i=0,...,m is ignored"),
    ("c_{ij} = a_i b_j, i,j=1,...,m", "i,j=1,...,m is ignored; pass --sizes i=m,j=m to use it"),
    (r"c_i = a_i \quad (2.1)", "'(2.1)' is read as the number of the formula"),
    ("(3) c_i = a_i", "'(3)' is read as the number of the formula"),
    (r"c_i = a_i \qquad \text{(3)}", r"'\text{(3)}' is read as the number of the formula"),
    (r"c_i = a_i \quad \forall i", r"\forall i is ignored"),
    (r"s = \sum_{j=1}^{2} a_j", "the limits of the sum over j are not read: it takes the whole axis"),
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


@pytest.mark.parametrize(("text", "message", "hint"), REASONS, ids=[repr(x[0]) for x in REASONS])
def test_the_reason_helps(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(NotationError) as caught:
        read(text)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_what_a_hint_says_can_be_read() -> None:
    assert read("C[i, k] = sum_{j} A[i, j] * B[j, k]").subscripts == "ij,jk->ik"
    assert read(r"y_i = \sum_j W^{i,n}_{ij} x_j").subscripts == "inij,j->i"
    assert read(r"y_i = \sum_j W^{(in)}_{ij} x_j").subscripts == "ij,j->i"
    assert read("y_i = x_i s^{(max)}").subscripts == "i,->i"
    assert read(r"y_i = \sum_{j} L_{ij} M_{ji} b_j").subscripts == "ij,ji,j->i"
    assert read(r"c = a_{\text{i1}} b_{\text{i1}}").subscripts == "i,i->"


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
