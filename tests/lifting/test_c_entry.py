"""C functions that take structs, rows of pointers and names of headers: an entry of plain arrays calls them."""

import shutil

import pytest

from einloop import lift
from einloop.core.source import Notation
from einloop.lifting import lifted_code
from einloop.lifting.c.entry import entry
from einloop.lifting.c.signature import signature

PROVED = {
    "a struct by its address": "typedef struct { int n; double *x; } V; double f(const V *v) { double s = 0;"
    " for (int i = 0; i < v->n; i++) s += v->x[i]*v->x[i]; return s; }",
    "a number of a struct that is written": "typedef struct { double sum; int n; } S; void f(S *s, const double *x)"
    " { s->sum = 0; for (int i = 0; i < s->n; i++) s->sum += x[i]; }",
    "an array in a struct": "typedef struct { float m[2][3]; } M; void f(M *a, M b) {"
    " for (int i = 0; i < 2; i++) for (int j = 0; j < 3; j++) a->m[i][j] += 2*b.m[i][j]; }",
    "a struct that is returned": "typedef struct { double x, y; double r[2]; } P; P f(P a, P b) { P c;"
    " c.x = a.x + b.x; c.y = a.y - b.y; c.r[0] = a.x; c.r[1] = b.y; return c; }",
    "many structs": "typedef struct { double x, y; } P; void f(P *p, const double *w, int n) {"
    " for (int i = 0; i < n; i++) { p[i].x += w[i]; p[i].y *= 2; } }",
    "a struct in a struct": "typedef struct { int n; } D; typedef struct { D d; float *x; } T; void f(T t, float a) {"
    " for (int i = 0; i < t.d.n; i++) t.x[i] *= a; }",
    "rows of pointers": "void f(double **A, double **B, int n, int m) {"
    " for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) B[j][i] = A[i][j]; }",
    "rows of pointers in a struct, under a name of Python": "typedef struct { int rows, cols; float **vals; } matrix;"
    " void f(matrix from, matrix to) { for (int i = 0; i < from.rows; i++)"
    " for (int j = 0; j < from.cols; j++) to.vals[i][j] += from.vals[i][j]; }",
    "a global array": "double T[3][4]; void f(const double *x, double *y) {"
    " for (int i = 0; i < 3; i++) for (int j = 0; j < 4; j++) y[i] += T[i][j]*x[j]; }",
    "a global array that is written": "float T[5]; void f(const float *x) {"
    "  for (int i = 0; i < 5; i++) T[i] = 2*x[i]; }",
    "a number of a header": "void f(const float *x, float *e) {"
    " for (int i = 0; i < FRAME_LEN; i++) e[i] = GAIN*x[i]; }",
    "a struct of a header": "int f(const gsl_vector *v, gsl_vector *w) {"
    " for (int i = 0; i < v->size; i++) w->data[i] += v->data[i]; return GSL_SUCCESS; }",
}


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
@pytest.mark.parametrize("text", PROVED.values(), ids=PROVED)
def test_they_are_proved(text):
    assert str(lift(text, notation="c").verification).startswith("verified against np.einsum")


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
def test_what_the_entry_calls_may_differ():
    text = PROVED["rows of pointers"]
    made = entry(signature(text), lifted_code(text, Notation.C).trials[0], ["B"])
    assert made.names == ("A", "A.shape[0]", "A.shape[1]", "B", "B.shape[0]", "B.shape[1]", "n", "m")
    assert made.source.rstrip().endswith("}")


def test_there_is_no_entry_for_structs_behind_structs():
    text = (
        "struct row { double *data; }; struct mat { struct row *rows; int nr, nc; };"
        "void f(const struct mat *M, double *y) {"
        " for (int i = 0; i < M->nr; i++) for (int j = 0; j < M->nc; j++) y[i] += M->rows[i].data[j]; }"
    )
    assert entry(signature(text), lifted_code(text, Notation.C).trials[0], ["y"]) is None
    assert "takes more than numbers and arrays" in str(lift(text, notation="c").verification)
