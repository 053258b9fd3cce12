"""Formulas as people type them: from papers, textbooks and forum posts. Each is right, or refused for a true reason."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from einloop.core.errors import NotationError
from einloop.core.spec import Spec
from einloop.notation import read_statements

SUMS: list[tuple[str, str]] = [
    (
        r"d = (x_i - \mu_i) P_{ij} (x_j - \mu_j)",
        "d = np.einsum('i,ij,j->', x, P, x) - np.einsum('i,ij,j->', x, P, mu) - np.einsum('i,ij,j->', mu, P, x) + np.einsum('i,ij,j->', mu, P, mu)",
    ),
    (
        r"f = \frac{1}{2} x_i A_{ij} x_j - b_i x_i + c",
        "f = 0.5 * np.einsum('i,ij,j->', x, A, x) - np.einsum('i,i->', b, x) + c",
    ),
    (
        r"g_j = \frac{2}{n} \sum_{i=1}^{n} (\sum_k x_{ik} w_k - y_i) x_{ij}",
        "g = 2 * np.einsum('ik,k,ij->j', x, w, x) / x.shape[0] - 2 * np.einsum('i,ij->j', y, x) / x.shape[0]",
    ),
    (
        r"g_j = \frac{2}{n} \sum_{i=1}^{n} (x_{ik} w_k - y_i) x_{ij}",
        "g = 2 * np.einsum('ik,k,ij->j', x, w, x) / x.shape[0] - 2 * np.einsum('i,ij->j', y, x) / x.shape[0]",
    ),
    (
        r"L = \frac{1}{N} \sum_{i=1}^N (y_i - \hat{y}_i)^2",
        "L = np.einsum('i,i->', y, y) / y.shape[0] - 2 * np.einsum('i,i->', y, y_hat) / y.shape[0] + np.einsum('i,i->', y_hat, y_hat) / y.shape[0]",
    ),
    (
        r"C_{jk} = \frac{1}{n-1} \sum_{i=1}^{n} (x_{ij} - \bar{x}_j)(x_{ik} - \bar{x}_k)",
        "C = np.einsum('ij,ik->jk', x, x) / (x.shape[0] - 1) - np.einsum('ij,k->jk', x, x_bar) / (x.shape[0] - 1) - np.einsum('j,ik->jk', x_bar, x) / (x.shape[0] - 1) + x.shape[0] * np.einsum('j,k->jk', x_bar, x_bar) / (x.shape[0] - 1)",
    ),
    (
        r"E_{ijk} = x_{ijk} - \sum_{p,q,r} g_{pqr} a_{ip} b_{jq} c_{kr}",
        "E = x - np.einsum('pqr,ip,jq,kr->ijk', g, a, b, c)",
    ),
    (
        r"\Gamma^k_{ij} = \frac{1}{2} g^{kl} (d_{ijl} + d_{jil} - d_{lij})",
        "Gamma = 0.5 * np.einsum('kl,ijl->kij', g, d) + 0.5 * np.einsum('kl,jil->kij', g, d) - 0.5 * np.einsum('kl,lij->kij', g, d)",
    ),
    (
        r"I_{ij} = \sum_k m_k (x_{kl} x_{kl} \delta_{ij} - x_{ki} x_{kj})",
        "I = np.einsum('k,kl,kl,ij->ij', m, x, x, delta) - np.einsum('k,ki,kj->ij', m, x, x)",
    ),
    (
        r"\sigma_{ij} = \lambda \varepsilon_{kk} \delta_{ij} + 2 \mu \varepsilon_{ij}",
        "sigma = lambda_ * np.einsum('kk,ij->ij', varepsilon, delta) + 2 * mu * varepsilon",
    ),
    (r"G_{ij} = R_{ij} - \frac12 g_{ij} S + \Lambda g_{ij}", "G = R - 0.5 * S * g + Lambda * g"),
    (
        r"s_{bhqk} = \frac{Q_{bhqd} K_{bhkd}}{c} + m_{qk}",
        "s = np.einsum('bhqd,bhkd->bhqk', Q, K) / c + m",
    ),
    (
        r"E = h_{pq} D_{pq} + \frac{1}{2} D_{pq} D_{rs} (v_{pqrs} - \frac{1}{2} v_{prqs})",
        "E = np.einsum('pq,pq->', h, D) + 0.5 * np.einsum('pq,rs,pqrs->', D, D, v) - 0.25 * np.einsum('pq,rs,prqs->', D, D, v)",
    ),
    (
        r"H = \sum_{pq} h_{pq} g_{pq} + \frac{1}{4} \sum_{pqrs} v_{pqrs} G_{pqrs}",
        "H = np.einsum('pq,pq->', h, g) + 0.25 * np.einsum('pqrs,pqrs->', v, G)",
    ),
    (
        r"F_{pq} = h_{pq} + D_{rs} (v_{pqrs} - \frac{1}{2} v_{prqs})",
        "F = h + np.einsum('rs,pqrs->pq', D, v) - 0.5 * np.einsum('rs,prqs->pq', D, v)",
    ),
    (
        r"r_{ijab} = v_{ijab} + f_{bc} t_{ijac} - f_{kj} t_{ikab} + \frac{1}{2} v_{klcd} t_{ijcd} t_{klab}",
        "r = v + np.einsum('bc,ijac->ijab', f, t) - np.einsum('kj,ikab->ijab', f, t) + 0.5 * np.einsum('klcd,ijcd,klab->ijab', v, t, t)",
    ),
    (
        r"y_{bo} = \sum_i W_{oi} x_{bi} + b_o",
        "y = np.einsum('oi,bi->bo', W, x) + b",
    ),
    (r"z_i = (1 - \alpha) x_i + \alpha y_i", "z = x - alpha * x + alpha * y"),
    ("z_i = (1 - a) x_i + a y_i", "z = x - a * x + a * y"),
    (
        r"V = \frac{1}{n}\sum_{i=1}^n x_i^2 - \left(\frac{1}{n}\sum_{i=1}^n x_i\right)^2",
        "V = np.einsum('i,i->', x, x) / x.shape[0] - np.einsum('i,j->', x, x) / x.shape[0] / x.shape[0]",
    ),
    (
        "D_{ij} = x_{ik} x_{ik} - 2 x_{ik} y_{jk} + y_{jk} y_{jk}",
        "D = np.einsum('ik,ik->i', x, x)[:, None] - 2 * np.einsum('ik,jk->ij', x, y) + np.einsum('jk,jk->j', y, y)",
    ),
    (
        r"D_{ij} = \sum_k (x_{ik} - y_{jk})^2",
        "D = np.einsum('ik,ik->i', x, x)[:, None] - 2 * np.einsum('ik,jk->ij', x, y) + np.einsum('jk,jk->j', y, y)",
    ),
    (
        r"v_i' = v_i + \frac{q}{m} (E_i + \epsilon_{ijk} v_j B_k) t",
        "v_prime = v + q * t * E / m + q * t * np.einsum('ijk,j,k->i', epsilon, v, B) / m",
    ),
    (
        r"E = -\frac{1}{2} \sum_{ij} J_{ij} s_i s_j - \sum_i h_i s_i",
        "E = -0.5 * np.einsum('ij,i,j->', J, s, s) - np.einsum('i,i->', h, s)",
    ),
    (r"H_{ij} = \delta_{ij} - 2 v_i v_j", "H = delta - 2 * np.einsum('i,j->ij', v, v)"),
    (r"w_i = w_i - \eta g_i", "w -= eta * g"),
    ("A[i,j] = A[i,j] + alpha*x[i]*y[j]", "A += alpha * np.einsum('i,j->ij', x, y)"),
    ("C[i,j] = alpha*A[i,k]*B[k,j] + beta*C[i,j]", "C = alpha * np.einsum('ik,kj->ij', A, B) + beta * C"),
    ("y[i] = (A[i,j] + A[j,i]) * x[j] / 2", "y = 0.5 * np.einsum('ij,j->i', A, x) + 0.5 * np.einsum('ji,j->i', A, x)"),
    (
        r"T^{\mu\nu} = (\rho + p) u^\mu u^\nu + p g^{\mu\nu}",
        "T = rho * np.einsum('m,n->mn', u, u) + p * np.einsum('m,n->mn', u, u) + p * g",
    ),
    (
        r"L = -\frac{1}{4} F_{\mu\nu} F^{\mu\nu} - A_\mu J^\mu",
        "L = -0.25 * np.einsum('mn,mn->', F, F) - np.einsum('m,m->', A, J)",
    ),
    (
        r"Q_{ij} = \sum_{k} q_k (3 x_{ki} x_{kj} - r_k \delta_{ij})",
        "Q = 3 * np.einsum('k,ki,kj->ij', q, x, x) - np.einsum('k,k,ij->ij', q, r, delta)",
    ),
    (r"p = \frac{1}{2} m v_i v_i + m g z", "p = 0.5 * m * np.einsum('i,i->', v, v) + m * g * z"),
    ("S[i] = 0.5 * (x[i]**2 + y[i]**2)", "S = 0.5 * np.einsum('i,i->i', x, x) + 0.5 * np.einsum('i,i->i', y, y)"),
    (r"M_{ij} = \frac{X_{ik} X_{jk}}{n} + \epsilon I_{ij}", "M = np.einsum('ik,jk->ij', X, X) / n + epsilon * I"),
    ("s = Σᵢ xᵢ² − n·m²", "s = np.einsum('i,i->', x, x) - n * m * m"),
    (
        "\\begin{align}\nQ_{bid} &= X_{bie} W^{Q}_{ed} \\\\\nK_{bjd} &= X_{bje} W^{K}_{ed} \\\\\nS_{bij} &= \\frac{1}{c} Q_{bid} K_{bjd}\n\\end{align}",
        "Q = np.einsum('bie,Qed->bid', X, W)\nK = np.einsum('bje,Ked->bjd', X, W)\nS = np.einsum('bid,bjd->bij', Q, K) / c",
    ),
    (
        "\\begin{align*}\nr_i &= b_i - A_{ij} x_j, \\\\\n\\rho &= r_i r_i\n\\end{align*}",
        "r = b - np.einsum('ij,j->i', A, x)\nrho = np.einsum('i,i->', r, r)",
    ),
    (r"x_i = 2\,\Omega_{ij} v_j - \frac{d_i}{2}", "x = 2 * np.einsum('ij,j->i', Omega, v) - 0.5 * d"),
    (
        r"\mathcal{L} = \frac{1}{2} \sum_{i=1}^{N} (y_i - w_j x_{ij})^2 + \frac{\lambda}{2} w_j w_j",
        "L = 0.5 * np.einsum('i,i->', y, y) - np.einsum('i,j,ij->', y, w, x) + 0.5 * np.einsum('j,ij,k,ik->', w, x, w, x) + 0.5 * lambda_ * np.einsum('j,j->', w, w)",
    ),
    (r"\epsilon_{ij} = \frac{1}{2} (u_{ij} + u_{ji})", "epsilon = 0.5 * u + 0.5 * np.einsum('ji->ij', u)"),
    (
        r"s_{ij} = \sigma_{ij} - \frac{1}{3} \sigma_{kk} \delta_{ij}",
        "s = sigma - (1 / 3) * np.einsum('kk,ij->ij', sigma, delta)",
    ),
    (
        "K_{ij} = (x_{ik} x_{jk} + c)^2",
        "K = np.einsum('ik,jk,il,jl->ij', x, x, x, x) + 2 * c * np.einsum('ik,jk->ij', x, x) + c * c",
    ),
    (r"c_i = \epsilon_{ijk} a_j b_k - d_i", "c = np.einsum('ijk,j,k->i', epsilon, a, b) - d"),
    (r"v_i = \omega_{ij} r_j + \dot{r}_i", "v = np.einsum('ij,j->i', omega, r) + r_dot"),
    (
        "Y[b,o] = sum_i X[b,i]*W[o,i] + bias[o]",
        "Y = np.einsum('bi,oi->bo', X, W) + bias",
    ),
    ("out[b,t,d] = attn[b,t,s]*v[b,s,d] + x[b,t,d]", "out = np.einsum('bts,bsd->btd', attn, v) + x"),
    ("p[i] = 0.99*p[i] + 0.01*q[i]", "p = 0.99 * p + 0.01 * q"),
    (r"m_i = \beta m_i + (1 - \beta) g_i", "m = beta * m + g - beta * g"),
    (r"u_{ij} = \frac{u^{(1)}_{ij} + u^{(2)}_{ij}}{2}", "u = 0.5 * u_1 + 0.5 * u_2"),
    (r"A_{ij} = \frac{1}{2}(B_{ij} - B_{ji})", "A = 0.5 * B - 0.5 * np.einsum('ji->ij', B)"),
]

EINSUMS: list[tuple[str, str, list[str], str]] = [
    (r"\hat{x}_{ijk} = \sum_r \lambda_r a_{ir} b_{jr} c_{kr}", "r,ir,jr,kr->ijk", ["lambda", "a", "b", "c"], "x"),
    ("R_{ij} = R^k_{ikj}", "kikj->ij", ["R"], "R"),
]

REFUSED: list[tuple[str, str]] = [
    (r"d^2 = (x_i - \mu_i) \Sigma^{-1}_{ij} (x_j - \mu_j)", "EL147"),
    (r"\Gamma_{kij} = \frac{1}{2} (\partial_i g_{jk} + \partial_j g_{ik} - \partial_k g_{ij})", "EL148"),
    ("I_{ij} = sum_k m_k (x_k . x_k delta_ij - x_ki x_kj)", "EL140"),
    (
        r"\sigma_{ij} = -p \delta_{ij} + \mu \left( \frac{\partial u_i}{\partial x_j} + \frac{\partial u_j}{\partial x_i} \right)",
        "EL148",
    ),
    (r"G_{ij} = R_{ij} - \frac{1}{2} R g_{ij}", "EL145"),
    ("h_t = W_{hh} h_{t-1} + W_{xh} x_t", "EL144"),
    (r"P_{ij} = \delta_{ij} - \frac{n_i n_j}{n_k n_k}", "EL142"),
    (r"F_{\mu\nu} F^{\mu\nu} = 2(B^2 - E^2)", "EL140"),
    (r"B_{ij} = A_{ij} - \frac{1}{d_i} a_i a_j", "EL142"),
    (r"\ell = y_i \log p_i + (1 - y_i) \log (1 - p_i)", "EL148"),
    (r"x_i^{(k+1)} = x_i^{(k)} + \omega r_i", "EL147"),
    ("u(i,j) = (u(i-1,j) + u(i+1,j))/4", "EL148"),
    (r"K = \sum_{i<j} q_i q_j", "EL140"),
    ("y = x^T A x + 2 b^T x + c", "EL147"),
    (r"\nabla^2 f = f_{ii}", "EL148"),
    (r"m_i = \beta_1 m_i + (1 - \beta_1) g_i", "EL144"),
    (r"K(A) = \frac{1}{2} x^T A x", "EL148"),
]


@pytest.mark.parametrize(("text", "numpy"), SUMS, ids=[repr(x[0]) for x in SUMS])
def test_a_sum(text: str, numpy: str) -> None:
    assert read_statements(text).text() == numpy


@pytest.mark.parametrize(("text", "subscripts", "names", "result"), EINSUMS, ids=[repr(x[0]) for x in EINSUMS])
def test_one_einsum(text: str, subscripts: str, names: list[str], result: str) -> None:
    found = read_statements(text)
    assert isinstance(found, Spec)
    assert (found.subscripts, [x.name for x in found.operands], found.result) == (subscripts, names, result)


@pytest.mark.parametrize(("text", "id_"), REFUSED, ids=[repr(x[0]) for x in REFUSED])
def test_refused(text: str, id_: str) -> None:
    with pytest.raises(NotationError) as caught:
        read_statements(text)
    assert caught.value.id == id_
