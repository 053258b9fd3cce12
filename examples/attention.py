"""A walk through multi-head attention: every einsum in it as the loops it stands for, run and checked.

`python examples/attention.py` prints the walk; the exit code is 1 where loops differ from np.einsum. The code printed
on the way is what einloop generates at that moment, and it is that very text which computes the next array.
"""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent, indent

import numpy as np

try:
    import einloop
except ModuleNotFoundError:  # not installed: use the checkout that this file is in
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    import einloop

WORDS = {"b": "batch", "m": "query", "n": "key", "d": "model", "h": "head", "e": "width"}
"""What each index counts: sentences, the words that ask, the words that answer, numbers per word, heads, and numbers
per word inside one head. Six letters whose capitals clash with none of the arrays' names."""
SIZES = {"b": 2, "m": 4, "n": 5, "d": 6, "h": 3, "e": 2}


class Walk:
    """Prints the steps, numbered, and remembers whether every one of them was right."""

    def __init__(self) -> None:
        self.steps = 0
        self.right = True

    def say(self, text: str) -> None:
        """Print a paragraph."""
        print(dedent(text).strip() + "\n")

    def step(self, title: str) -> None:
        """Print the heading of the next step."""
        self.steps += 1
        print(f"{self.steps}. {title}\n")

    def shape(self, name: str, labels: str, array: np.ndarray) -> None:
        """Print the shape of an array, axis by axis, by what each one counts."""
        axes = ", ".join(f"{WORDS[label]} {size}" for label, size in zip(labels, array.shape, strict=True))
        print(f"   {name}[{', '.join(labels)}] has axes {axes}")

    def einsum(self, result: str, expression: str, **arrays: np.ndarray) -> np.ndarray:
        """Show an expression with its loops, run these loops, check them against np.einsum; return the result."""
        loops = einloop.generate(expression, names=list(arrays), result=result)
        print(f"   {result} = np.einsum({expression!r}, {', '.join(arrays)})\n\n{indent(loops.source, '       ')}")
        terms, output = expression.split("->")
        for (name, array), labels in zip(arrays.items(), terms.split(","), strict=True):
            self.shape(name, labels, array)
        got, wanted = np.asarray(loops.run(*arrays.values())), np.einsum(expression, *arrays.values())
        self.shape(result, output, got)
        equal = got.shape == wanted.shape and np.allclose(got, wanted, rtol=1e-12, atol=1e-12)
        self.right &= equal
        print(f"   the loops {'agree with' if equal else 'DIFFER FROM'} np.einsum\n")
        return got


def main() -> int:
    """Walk; return the exit code."""
    walk = Walk()
    rng = np.random.default_rng(0)

    def draw(labels: str) -> np.ndarray:
        return rng.normal(size=[SIZES[label] for label in labels])

    X, Y = draw("bmd"), draw("bnd")
    W_q, W_k, W_v, W_o = draw("hde"), draw("hde"), draw("hde"), draw("hed")

    walk.say("""
        Multi-head attention, one einsum at a time

        X holds the words that ask, Y the words that may answer; in self-attention they are the same words, here their
        numbers differ, so that no axis can be taken for another. Every index keeps one meaning all the way:
    """)
    print("\n".join(f"   {label}: {word} (0..{SIZES[label] - 1})" for label, word in WORDS.items()) + "\n")

    walk.step("Queries: what each word asks")
    walk.say("""
        Each head h has its own matrix W_q[h]. It turns the D numbers of a word into E numbers, the word's question in
        that head. d is missing on the right of the arrow: it is summed.
    """)
    Q = walk.einsum("Q", "bmd,hde->bhme", X=X, W_q=W_q)

    walk.step("Keys: what each word offers")
    K = walk.einsum("K", "bnd,hde->bhne", Y=Y, W_k=W_k)

    walk.step("Values: what each word says if it is asked")
    V = walk.einsum("V", "bnd,hde->bhne", Y=Y, W_v=W_v)

    walk.step("Scores: how well each key n fits each query m")
    walk.say("""
        A score is the inner product of a query and a key: e is summed. b and h stand in both inputs and in the output,
        so no sentence and no head ever looks into another.
    """)
    S = walk.einsum("S", "bhme,bhne->bhmn", Q=Q, K=K)

    walk.step("Scale")
    walk.say("""
        A sum of E products is larger the larger E is. Dividing by the square root of E takes that out. Every score is
        treated alike and none meets another, so this is no einsum: S = S / np.sqrt(E).
    """)
    S = S / np.sqrt(SIZES["e"])
    walk.shape("S", "bhmn", S)
    print()

    walk.step("Softmax: scores to weights")
    walk.say("""
        exp makes the scores positive; dividing by their sum over n makes the weights of one query add up to 1. The
        largest score is subtracted first, which changes no weight and keeps exp from overflowing.
    """)
    P = np.exp(S - S.max(axis=-1, keepdims=True))
    P = P / P.sum(axis=-1, keepdims=True)
    walk.shape("P", "bhmn", P)
    walk.right &= bool(np.allclose(np.einsum("bhmn->bhm", P), 1))
    print(
        f"   the weights of query 0, in head 0 of sentence 0: {np.round(P[0, 0, 0], 2)}, sum {P[0, 0, 0].sum():.2f}\n"
    )

    walk.step("Weighted sum: each query collects the values")
    walk.say("""
        Now n is summed: the query m takes a little of every value, as much as its weights say. What is left is one
        vector of width e for each word and head.
    """)
    Z = walk.einsum("Z", "bhmn,bhne->bhme", P=P, V=V)

    walk.step("Output: the heads come together")
    walk.say("""
        The E numbers of each head go back to D numbers, and the heads are added up: both h and e are summed. The result
        has the axes of X, ready for the next layer.
    """)
    walk.einsum("R", "bhme,hed->bmd", Z=Z, W_o=W_o)
    print("Every step agrees." if walk.right else "At least one step is WRONG.")
    return int(not walk.right)


if __name__ == "__main__":
    raise SystemExit(main())
