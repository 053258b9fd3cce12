"""Random and hostile texts at every question: nothing but `ok` and `error`, and no failure of einloop itself."""

import json
import os
import random

import pytest

from einloop.web.answer import KINDS, answer
from einloop.web.arrays import HeldArrays
from einloop.web.sheet import ROWS

COUNT = int(os.environ.get("EINLOOP_FUZZ", "60"))
"""Texts; two thousand of them took eight minutes of one core."""
PIECES = (
    "ij", "jk", "->", ",", "...", "np.einsum(", "'", "(", ")", "[", "]", "{", "}", "_{", "\\sum_", "A", "B", "x", "=",
    "+=", "*", "@", ".T", "for i in range(n):\n    ", "sum(", "while True:\n  pass", "import os\n", "def f(",
    "lambda x:", "1e999", "9" * 400, "\0", "\ud800", "\u202e", "é", "∑", "<script>alert(1)</script>", "\n", "\t", "#",
    "\\", "/", "**",
    "^", "|", "int main(void){", "for(int i=0;i<n;i++)", "double *a", "{0}", "%s", "$", ";", ":", "torch.bmm(",
    "reshape(-1)", "[::2]", "[1:]", "-", "+", "0", "2.5", "sqrt(", "exp(",
)  # fmt: skip
HOSTILE = (
    "(" * 5000, "[" * 3000 + "]" * 3000, "A" + "@A" * 300, "A @ " * 2000 + "A", "i," * 60 + "i->", "ij" * 32 + "->",
    "A_{" * 500, "C[i] = " + "+".join(f"A{n}[i]" for n in range(200)), "C[i] = (A[i]+B[i])**20",
    "y = " + "*".join(["(a+b+c)"] * 12), "for i in range(n):\n" * 30, "for i in range(10**9):\n    y[0] += x[i]",
    "while True: pass", "x = " + "(" * 200 + "a" + ")" * 200, "np.einsum(" * 100, "'" * 10000, "i" * 20000, "->" * 5000,
    "ij,jk->ik\n" * 1000, "\\sum_i " * 500 + "A_i", "y[i] = " + "A[i," * 300, "x = 1\n" * 5000, "A*" * 3000 + "A",
    "void f(int n, float *x) { " + "for (int i=0;i<n;i++) " * 20 + "x[0] += x[i]; }", "0x" + "f" * 5000,
    "einsum('" + ",".join(["ab"] * 63) + "->ab', " + ",".join(["A"] * 63) + ")", "iiiiiiii->i", "i" * 40 + "->i",
    "ab,bc,cd,de,ef,fg,gh,hi,ij,jk,kl,lm,mn,no,op,pq,qr,rs,st,tu->au", "np.linalg.inv(A)",
    ",".join(["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh", "ii", "jj"] * 4),
    "np.einsum('ij\ud800->', a)", "ij\ud800", "for i in range(n):\n    y[i] += \ud800",
    "abcdefghijklmnopqrstuvwxyz,abcdefghijklmnopqrstuvwxyz->zyx",
)  # fmt: skip
SHAPES = (
    "", "2x3 3x4", "2x3", "1000x1000 1000x1000", "0x3 3x0", "99999999999x3 3x4", "A=2x3 B=3x4", "i=3", "i=2,j=3", "x",
    "(2,", "2x3x", "i=i", "B,L,H B,L,H", "A=", "=", "🙂", "3 " * 100, "i=9999999999999999999999", "()", "(2, 3) (3, 4)",
)  # fmt: skip
CHOICES = {
    "dtype": ("float32", "int8", "bool", "A=int8", "object", "complex64", "bogus", "bfloat16", "f4 i8"),
    "target": ("python", "c", "numba", "x", "../x"),
    "style": ("article", "scalar", "lists", "nope"),
    "schedule": ("tile(i,2)", "order(output)", "unroll(i,2)", "auto", "x(", "vectorise(j)"),
    "order": ("appearance", "output", "j,i", "i"),
    "path": ("auto", "optimal", "(0,1)", "x"),
    "library": ("numpy", "torch", "jax", "x"),
    "kind": ("cells", "network", "path", "axes", "stages", "x"),
    "symbolic": (True, False),
    "lang": ("en", "ja", "xx", ""),
    "at": ("", "1", "0,1", "-1", "9,9", "x", "1" * 5000),
    "other": ("ij,jk->ik", "A @ B", "", "ij->z", "for"),
    "notation": ("", "named", "formula", "subscripts", "call", "x"),
}
VALUES = ("", "[[1,2],[3,4]] [[1,2],[3,4]]", "[1", "A=[1] B=[2]", "[]", "[" * 50, "['a']", "[1]*10**9", "nan", "1e999")


def mutated(rng, text):
    letters = list(text)
    for _ in range(rng.randint(1, 4)):
        place, way = rng.randint(0, len(letters)), rng.random()
        if way < 0.4 and letters:
            del letters[min(place, len(letters) - 1)]
        elif way < 0.8:
            letters.insert(place, rng.choice(PIECES))
        else:
            first, last = sorted((place, rng.randint(0, len(letters))))
            letters[first:last] = letters[first:last] * rng.randint(0, 3)
    return "".join(letters)


def random_state(rng):
    way = rng.random()
    if way < 0.25:
        text = "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 25)))
    elif way < 0.8:
        text = mutated(rng, rng.choice(ROWS)[0])
    elif way < 0.85:
        text = "".join(
            chr(rng.choice([rng.randint(32, 126), rng.randint(0, 0x2FFF)])) for _ in range(rng.randint(0, 60))
        )
    else:
        text = rng.choice(HOSTILE)
    state = {"text": text, "shapes": rng.choice(SHAPES) if rng.random() < 0.5 else rng.choice(ROWS)[1]}
    state |= {name: rng.choice(values) for name, values in CHOICES.items() if rng.random() < 0.2}
    if rng.random() < 0.3:
        results = ("", "2x4", "x", "[[1]]", "[1,2", "1e400", "2,4")
        shapes, values, result = rng.choice(SHAPES), rng.choice(VALUES), rng.choice(results)
        state["tests"] = [{"shapes": shapes, "values": values, "result": result}]
    return state


def check(kind, state):
    found = answer({"id": 1, "ask": kind, "state": state}, HeldArrays())
    json.dumps(found, allow_nan=False)
    assert set(found) in ({"id", "ask", "ok"}, {"id", "ask", "error"})
    if "error" in found:
        assert found["error"]["id"] not in ("EL000", "EL467", "EL468", "EL485"), (kind, state, found["error"])
    elif kind == "loops":
        assert found["ok"]["verdict"]["state"] != "mismatch", (state, found["ok"])


@pytest.mark.parametrize("seed", range(6))
def test_random_states(seed):
    rng = random.Random(seed)
    for _ in range(COUNT // 6):
        state = random_state(rng)
        for kind in KINDS:
            check(kind, state)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12].replace("\n", " "))
def test_hostile_texts(text):
    for kind in ("meaning", "loops", "trace", "same"):
        check(kind, {"text": text, "shapes": "2x3 3x4"})
        check(kind, {"text": text, "symbolic": True})
    for other in ("A @ B", "ij,jk->ik"):
        check("diff", {"text": text, "other": other})
