"""Values of C that meet a type: in declarations, assignments, arguments and returns. Known ones are as gcc has them."""

import pytest

import einloop
from einloop.core.errors import LiftError
from einloop.core.source import Notation
from einloop.lifting import lift

SCALED = "void f(int n, const float *a, float *c) {{ {} for (int i = 0; i < n; i++) c[i] = k * a[i]; }}"
KNOWN = (
    ("char k = 300;", "44"),
    ("char k; k = 300;", "44"),
    ("signed char k = 200;", "-56"),
    ("char k = 3 * 100;", "44"),
    ("char k = 100; k += 100;", "-56"),
    ("unsigned char k = 255; k++;", "0"),
    ("unsigned char k = 250; k += 10; k -= 5;", "255"),
    ("int m = 300; char k = m;", "44"),
    ("int k = (char)300;", "44"),
    ("unsigned char k = 255; k = k + 1;", "0"),
    ("unsigned char k = 200; k = k * 2;", "144"),
    ("unsigned char x = 200, y = 100; unsigned char k = x + y;", "44"),
    ("unsigned char x = 200, y = 100; int k = x + y;", "300"),
    ("char k = 'a';", "97"),
    ("int k = 0x80000000;", "-2147483648"),
    ("int k = -2147483648;", "-2147483648"),
    ("double k = 3u - 5u;", "4294967294"),
    ("long long k = 1LL << 40;", "1099511627776"),
    ("const short K = 40000; int k = K;", "-25536"),
    ("signed char k = 127; k++;", "-128"),
    ("unsigned char k = 0; --k;", "255"),
    ("short k = 70000;", "4464"),
    ("unsigned short k = -1;", "65535"),
    ("_Bool k = 5;", "1"),
    ("bool k = 0.5;", "1"),
    ("_Bool k = 0;", "0"),
    ("int k = 3000000000;", "-1294967296"),
    ("int k = 0xFFFFFFFF;", "-1"),
    ("unsigned k = 0u - 1;", "4294967295"),
    ("long k = -1u;", "4294967295"),
    ("unsigned k = 65536u * 65537u;", "65536"),
    ("long k = 1L << 31;", "2147483648"),
    ("float k = 16777217;", "16777216"),
    ("float k = 16777219.0;", "16777220"),
    ("double k = 16777217;", "16777217"),
    ("int k = 2.7;", "2"),
    ("char t[2] = {1, 300}; int k = t[1];", "44"),
    ("struct { char v; } s = {300}; int k = s.v;", "44"),
)


@pytest.mark.parametrize(("declared", "factor"), KNOWN)
def test_a_number_that_is_known_is_converted(declared, factor):
    found = einloop.lift(SCALED.format(declared))
    text = {"300": "c = (300) * a", "0": "c[...] = 0", "1": "c = a", "-1": "c = -a"}.get(factor, f"c = {factor} * a")
    assert str(found).splitlines()[0].startswith(text), str(found)
    assert found.verification.cases
    assert not [note for note in found.notes if note.startswith("right where")]


NOTED = (
    ("short k = n * 20000;", "right where n * 20000 fits into int16: what does not wraps"),
    ("short k; k = n * 20000;", "right where n * 20000 fits into int16: what does not wraps"),
    ("signed char k = n; k *= n;", "right where k *= n fits into int8: what does not wraps"),
    ("unsigned char k = n - 1;", "right where n - 1 fits into uint8: what does not wraps"),
    ("_Bool k = n;", "right where n is not 0"),
)


@pytest.mark.parametrize(("declared", "note"), NOTED)
def test_what_depends_on_lengths_is_noted(declared, note):
    found = einloop.lift(SCALED.format(declared))
    assert note in found.notes
    assert "verified" in str(found.verification)


SUM = "{} f(int n, const {} *a) {{ {} s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; }}"
EACH = "{} void f(int n, const {} *a, {} *c) {{ for (int i = 0; i < n; i++) c[i] = {}; }}"
ELEMENTS = (
    (SUM.format("unsigned char", "int", "int"), "right where s fits into uint8: what does not wraps"),
    (SUM.format("short", "int", "int"), "right where s fits into int16: what does not wraps"),
    (SUM.format("int", "long", "long"), "right where s fits into int32: what does not wraps"),
    (SUM.format("unsigned", "int", "int"), "right where s >= 0: numbers without a sign wrap below"),
    (SUM.format("_Bool", "int", "int"), "right where s is 0 or 1: a bool holds no other number"),
    (SUM.format("int", "int", "int"), None),
    (SUM.format("long", "int", "int"), None),
    (SUM.format("double", "int", "int"), None),
    (
        EACH.format("static char wrap(int x) { return x; }", "int", "int", "wrap(a[i])"),
        "right where x fits into int8: what does not wraps",
    ),
    (
        EACH.format("static int same(char x) { return x; }", "int", "int", "same(a[i])"),
        "right where a[i] fits into int8: what does not wraps",
    ),
    (EACH.format("", "int", "uint8_t", "a[i]"), "right where a[i] fits into uint8: what does not wraps"),
    (EACH.format("", "int8_t", "uint8_t", "a[i]"), "right where a[i] fits into uint8: what does not wraps"),
    (EACH.format("", "uint8_t", "int16_t", "a[i]"), None),
    (EACH.format("", "bool", "uint8_t", "a[i]"), None),
)


@pytest.mark.parametrize(("code", "note"), ELEMENTS)
def test_elements_that_a_type_does_not_hold_are_noted(code, note):
    found = einloop.lift(code)
    assert [one for one in found.notes if one.startswith("right where")] == [note] * (note is not None)


DIFFERENCES = (
    ("uint8_t", "uint8_t d = a[i] - b[i]; c[i] = d * d;", "a[i] - b[i] fits into uint8"),
    ("unsigned", "unsigned d = a[i] - b[i]; c[i] = d;", "a[i] - b[i] >= 0"),
    ("unsigned", "c[i] = a[i] - b[i];", "a[i] - b[i] >= 0"),
)


@pytest.mark.parametrize(("kind", "body", "needs"), DIFFERENCES)
def test_what_wrapped_where_it_was_tried_is_not_said_to_be_wrong(kind, body, needs):
    code = f"void f(int n, const {kind} *a, const {kind} *b, float *c) {{ for (int i = 0; i < n; i++) {{ {body} }} }}"
    found = einloop.lift(code)
    assert f"right where {needs}" in " ".join(found.notes)
    assert str(found.verification) == f"not verified: it is right where {needs}, and other numbers were tried"


REFUSED = (
    ("int k = 65536 * 65536;", "65536 * 65536", "4294967296 does not fit into 32 bits"),
    ("long k = 65536 * 65536;", "65536 * 65536", "4294967296 does not fit into 32 bits"),
    ("int k = 1 << 31;", "1 << 31", "2147483648 does not fit into 32 bits"),
    ("float k = 1 << 31;", "1 << 31", "2147483648 does not fit into 32 bits"),
    ("int m = 65536; int k = m * m;", "m * m", "4294967296 does not fit into 32 bits"),
    ("int m = 2000000000; int k = m + m;", "m + m", "4000000000 does not fit into 32 bits"),
    ("int m = 2147483647; int k = m + 1;", "m + 1", "2147483648 does not fit into 32 bits"),
    ("int k = 3e9;", "3e9", "3000000000 does not fit into 32 bits"),
)


@pytest.mark.parametrize(("declared", "place", "message"), REFUSED)
def test_what_c_does_not_say_is_refused(declared, place, message):
    code = SCALED.format(declared)
    with pytest.raises(LiftError) as caught:
        lift(code, Notation.C)
    assert (caught.value.id, code[slice(*caught.value.span)], caught.value.message) == ("EL813", place, message)


def test_a_factor_that_does_not_fit_is_refused_as_a_number_is():
    code = EACH.format("", "int", "int", "(1 << 31) * a[i]")
    with pytest.raises(LiftError, match="2147483648 does not fit into 32 bits"):
        lift(code, Notation.C)


@pytest.mark.parametrize(
    "body",
    [
        "for (uint8_t i = 0; i < 100; i++) s += a[i];",
        "for (short i = 0; i < 64; i += 2) s += a[i] + a[i + 1];",
        "for (int i = 0; i < 64 * 64; i++) s += a[i];",
        "int rows = 64, all = rows * rows; for (int i = 0; i < all; i++) s += a[i];",
    ],
)
def test_counters_of_narrow_types_are_no_noise(body):
    found = lift(f"float f(const float *a) {{ float s = 0; {body} return s; }}", Notation.C)
    assert found.text() == "result = np.einsum('i->', a)"
    assert not [note for one in found.combinations for note in one.notes if note.startswith("right where")]
