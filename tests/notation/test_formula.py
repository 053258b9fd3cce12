"""What is read from a formula, and what is refused of it: everything that could be meant in two ways."""

from __future__ import annotations

import pytest

from einloop.core.errors import NotationError
from einloop.core.source import Notation, Source
from einloop.notation.forms import looks_like_formula
from einloop.notation.formula import read_formula

FORMLESS = ("c = a b",)
"""Recognised only when asked for."""

ACCEPTED: list[tuple[str, str, list[str | None], str | None]] = [
    ("C[i,k] += A[i,j] * B[j,k]", "ij,jk->ik", ["A", "B"], "C"),
    ("C[i,k] = A[i,j]*B[j,k]", "ij,jk->ik", ["A", "B"], "C"),
    ("C[i][k] += A[i][j]*B[j][k];", "ij,jk->ik", ["A", "B"], "C"),
    ("c += a[i] * b[i]", "i,i->", ["a", "b"], "c"),
    ("c[] := a[i] * b[i]", "i,i->", ["a", "b"], "c"),
    ("C[batch, i] = A[batch, j, i] * softmax_W[i, j]", "bji,ij->bi", ["A", "softmax_W"], "C"),
    ("C[i,] = A[i,] * alpha", "i,->i", ["A", "alpha"], "C"),
    ("C[i] = A[i, j] B[j]", "ij,j->i", ["A", "B"], "C"),
    ("C[i] = A[i]**2 * b", "i,i,->i", ["A", "A", "b"], "C"),
    ("C[i] = A[i]²", "i,i->i", ["A", "A"], "C"),
    ("C[..., i] = A[..., i, j]", "...ij->...i", ["A"], "C"),
    ("C[i] = Σ[i, j] * x[j]", "ij,j->i", ["Σ", "x"], "C"),
    ("C[i,l] = Σ_jk A[i,j] * B[j,k] * D[k,l]", "ij,jk,kl->il", ["A", "B", "D"], "C"),
    ("C[i,k] = ∑_{j} A[i,j] * B[j,k]", "ij,jk->ik", ["A", "B"], "C"),
    ("C[i,k] = \n  A[i,j] *\n  B[j,k]\n", "ij,jk->ik", ["A", "B"], "C"),
    ("total = p[i] * my_scale", "i,->", ["p", "my_scale"], "total"),
    ("C_{ik} = A[i,j] * B[j,k]", "ij,jk->ik", ["A", "B"], "C"),
    ("C[i1] = A[i1]", "i->i", ["A"], "C"),
    (r"C_{ik} = \sum_{j} A_{ij} B_{jk}", "ij,jk->ik", ["A", "B"], "C"),
    (r"y_i = \sum_j W_{ij} x_j", "ij,j->i", ["W", "x"], "y"),
    ("C_ik = A_ij B_jk", "ij,jk->ik", ["A", "B"], "C"),
    ("C_ik = A_ij * B_jk", "ij,jk->ik", ["A", "B"], "C"),
    ("c = x_iy_i", "i,i->", ["x", "y"], "c"),
    (r"C_{ik} = \sum_{j=1}^{n} A_{ij} \cdot B_{jk}.", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} = \sum_{j=0}^{n-1}\left( A_{ij} \times B_{jk} \right),", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{ik} = \sum\limits_{j=1}^nA_{ij}B_{jk}", "ij,jk->ik", ["A", "B"], "C"),
    (r"C_{il} = \sum_{j,k} A_{ij} B_{jk} D_{kl}", "ij,jk,kl->il", ["A", "B", "D"], "C"),
    (r"C_{il} = \sum_j\sum_k A_{ij} B_{jk} D_{kl}", "ij,jk,kl->il", ["A", "B", "D"], "C"),
    (r"C_{ik} = \sum A_{ij} B_{jk}", "ij,jk->ik", ["A", "B"], "C"),
    (r"c = \sum_i a_i \left( \sum_j A_{ij} b_j \right)", "i,ij,j->", ["a", "A", "b"], "c"),
    (r"$$C_{i,k} &= A_{i j}\, B_{j\;k} \\$$", "ij,jk->ik", ["A", "B"], "C"),
    (r"\[ C_{ik} = A_{ij} B_{jk} \]", "ij,jk->ik", ["A", "B"], "C"),
    ("Cᵢₖ = ∑ⱼ Aᵢⱼ·Bⱼₖ", "ij,jk->ik", ["A", "B"], "C"),
    ("Cᵢₖ = ∑ⱼ₌₁ⁿ AᵢⱼBⱼₖ", "ij,jk->ik", ["A", "B"], "C"),
    ("𝐶ᵢₖ = Σ_j 𝐴ᵢⱼ × 𝐵ⱼₖ", "ij,jk->ik", ["A", "B"], "C"),
    ("y_α = W_{αβ} x_β", "ij,j->i", ["W", "x"], "y"),
    (r"y_\alpha = W_{\alpha\beta} x_\beta", "ab,b->a", ["W", "x"], "y"),
    (
        r"\mathbf{C}_{\alpha\gamma} := \boldsymbol{A}_{\alpha \beta} {B}_{\beta\gamma}",
        "ab,bg->ag",
        ["A", "B"],
        "C",
    ),
    (r"\hat{y}_i = \mathrm{W}_{ij} \vec x_j", "ij,j->i", ["W", "x"], "y"),
    (r"\hat{y}_i = W_{ij}\hat{x}_j y_j", "ij,j,j->i", ["W", "x", "y"], "y_hat"),
    (r"c = \hat{x}_i \tilde{x}_i x_i", "i,i,i->", ["x_hat", "x_tilde", "x"], "c"),
    (
        r"\text{out}_{ik} = \mathrm{query\_w}_{ij} \text{key proj}_{jk}",
        "ij,jk->ik",
        ["query_w", "key_proj"],
        "out",
    ),
    ("out_{ik} = A_{ij} B_{jk}", "ij,jk->ik", ["A", "B"], "out"),
    ("v^i = A^i_j u^j", "ij,j->i", ["A", "u"], "v"),
    ("v^i = A^{i}{}_{j} u^j", "ij,j->i", ["A", "u"], "v"),
    ("v_i = A_j^i u_j", "ji,j->i", ["A", "u"], "v"),
    (r"T^{\mu\nu} = F^{\mu\alpha} G_\alpha^\nu", "ma,an->mn", ["F", "G"], "T"),
    ("c = x_i^2", "i,i->", ["x", "x"], "c"),
    ("c = x^2_i y_i", "i,i,i->", ["x", "x", "y"], "c"),
    ("c = x²ᵢ", "i,i->", ["x", "x"], "c"),
    (r"c = \sum_i x_i^{3}", "i,i,i->", ["x", "x", "x"], "c"),
    (r"n \mathrel{+}= x_i x_i", "i,i->", ["x", "x"], "n"),
    ("n {+}= x_i x_i", "i,i->", ["x", "x"], "n"),
    ("n ≔ x_i", "i->", ["x"], "n"),
    ("c = a b", ",->", ["a", "b"], "c"),
    ("x += a", "->", ["a"], "x"),
    ("x_i = A_{ij} x_j", "ij,j->i", ["A", "x"], "x"),
    (r"C_{...i} = A_{\dots ij}", "...ij->...i", ["A"], "C"),
    (r"C_{ij} = \delta_{ij} \lambda_i", "ij,i->ij", ["delta", "lambda"], "C"),
    (r"y_b = W_{\text{in} b} x_{\text{in}}", "ib,i->b", ["W", "x"], "y"),
    ("C_{ik} = (A_{ij}) (B_{jk})", "ij,jk->ik", ["A", "B"], "C"),
    (r"y_i = \sum_j A_{ij} x_k", "ij,k->i", ["A", "x"], "y"),
]

REFUSED: list[tuple[str, str, tuple[int, int] | None, list[str]]] = [
    (
        "A_{ij} B_{jk}",
        "EL141",
        None,
        [
            "error EL141: the formula has no '=': nothing says what the result is",
            "hint: write the result in front, like C_{ik} = A_{ij} B_{jk} or C[i, k] = A[i, j] * B[j, k]",
        ],
    ),
    (
        "",
        "EL141",
        None,
        [
            "error EL141: the formula has no '=': nothing says what the result is",
            "hint: write the result in front, like C_{ik} = A_{ij} B_{jk} or C[i, k] = A[i, j] * B[j, k]",
        ],
    ),
    (
        "A[i, j]",
        "EL141",
        None,
        [
            "error EL141: the formula has no '=': nothing says what the result is",
            "hint: write the result in front, like C_{ik} = A_{ij} B_{jk} or C[i, k] = A[i, j] * B[j, k]",
        ],
    ),
    (
        "= A_i",
        "EL141",
        (0, 1),
        [
            "error EL141: nothing stands before the '=' (character 0)",
            "  = A_i",
            "  ^",
            "hint: write the result in front, like C_{ik} = A_{ij} B_{jk} or C[i, k] = A[i, j] * B[j, k]",
        ],
    ),
    (
        "C_i = A_i = B_i",
        "EL141",
        (10, 11),
        [
            "error EL141: a second '='; a formula has one left side (character 10)",
            "  C_i = A_i = B_i",
            "            ^",
        ],
    ),
    (
        "C[i] = A[i]; D[i] = B[i]",
        "EL141",
        (18, 19),
        [
            "error EL141: a second '='; a formula has one left side (character 18)",
            "  C[i] = A[i]; D[i] = B[i]",
            "                    ^",
        ],
    ),
    (
        "C_{ij} = A_{ij} + B_{ij}",
        "EL142",
        (16, 17),
        [
            "error EL142: '+': a sum or difference of terms is not one einsum (character 16)",
            "  C_{ij} = A_{ij} + B_{ij}",
            "                  ^",
            "hint: write one formula for each term and combine the results",
        ],
    ),
    (
        "C_{ij} = -A_{ij}",
        "EL142",
        (9, 10),
        [
            "error EL142: '-': a sum or difference of terms is not one einsum (character 9)",
            "  C_{ij} = -A_{ij}",
            "           ^",
            "hint: write one formula for each term and combine the results",
        ],
    ),
    (
        "C_{ij} = A_{ij} / n",
        "EL142",
        (16, 17),
        [
            "error EL142: '/': an einsum has no division (character 16)",
            "  C_{ij} = A_{ij} / n",
            "                  ^",
            "hint: multiply by an operand that holds the inverse",
        ],
    ),
    (
        r"C_i = \frac{a_i}{n}",
        "EL142",
        (6, 11),
        [
            r"error EL142: '\frac': an einsum has no division (character 6)",
            r"  C_i = \frac{a_i}{n}",
            "        ^^^^^",
            "hint: multiply by an operand that holds the inverse",
        ],
    ),
    (
        "C_i = 2 A_i",
        "EL143",
        (6, 7),
        [
            "error EL143: the number 2 in a product (character 6)",
            "  C_i = 2 A_i",
            "        ^",
            "hint: make it an operand without indices, with a name: alpha * A[i, j]",
        ],
    ),
    (
        "C[i] = 0.5 * A[i]",
        "EL143",
        (7, 10),
        [
            "error EL143: the number 0.5 in a product (character 7)",
            "  C[i] = 0.5 * A[i]",
            "         ^^^",
            "hint: make it an operand without indices, with a name: alpha * A[i, j]",
        ],
    ),
    (
        "C[i] -= A[i]",
        "EL140",
        (5, 6),
        [
            "error EL140: '-' stands where '=' should, after the result (character 5)",
            "  C[i] -= A[i]",
            "       ^",
            "hint: the left side is the result alone, and the sign is '=', ':=' or '+='",
        ],
    ),
    (
        "C[i] *= A[i]",
        "EL140",
        (5, 6),
        [
            "error EL140: '*' stands where '=' should, after the result (character 5)",
            "  C[i] *= A[i]",
            "       ^",
            "hint: the left side is the result alone, and the sign is '=', ':=' or '+='",
        ],
    ),
    (
        "C_i == A_i",
        "EL140",
        (4, 5),
        [
            "error EL140: '=' cannot stand in a formula (character 4)",
            "  C_i == A_i",
            "      ^",
            "hint: write '=', ':=' or '+='",
        ],
    ),
    (
        "ij,jk=ik",
        "EL140",
        (2, 3),
        [
            "error EL140: ',' stands where '=' should, after the result (character 2)",
            "  ij,jk=ik",
            "    ^",
            "hint: subscripts are written with '->', like ij,jk->ik",
        ],
    ),
    (
        "C[i] => A[i]",
        "EL140",
        (5, 6),
        [
            "error EL140: '=' cannot stand in a formula (character 5)",
            "  C[i] => A[i]",
            "       ^",
            "hint: write '=', ':=' or '+='",
        ],
    ),
    (
        "A[i,j],B[j,k]->C[i,k]",
        "EL140",
        (14, 15),
        [
            "error EL140: '>' cannot stand in a formula (character 14)",
            "  A[i,j],B[j,k]->C[i,k]",
            "                ^",
            "hint: subscripts are written with '->', like ij,jk->ik; a formula with '='",
        ],
    ),
    (
        "C[i] = A[i, 0]",
        "EL144",
        (12, 13),
        [
            "error EL144: '0' is a constant place (character 12)",
            "  C[i] = A[i, 0]",
            "              ^",
            "hint: an index is a bare name; take the element or slice before, as an operand of its own",
        ],
    ),
    (
        "C[i] = A[i, :]",
        "EL144",
        (12, 13),
        [
            "error EL144: ':' is a slice (character 12)",
            "  C[i] = A[i, :]",
            "              ^",
            "hint: an index is a bare name; take the element or slice before, as an operand of its own",
        ],
    ),
    (
        "C[i] = A[i + 1]",
        "EL144",
        (9, 14),
        [
            "error EL144: 'i + 1' is arithmetic (character 9)",
            "  C[i] = A[i + 1]",
            "           ^^^^^",
            "hint: an index is a bare name; take the element or slice before, as an operand of its own",
        ],
    ),
    (
        "C[i] = A[idx[i]]",
        "EL144",
        (9, 15),
        [
            "error EL144: 'idx[i]' looks the place up (character 9)",
            "  C[i] = A[idx[i]]",
            "           ^^^^^^",
            "hint: an index is a bare name; take the element or slice before, as an operand of its own",
        ],
    ),
    (
        "C[i] = A[f(i)]",
        "EL144",
        (9, 13),
        [
            "error EL144: 'f(i)' looks the place up (character 9)",
            "  C[i] = A[f(i)]",
            "           ^^^^",
            "hint: an index is a bare name; take the element or slice before, as an operand of its own",
        ],
    ),
    (
        "C[i] = A[i, None]",
        "EL144",
        (12, 16),
        [
            "error EL144: 'None' is not an index (character 12)",
            "  C[i] = A[i, None]",
            "              ^^^^",
            "hint: an index is a bare name; take the element or slice before, as an operand of its own",
        ],
    ),
    (
        "C[i] = A[i,, j]",
        "EL144",
        (11, 12),
        [
            "error EL144: an index is missing before ',' (character 11)",
            "  C[i] = A[i,, j]",
            "             ^",
        ],
    ),
    (
        "C[i] = A[i j]",
        "EL144",
        (9, 12),
        [
            "error EL144: 'i j' is not an index (character 9)",
            "  C[i] = A[i j]",
            "           ^^^",
            "hint: an index is a bare name; take the element or slice before, as an operand of its own",
        ],
    ),
    (
        "C_i = A_{i1}",
        "EL144",
        (10, 11),
        [
            "error EL144: '1' is a constant place (character 10)",
            "  C_i = A_{i1}",
            "            ^",
            "hint: an index is a bare name; take the element or slice before, as an operand of its own",
        ],
    ),
    (
        "C_i = A_1 x_i",
        "EL144",
        (8, 9),
        [
            "error EL144: '1' is a constant place (character 8)",
            "  C_i = A_1 x_i",
            "          ^",
            "hint: an index is a bare name; take the element or slice before, as an operand of its own",
        ],
    ),
    (
        "C_i = A₁ x_i",
        "EL144",
        (7, 8),
        [
            "error EL144: '₁' is a constant place (character 7)",
            "  C_i = A₁ x_i",
            "         ^",
            "hint: an index is a bare name; take the element or slice before, as an operand of its own",
        ],
    ),
    (
        "C_i = A_{i+1}",
        "EL144",
        (10, 11),
        [
            "error EL144: '+' is arithmetic (character 10)",
            "  C_i = A_{i+1}",
            "            ^",
            "hint: an index is a bare name; take the element or slice before, as an operand of its own",
        ],
    ),
    (
        "C_i = A_{i_k}",
        "EL144",
        (10, 11),
        [
            "error EL144: '_' is an index with an index (character 10)",
            "  C_i = A_{i_k}",
            "            ^",
            r"hint: name the index with one letter, or as a word: \text{i1}",
        ],
    ),
    (
        "C_i = A_{...i...}",
        "EL144",
        (13, 16),
        [
            "error EL144: a second '...'; an operand may have one (character 13)",
            "  C_i = A_{...i...}",
            "               ^^^",
        ],
    ),
    (
        "C_i = A_",
        "EL140",
        (8, 8),
        [
            "error EL140: an index is missing (character 8)",
            "  C_i = A_",
            "          ^",
            "hint: put all indices of an operand in braces, like A_{ij}, and blanks between operands",
        ],
    ),
    (
        "C[i, i] = A[i]",
        "EL105",
        (5, 6),
        [
            "error EL105: output index 'i' is written twice; each index may stand in the output once",
            "  C[i, i] = A[i]",
            "    ^  ^",
            "hint: loops can fill a diagonal: out[i, i] = a[i]",
        ],
    ),
    (
        "C[i, k] = A[i]",
        "EL106",
        (5, 6),
        [
            "error EL106: output index 'k' is in no operand (they offer i)",
            "  C[i, k] = A[i]",
            "       ^",
            "hint: only an index of an operand can stand in the output; for a new axis write result[..., None]",
        ],
    ),
    (
        "c[i] = A.T[i]",
        "EL140",
        (8, 9),
        [
            "error EL140: '.' ends the formula, and more follows (character 8)",
            "  c[i] = A.T[i]",
            "          ^",
            "hint: parts of an object are not read: give it a name",
        ],
    ),
    (
        "C[i] = f(A[i])",
        "EL148",
        (7, 8),
        [
            "error EL148: 'f' before '(' reads as a function (character 7)",
            "  C[i] = f(A[i])",
            "         ^",
            "hint: write f[i, j] for an element, f * (...) for a product",
        ],
    ),
    (
        r"C_i = \exp(A_i)",
        "EL148",
        (6, 10),
        [
            r"error EL148: '\exp' is not an operand, and an einsum has no functions (character 6)",
            r"  C_i = \exp(A_i)",
            "        ^^^^",
            "hint: compute it before, and give the result a name",
        ],
    ),
    (
        r"y_i = \text{softmax}(x_i)",
        "EL148",
        (6, 11),
        [
            "error EL148: 'softmax' before '(' reads as a function (character 6)",
            r"  y_i = \text{softmax}(x_i)",
            "        ^^^^^",
            "hint: compute it before, and give the result a name; an array of that name has brackets, like softmax[i]",
        ],
    ),
    (
        "C_i = a(b_i)",
        "EL148",
        (6, 7),
        [
            "error EL148: 'a' before '(' reads as a function (character 6)",
            "  C_i = a(b_i)",
            "        ^",
            r"hint: write a_{ij} for an element, a \cdot (...) for a product",
        ],
    ),
    (
        "for i in x: C[i] = A[i]",
        "EL140",
        (0, 3),
        [
            "error EL140: 'for' is a word of Python, not an operand (character 0)",
            "  for i in x: C[i] = A[i]",
            "  ^^^",
        ],
    ),
    (
        "C[i] = A[i] if x",
        "EL140",
        (12, 14),
        [
            "error EL140: 'if' is a word of Python, not an operand (character 12)",
            "  C[i] = A[i] if x",
            "              ^^",
        ],
    ),
    (
        "C[i] = A[i]\ndone",
        "EL145",
        (12, 16),
        [
            "error EL145: 'done' stands after 'A' without '*' (character 12)",
            "  done",
            "  ^^^^",
            "hint: write '*' for a product",
        ],
    ),
    (
        "y_i = A_ij",
        "EL145",
        (9, 10),
        [
            "error EL145: 'j' stands nowhere else: is it an index of 'A'? (character 9)",
            "  y_i = A_ij",
            "           ^",
            "hint: write the indices in braces, A_{...}, or a blank before an operand",
        ],
    ),
    (
        "c = a_ib",
        "EL145",
        (6, 7),
        [
            "error EL145: 'i' stands nowhere else: is it an index of 'a'? (character 6)",
            "  c = a_ib",
            "        ^",
            "hint: write the indices in braces, a_{...}, or a blank before an operand",
        ],
    ),
    (
        "C_{ik} = A_ijB_jk",
        "EL145",
        (11, 14),
        [
            "error EL145: how much of 'ijB' is an index? (character 11)",
            "  C_{ik} = A_ijB_jk",
            "             ^^^",
            "hint: put all indices of an operand in braces, like A_{ij}, and blanks between operands",
        ],
    ),
    (
        "c = x_ij^2",
        "EL145",
        (6, 8),
        [
            "error EL145: how much of 'ij' is an index? (character 6)",
            "  c = x_ij^2",
            "        ^^",
            "hint: put all indices of an operand in braces, like A_{ij}, and blanks between operands",
        ],
    ),
    (
        "x_i = y^ij_j",
        "EL145",
        (8, 10),
        [
            "error EL145: how much of 'ij' is an index? (character 8)",
            "  x_i = y^ij_j",
            "          ^^",
            "hint: put all indices of an operand in braces, like A_{ij}, and blanks between operands",
        ],
    ),
    (
        "C_{ik} = AB_{ij}",
        "EL145",
        (9, 11),
        [
            "error EL145: is 'AB' one operand or a product of 2? (character 9)",
            "  C_{ik} = AB_{ij}",
            "           ^^",
            r"hint: put a name of several letters in \text{...}, and blanks between operands",
        ],
    ),
    (
        "C_{i,jk} = A_{i,jk}",
        "EL145",
        (5, 7),
        [
            "error EL145: is 'jk' one index or 2? (character 5)",
            "  C_{i,jk} = A_{i,jk}",
            "       ^^",
            r"hint: write j,k for the letters, \text{jk} for the word",
        ],
    ),
    (
        "C_{batch i} = A_{batch i}",
        "EL145",
        (3, 8),
        [
            "error EL145: is 'batch' one index or 5? (character 3)",
            "  C_{batch i} = A_{batch i}",
            "     ^^^^^",
            r"hint: write b,a,t,c,h for the letters, \text{batch} for the word",
        ],
    ),
    (
        r"y_i = W_{\text{in} i} x",
        "EL145",
        (9, 18),
        [
            "error EL145: 'in' stands nowhere else: is it an index of 'W'? (character 9)",
            r"  y_i = W_{\text{in} i} x",
            "           ^^^^^^^^^",
            r"hint: list it in a \sum if it is one; else write it as part of the name",
        ],
    ),
    (
        r"C_i = \mathbf{AB}_i",
        "EL145",
        (14, 16),
        [
            "error EL145: is 'AB' one operand or a product of 2? (character 14)",
            r"  C_i = \mathbf{AB}_i",
            "                ^^",
            r"hint: put a name of several letters in \text{...}, and blanks between operands",
        ],
    ),
    (
        "C[i] = A[i] * b_i",
        "EL145",
        (14, 17),
        [
            "error EL145: is 'b_i' a name, or has 'b' an index? (character 14)",
            "  C[i] = A[i] * b_i",
            "                ^^^",
            "hint: write b[i] for the index",
        ],
    ),
    (
        "C[i,j] = A[i,j] * b_ij",
        "EL145",
        (18, 22),
        [
            "error EL145: is 'b_ij' a name, or has 'b' an index? (character 18)",
            "  C[i,j] = A[i,j] * b_ij",
            "                    ^^^^",
            "hint: write b[i,j] for the index",
        ],
    ),
    (
        r"c = \sum_i i x_i",
        "EL145",
        (11, 12),
        [
            "error EL145: 'i' is an index here, and stands as an operand too (character 11)",
            r"  c = \sum_i i x_i",
            "             ^",
            "hint: the places along an axis are an operand of their own, like n[i]; else rename one",
        ],
    ),
    (
        r"C_{ik} = \sum_{i=1}^nx A_{ik}",
        "EL145",
        (20, 22),
        [
            "error EL145: how much of 'nx' is the limit of the sum? (character 20)",
            r"  C_{ik} = \sum_{i=1}^nx A_{ik}",
            "                      ^^",
            "hint: put the limit in braces",
        ],
    ),
    (
        r"y_i = \sum_i A_{ij}",
        "EL146",
        (11, 12),
        [
            "error EL146: index 'i' is summed, and stands in the result (character 11)",
            r"  y_i = \sum_i A_{ij}",
            "             ^",
            "hint: leave it out of the sum, or out of the left side",
        ],
    ),
    (
        r"y_i = \sum_k A_{ij}",
        "EL146",
        (11, 12),
        [
            "error EL146: index 'k' is summed, but no operand has it (character 11)",
            r"  y_i = \sum_k A_{ij}",
            "             ^",
            "hint: leave it out of the sum, and multiply by its length where the term counts once for each: n m^2",
        ],
    ),
    (
        r"c = (\sum_i a_i)(\sum_i b_i)",
        "EL146",
        (26, 27),
        [
            "error EL146: index 'i' stands outside the reach of its sum sign (character 26)",
            r"  c = (\sum_i a_i)(\sum_i b_i)",
            "                            ^",
            "hint: put the sum sign in front, or name one of the indices differently",
        ],
    ),
    (
        r"c = a_j \sum_j b_j",
        "EL146",
        (6, 7),
        [
            "error EL146: index 'j' stands outside the reach of its sum sign (character 6)",
            r"  c = a_j \sum_j b_j",
            "        ^",
            "hint: put the sum sign in front, or name one of the indices differently",
        ],
    ),
    (
        r"c = \sum_j a_j \sum_j b_j",
        "EL146",
        (20, 21),
        [
            "error EL146: index 'j' is listed by two sum signs (character 20)",
            r"  c = \sum_j a_j \sum_j b_j",
            "                      ^",
            "hint: name one of them differently",
        ],
    ),
    (
        "c = (a_i b_i)(c_i d_i)",
        "EL146",
        (16, 17),
        [
            "error EL146: index 'i' is summed inside parentheses, and stands outside too (character 16)",
            "  c = (a_i b_i)(c_i d_i)",
            "                  ^",
            "hint: write the sum signs, and name one of the indices differently",
        ],
    ),
    (
        r"C_{ik} = \sum_{j=2}^n A_{ij} B_{jk}",
        "EL172",
        (17, 18),
        [
            "error EL172: a sum of an einsum runs over the whole axis, from its first element (character 17)",
            r"  C_{ik} = \sum_{j=2}^n A_{ij} B_{jk}",
            "                   ^",
            r"hint: list the indices only, \sum_{i,j}; take a part of the axis before",
        ],
    ),
    (
        r"C_{ik} = \sum_{j \in J} A_{ij} B_{jk}",
        "EL172",
        (17, 20),
        [
            "error EL172: a sum of an einsum runs over the whole axis, from its first element (character 17)",
            r"  C_{ik} = \sum_{j \in J} A_{ij} B_{jk}",
            "                   ^^^",
            r"hint: list the indices only, \sum_{i,j}; take a part of the axis before",
        ],
    ),
    (
        r"C_{ik} = \sum_{j<k} A_{ij}",
        "EL140",
        (16, 17),
        [
            "error EL140: '<' cannot stand in a formula (character 16)",
            r"  C_{ik} = \sum_{j<k} A_{ij}",
            "                  ^",
            "hint: a formula is one assignment, without conditions",
        ],
    ),
    (
        r"c = \sum_i",
        "EL140",
        (10, 10),
        [
            "error EL140: an operand is missing at the end (character 10)",
            r"  c = \sum_i",
            "            ^",
        ],
    ),
    (
        "C_i = A^T_{ij} x_j",
        "EL147",
        (8, 9),
        [
            "error EL147: 'T' reads as a transpose, a conjugate or another array, not as an index (character 8)",
            "  C_i = A^T_{ij} x_j",
            "          ^",
            "hint: write the indices as they are, A_{ji} for the transpose of A, or rename the operand",
        ],
    ),
    (
        r"C_i = A^{\top}_{ij} x_j",
        "EL147",
        (9, 13),
        [
            r"error EL147: '\top' reads as a transpose, a conjugate or another array, not as an index (character 9)",
            r"  C_i = A^{\top}_{ij} x_j",
            "           ^^^^",
            "hint: write the indices as they are, A_{ji} for the transpose of A, or rename the operand",
        ],
    ),
    (
        r"C_i = A^{\mathrm{T}}_{ij} x_j",
        "EL147",
        (17, 18),
        [
            "error EL147: 'T' reads as a transpose, a conjugate or another array, not as an index (character 17)",
            r"  C_i = A^{\mathrm{T}}_{ij} x_j",
            "                   ^",
            "hint: write the indices as they are, A_{ji} for the transpose of A, or rename the operand",
        ],
    ),
    (
        "C_i = Aᵀᵢⱼ x_j",
        "EL147",
        (7, 8),
        [
            "error EL147: 'ᵀ' reads as a transpose, a conjugate or another array, not as an index (character 7)",
            "  C_i = Aᵀᵢⱼ x_j",
            "         ^",
            "hint: write the indices as they are, A_{ji} for the transpose of A, or rename the operand",
        ],
    ),
    (
        "c = A_{ij}^*",
        "EL147",
        (11, 12),
        [
            "error EL147: '*' reads as a transpose, a conjugate or another array, not as an index (character 11)",
            "  c = A_{ij}^*",
            "             ^",
            "hint: write the indices as they are, A_{ji} for the transpose of A, or rename the operand",
        ],
    ),
    (
        "C_i = A'_{ij}",
        "EL147",
        (7, 8),
        [
            'error EL147: "\'" reads as a transpose, a conjugate or another array, not as an index (character 7)',
            "  C_i = A'_{ij}",
            "         ^",
            "hint: write the indices as they are, A_{ji} for the transpose of A, or rename the operand",
        ],
    ),
    (
        "c = x_i^{-1}",
        "EL147",
        (9, 11),
        [
            "error EL147: '-1' reads as a transpose, a conjugate or another array, not as an index (character 9)",
            "  c = x_i^{-1}",
            "           ^^",
            "hint: write the indices as they are, A_{ji} for the transpose of A, or rename the operand",
        ],
    ),
    (
        "c = x_i^1",
        "EL147",
        (8, 9),
        [
            "error EL147: the power 1 is not a product (character 8)",
            "  c = x_i^1",
            "          ^",
            "hint: a power from 2 to 9 is that many equal factors",
        ],
    ),
    (
        "c = x_i^{10}",
        "EL147",
        (9, 11),
        [
            "error EL147: the power 10 is not a product (character 9)",
            "  c = x_i^{10}",
            "           ^^",
            "hint: a power from 2 to 9 is that many equal factors",
        ],
    ),
    (
        "c = x_i**y",
        "EL147",
        (7, 9),
        [
            "error EL147: a power must be one number, 2 to 9 (character 7)",
            "  c = x_i**y",
            "         ^^",
        ],
    ),
    (
        "c = (a_i b_i)^2",
        "EL147",
        (4, 13),
        [
            "error EL147: a product in parentheses has neither power nor index (character 4)",
            "  c = (a_i b_i)^2",
            "      ^^^^^^^^^",
            "hint: give every operand its own",
        ],
    ),
    (
        "c = A^{(l)}_{ij}",
        "EL170",
        (8, 9),
        [
            "error EL170: (l) may be an index of 'A', or part of its name (character 8)",
            "  c = A^{(l)}_{ij}",
            "          ^",
            "hint: write A_{l...} for the index, A^{(1)} for a name",
        ],
    ),
    (
        "c^2 = a_i",
        "EL147",
        (0, 3),
        [
            "error EL147: the result has a power (character 0)",
            "  c^2 = a_i",
            "  ^^^",
        ],
    ),
    (
        "C = ",
        "EL140",
        (3, 3),
        [
            "error EL140: an operand is missing at the end (character 3)",
            "  C = ",
            "     ^",
        ],
    ),
    (
        "c = a *",
        "EL140",
        (6, 7),
        [
            "error EL140: nothing after the product sign (character 6)",
            "  c = a *",
            "        ^",
        ],
    ),
    (
        "c = * a",
        "EL140",
        (4, 5),
        [
            "error EL140: an operand is missing before '*' (character 4)",
            "  c = * a",
            "      ^",
        ],
    ),
    (
        "c = (a",
        "EL140",
        (4, 5),
        [
            "error EL140: '(' is never closed (character 4)",
            "  c = (a",
            "      ^",
        ],
    ),
    (
        "c = a)",
        "EL140",
        (5, 6),
        [
            "error EL140: ')' closes nothing (character 5)",
            "  c = a)",
            "       ^",
        ],
    ),
    (
        "c = ()",
        "EL140",
        (5, 6),
        [
            "error EL140: an operand is missing before ')' (character 5)",
            "  c = ()",
            "       ^",
        ],
    ),
    (
        "C[i = A[i]",
        "EL140",
        (1, 2),
        [
            "error EL140: '[' is never closed (character 1)",
            "  C[i = A[i]",
            "   ^",
        ],
    ),
    (
        "C_{i = A_i",
        "EL140",
        (2, 3),
        [
            "error EL140: '{' is never closed (character 2)",
            "  C_{i = A_i",
            "    ^",
        ],
    ),
    (
        r"\hat{x_i} = A_i",
        "EL140",
        (6, 7),
        [
            "error EL140: only a name may stand in these braces (character 6)",
            r"  \hat{x_i} = A_i",
            "        ^",
            r"hint: indices come after it: \hat{x}_{i}",
        ],
    ),
    (
        r"\text{x_i} = A_i",
        "EL140",
        (5, 10),
        [
            "error EL140: 'x_i' makes no name (character 5)",
            r"  \text{x_i} = A_i",
            "       ^^^^^",
            r"hint: indices come after it: \text{name}_{ij}",
        ],
    ),
    (
        "c = ‖a_i‖",
        "EL140",
        (4, 5),
        [
            "error EL140: '‖' cannot stand in a formula (character 4)",
            "  c = ‖a_i‖",
            "      ^",
            "hint: for the square of a norm write the sum of squares: s = x_i^2",
        ],
    ),
    (
        "c = a_i % b_i",
        "EL140",
        (8, 9),
        [
            "error EL140: '%' cannot stand in a formula (character 8)",
            "  c = a_i % b_i",
            "          ^",
            "hint: leave it out if it begins a comment; a remainder is not a product",
        ],
    ),
    (
        "Σ_{ij} = A_{ik} A_{jk}",
        "EL140",
        (0, 1),
        [
            "error EL140: 'Σ' is the sum sign, it cannot be a name (character 0)",
            "  Σ_{ij} = A_{ik} A_{jk}",
            "  ^",
            r"hint: write \Sigma for a matrix of that name",
        ],
    ),
    (
        "c = ((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))",
        "EL149",
        (24, 25),
        [
            "error EL149: parentheses are nested too deeply (character 24)",
            "  c = ((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))",
            "                          ^",
        ],
    ),
    (
        "_x[i] = A[i]",
        "EL140",
        (0, 1),
        [
            "error EL140: '_' has no operand before it (character 0)",
            "  _x[i] = A[i]",
            "  ^",
        ],
    ),
    (
        "c = x\0",
        "EL140",
        (5, 6),
        [
            r"error EL140: '\x00' cannot stand in a formula (character 5)",
            r"  c = x\x00",
            "       ^^^^",
        ],
    ),
]


@pytest.mark.parametrize(("text", "subscripts", "names", "result"), ACCEPTED, ids=[repr(x[0]) for x in ACCEPTED])
def test_accepted(text: str, subscripts: str, names: list[str | None], result: str | None) -> None:
    spec = read_formula(text)
    assert spec.subscripts == subscripts
    assert [operand.name for operand in spec.operands] == names
    assert spec.result == result
    assert spec.source == Source(text=text, notation=Notation.FORMULA)


@pytest.mark.parametrize(("text", "id_", "span", "picture"), REFUSED, ids=[repr(x[0]) for x in REFUSED])
def test_refused(text: str, id_: str, span: tuple[int, int] | None, picture: list[str]) -> None:
    with pytest.raises(NotationError) as caught:
        read_formula(text)
    error = caught.value
    assert (error.id, error.span, error.text) == (id_, span, text)
    assert str(error).split("\n") == picture


@pytest.mark.parametrize(
    ("text", "output", "inputs"),
    [
        ("C[k, batch] = A[batch, j] * B[j, k]", ("k", "batch"), [("batch", "j"), ("j", "k")]),
        (r"y_\alpha = W_{\alpha β} x_β", ("alpha",), [("alpha", "β"), ("β",)]),
        (r"c = W_{\text{in}} x_\text{in}", (), [("in",), ("in",)]),
        ("v^i = A_j{}^i{}_k u^{jk}", ("i",), [("j", "i", "k"), ("j", "k")]),
        ("Cₖᵢ = Aⁱⱼ·Bⱼₖ", ("k", "i"), [("i", "j"), ("j", "k")]),
    ],
)
def test_labels_stand_in_order_of_writing(text: str, output: tuple[str, ...], inputs: list[tuple[str, ...]]) -> None:
    spec = read_formula(text)
    assert spec.output == output
    assert [operand.labels for operand in spec.operands] == inputs
    assert not spec.implicit


def test_spans() -> None:
    text = r"C_{k} = \sum_i \hat{A}_{i\alpha} \, B[i,  k]"
    spec = read_formula(text)
    spans = [operand.span for operand in spec.operands]
    assert [text[span.start : span.stop] for span in spans if span] == [r"\hat{A}_{i\alpha}", "B[i,  k]"]
    labels = [span for operand in spec.operands for span in operand.spans]
    assert [text[span.start : span.stop] for span in labels if span] == ["i", r"\alpha", "i", "k"]
    assert [text[span.start : span.stop] for span in spec.output_spans if span] == ["k"]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (r"y_i = \sum_j W_{ij} x_j", []),
        (
            r"y_i = \sum_{j=1}^n W_{ij} x_j",
            ["the limits of the sum over j are not read: it takes the whole axis"],
        ),
        (
            "c = Σ_{ij} x_i x_j",
            [r"Σ is read as a sum over i, j; write \Sigma for a matrix of that name"],
        ),
        (
            r"y_i = \sum_j W_{ij} x_k",
            ["summed too, as the result has them not: k (no sum sign lists them)"],
        ),
        (
            "x_i += A_{ij} x_j",
            [
                "the loops start from zeros: what x_i held before is not added (--add: it is)",
                "x on the right is what is given; the result is a new array",
            ],
        ),
    ],
)
def test_notes(text: str, notes: list[str]) -> None:
    assert list(read_formula(text).notes) == notes


@pytest.mark.parametrize("text", [x[0] for x in ACCEPTED if x[0] not in FORMLESS])
def test_formulas_look_like_formulas(text: str) -> None:
    assert looks_like_formula(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ij,jk->ik",
        "i j -> j i",
        "...ij,...jk",
        "->",
        ",",
        "i=>j",
        "ij-jk",
        "i→j",
        "ij,jk=ik",
        "ij=ji",
        "ij==ji",
        "i<=j",
        "i!=j",
        "b (h d) -> b h d",
        "batch_size i -> i",
        "np.einsum('ij->i', A[0])",
        "C[i] = np.einsum('ij->i', A)",
    ],
)
def test_other_notations_do_not(text: str) -> None:
    assert not looks_like_formula(text)


def test_long_formula_is_refused_in_time() -> None:
    for text in ("c = " + "{}" * 50_000, "c = " + "{" * 50_000, "c = a_" + "{" * 50_000, "c" + "[" * 50_000 + "="):
        with pytest.raises(NotationError):
            read_formula(text)
