"""C as text: what the preprocessor makes of it, where refusals point, and texts that are no friends."""

import time

import pytest

from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift
from einloop.lifting.c.macros import Preprocessor
from einloop.lifting.c.signature import signature
from einloop.lifting.sizes import Refusal

MACROS = (
    ("#define N 4\nint x = N + N;", "int x = 4 + 4 ;"),
    ("#define A(i, j) a[(i) * n + (j)]\nA(k, A(1, 2));", "a [ ( k ) * n + ( a [ ( 1 ) * n + ( 2 ) ] ) ] ;"),
    ("#define F (x)\nF;", "( x ) ;"),
    ("#define N M\n#define M N\nN;", "N ;"),
    ("#define GLUE(a, b) a##b\nGLUE(x, 1);", "x1 ;"),
    ("#ifdef X\na;\n#else\nb;\n#endif", "b ;"),
    ("#define X\n#if defined(X) && !defined Y\na;\n#elif 1\nb;\n#endif", "a ;"),
    ("#if 0\n#if 1\na;\n#endif\n#elif (1 << 1) == 2\nb;\n#endif", None),
    ("#if 3 * 2 >= 6 || Z\na;\n#endif", "a ;"),
    ("#define LONG a + \\\n  b\nLONG; // LONG\n/* LONG\n LONG */", "a + b ;"),
    ('extern "C" {\nint f(void);\n}', "int f ( void ) ;"),
    ("__attribute__((aligned(16))) int x;", "int x ;"),
    ("#define N 4\n#undef N\nN;", "N ;"),
)


@pytest.mark.parametrize(("text", "made"), [case for case in MACROS if case[1] is not None])
def test_macros(text, made):
    assert " ".join(one.text for one in Preprocessor().run(text)) == made


REFUSED = (
    # comments, macros and several lines do not shift places
    ("/* é\n*/ #\nvoid f(int n, double *x) { x[0] = sqrt(x[1]); }", "EL807", "sqrt(x[1])"),
    ("#define G(v) g(v)\nvoid f(int n, double *x) {\n  x[0] = 1 + G(x[1]); }", "EL803", "G(x[1])"),
    ("void f(int n, double *x) { if (x[0] > (1)) x[1] = 0; }", "EL805", "x[0] > (1)"),
    ("void f(int n, double *x) { for (int i = 0; i < x[0]; i++) x[1] = 0; }", "EL804", "i < x[0]"),
    ("void f(int n, int *x, double *y) { y[x[n]] = 1; }", "EL806", "x[n]"),
    ("void f(int n, double *x) { switch (n) { case 1: x[0] = 1; } }", "EL805", "n"),
    ("void f(int n, double *x) { double w[2] = {[2] = 1}; x[0] = w[1]; }", "EL813", "[2] = 1"),
    ("typedef struct { double x; } S; S f(double k) { S s = {.y = k}; return s; }", "EL802", "y = k"),
    ("void f(int n, double *x, double *y) { for (int i = 1; i < n; i *= 2) y[i] = x[i]; }", "EL811", "y[i] = x[i]"),
    ("void f(double _Complex *x) { x[0] = 1; }", "EL802", None),
    ("void f(double (*g)(double), double *x) { x[0] = g(x[1]); }", "EL802", None),
    ("double g(double x) { return g(x); } void f(double *x) { x[0] = g(x[1]); }", "EL816", None),
    ("void f(double *x) { double t[2]; x[0] = t[0]; }", "EL802", "t[0]"),
    ("void f(double *x) { double t[2] = {0}; t[2] = 1; x[0] = t[0]; }", "EL813", "t[2]"),
    ("void f(double *x) { x[-1] = 0; }", "EL813", "x[-1]"),
    ("void f(double *x, double *y) { while (x < y) *x++ = 0; }", "EL802", "x < y"),
    ("void f(double *x, double *y) { x[0] = y - x; }", "EL802", "y - x"),
    ("void f(float *x) { x[0] = *(int *)x; }", "EL802", None),
    ("void f(double *x", "EL801", None),
    ("int", "EL801", None),
    ("", "EL814", None),
    ("#if (\nint x;\n#endif", "EL801", None),
    ("int main(void) { return 0; }", "EL814", None),
)


@pytest.mark.parametrize(("text", "id", "place"), REFUSED)
def test_refusals_say_where(text, id, place):
    with pytest.raises(LiftError) as caught:
        lift(text, Notation.C)
    error = caught.value
    assert error.id == id, error
    assert place is None or text[slice(*error.span)] == place


HOSTILE = (
    "void f(double *x) { for (;;) { } }",
    "void f(int n, double *x) { for (int i = 0; i < 1000000000; i++) x[i % 7] += x[i]; }",
    "void f(double *x) { double p = x[0] + x[1] + x[2]; for (int i = 0; i < 100; i++) p = p * p; x[0] = p; }",
    "void f(double *x) { long p = 3; for (int i = 0; i < 100; i++) p = p * p; x[p] = 1; }",
    "void f(double *x) { double p = 3; for (int i = 0; i < 100; i++) p = p * p; x[0] = p; }",
    "void f(double *x) { x[0] = 1 << 70; }",
    "void f(double *x) { x[99999999999999999999] = " + "9" * 5000 + "; }",
    "void f(double *x) { x[0] = 1e999999999; }",
    "void f(double *x) { x[0] = " + "(" * 3000 + "1" + ")" * 3000 + "; }",
    "void f(double *x) { x[0] = " + "-" * 3000 + "1; }",
    "".join(f"#define M{n} M{n + 1} M{n + 1}\n" for n in range(40)) + "M0",
    "void f(double *x) { memset(x, 0, 1000000000000); }",
    "void f(int n, double *x) { " + "for (int i = 0; i < n; i++) " * 30 + "x[0] += 1; }",
    "\x00", "é", "#", "#define", "#define A(", "/*", '"', "'", "}", "{", "void f(void) { } }", "a" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_hangs_or_fails_otherwise(text):
    started = time.perf_counter()
    with pytest.raises(LiftError):
        lift(text, Notation.C)
    assert time.perf_counter() - started < 60  # seconds on the slowest of machines: a bound, no measurement


def test_c_without_pycparser_says_what_to_install(monkeypatch):
    monkeypatch.setattr("einloop.lifting.find_spec", lambda name: None)
    with pytest.raises(LiftError) as caught:
        lift("void f(double *x) { x[0] = 1; }", Notation.C)
    assert (caught.value.id, caught.value.hint) == ("EL818", "pip install 'einloop[c]'")


KERNEL = "void f(int n, double *x) { for (int i = 0; i < n; i++) x[i] *= 2; }"


@pytest.mark.parametrize(
    "text",
    [
        "__attribute__((constructor)) static void boom(void) { system(0); }\n" + KERNEL,
        '#include "evil.h"\n' + KERNEL,
        '#inc\\\nlude "evil.h"\n' + KERNEL,
        "int evil(void) { return system(0); }\n" + KERNEL,
        "extern int evil(void);\n" + KERNEL,
        "/* *\\\n/ int evil; /* */\n" + KERNEL,
    ],
)
def test_nothing_is_compiled_but_what_was_read(text):
    source = signature(text).source
    assert not any(word in source for word in ("evil", "boom", "system", "attribute"))
    assert "x[i] *= 2" in source


@pytest.mark.parametrize(
    "does", ["system(0);", "((void (*)(void))x)();", "__asm__(0);", "{ extern int evil(int); x[0] = evil(1); }"]
)
def test_a_function_that_calls_what_is_not_known_is_not_compiled(does):
    with pytest.raises(Refusal) as caught:
        signature(KERNEL.replace("{ for", "{ if (n > 100000) " + does + " for"))
    assert caught.value.id == "EL803"


TABLES = (
    ("static const float T[3][3] = {{1, 2, 3}, {4, 5, 6}, {7, 8}};\n"
     "void f(const float *x, float *y) { for (int u = 0; u < 3; u++) { y[u] = 0;"
     " for (int k = 0; k < 3; k++) y[u] += T[u][k] * x[k]; } }",
     "y = np.einsum('uk,k->u', T, x)", {"T": [[1, 2, 3], [4, 5, 6], [7, 8, 0]]}),
    ("float f(const float *x) { static float W[] = {0.5f, -2}; float s = 0;"
     " for (int i = 0; i < 2; i++) s += W[i] * x[i]; return s; }",
     "result = np.einsum('i,i->', W, x)", {"W": [0.5, -2]}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "tables"), TABLES)
def test_a_table_of_numbers_is_an_operand(text, wanted, tables):
    found = lift(text, Notation.C)
    assert found.text() == wanted
    assert f"{next(iter(tables))} is the table of the text" in found.combinations[0].notes
    assert signature(text).tables == tables


NUMBERS = (
    # a table that is read at places that no loop says, that is written, and one whose window is no einsum
    ("void f(int n, const float *x, float *y) { const float w[2] = {2, 3}; for (int i = 0; i < n; i++)"
     " y[i] = w[0] * x[i] + w[1]; }", "y = 2 * x + 3"),
    ("void f(const float *x, float *y) { float w[2] = {2, 3}; w[1] = 4; for (int i = 0; i < 2; i++)"
     " y[i] = w[i]; }", "y[0] = 2\ny[1] = 4"),
    ("void f(int n, const float *x, float *y) { const float w[2] = {2, 3}; for (int i = 0; i < n; i++) { y[i] = 0;"
     " for (int k = 0; k < 2; k++) y[i] += w[k] * x[i + k]; } }", "y = 2 * x[:n] + 3 * x[1:n + 1]"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), NUMBERS)
def test_other_tables_are_their_numbers(text, wanted):
    assert lift(text, Notation.C).text() == wanted


def test_rows_of_structs():
    text = (
        "struct row { double *data; }; struct mat { struct row *rows; int nr, nc; };"
        "void mv(const struct mat *M, const double *x, double *y) { for (int i = 0; i < M->nr; i++) {"
        " const double *r = M->rows[i].data; y[i] = 0; for (int j = 0; j < M->nc; j++) y[i] += r[j] * x[j]; } }"
    )
    assert lift(text, Notation.C).text() == "y = np.einsum('ij,j->i', M_rows_data, x)"
