"""How many of forty questions about einsum one command answers.

`python benchmarks/questions.py [--only ID] [--show]`. The questions, and what an answer has to hold, are in
questions.toml. Exits with 1 where a question is not answered.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

QUESTIONS = Path(__file__).with_suffix(".toml")
CALL = re.compile(r"\b(?P<function>(?:np|torch|jnp)\.einsum)\((?P<quote>['\"])(?P<subscripts>[^'\"]*)(?P=quote), *")
SEED = 7
FORMS = ("loops", "code", "formula", "shapes", "values", "einsum")
TIMEOUT = 120


def canonical(subscripts: str, operands: list[str]) -> tuple[Any, ...]:
    """Return a call up to the letters of its indices and the order of its operands.

    >>> canonical("ij,jk->ik", ["A", "B"]) == canonical("bc,ab->ac", ["B", "A"])
    True
    >>> canonical("i,ij,j->", ["x", "M", "x"]) == canonical("j,ij,i->", ["x", "M", "x"])
    True
    """
    terms, _, output = subscripts.replace(" ", "").partition("->")
    pairs = list(zip(operands, terms.split(","), strict=True))
    orders = (order for order in permutations(pairs) if [name for name, _ in order] == sorted(operands))
    return min(numbered(order, output) for order in orders)


def numbered(pairs: Sequence[tuple[str, str]], output: str) -> tuple[Any, ...]:
    """Return terms with their operands and an output, letters as numbers by first appearance."""
    letters: dict[str, int] = {}
    for letter in "".join(term for _, term in pairs) + output:
        letters.setdefault(letter, len(letters))
    named = tuple((name, tuple(letters[letter] for letter in term)) for name, term in pairs)
    return named, tuple(letters[letter] for letter in output)


def calls(text: str) -> set[tuple[Any, ...]]:
    """Return every einsum call in a text, with the function that is called; keywords are left out.

    >>> calls("np.einsum('ij,jk->ik', A, B.reshape(m, n))") == calls('2 * np.einsum("ab,bc->ac", A, B.reshape(m, n))')
    True
    """
    found = set()
    for call in CALL.finditer(text):
        operands = [one for one in arguments_of(text[call.end() :]) if not re.match(r"\w+=", one)]
        if len(operands) == call["subscripts"].count(",") + 1:
            found.add((call["function"], *canonical(call["subscripts"], operands)))
    return found


def arguments_of(text: str) -> list[str]:
    """Return the arguments before the parenthesis that closes a call.

    >>> arguments_of("a.reshape(m, k), b) + c")
    ['a.reshape(m, k)', 'b']
    """
    found, depth = [""], 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if depth < 0:
            break
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return [one.strip() for one in found]


def lacking(question: dict[str, Any], output: str, code: int) -> list[str]:
    """Return what an output lacks of an answer, none where the question is answered. Blanks and line breaks are one."""
    plain = " ".join(output.split())
    found = [f"exit code {code}"] if code != question.get("code", 0) else []
    answer = question.get("answer")
    if answer is not None and not calls(answer) <= calls(plain):
        found.append(answer)
    said = question.get("says", [])
    return found + [text for text in said if not any(one in plain for one in text.split("|"))]


def ask(question: dict[str, Any], folder: Path) -> tuple[str, int, float]:
    """Return what the command prints, on both streams, its exit code, and the seconds that it takes."""
    text = question.get("text", "")
    if "file" in question:
        (folder / question["file"]).write_text(text.lstrip("\n"), encoding="utf-8")
    scope: dict[str, Any] = {"np": np, "rng": np.random.default_rng(SEED)}
    for name, expression in question.get("arrays", {}).items():
        scope[name] = eval(expression, scope)
        np.save(folder / f"{name}.npy", scope[name])
    words = [word.replace("{text}", text) for word in question["command"]]
    begun = perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "einloop", *words],
        cwd=folder,
        env=os.environ | {"COLUMNS": "80"},
        input=text if question.get("stdin") else "",
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    return done.stdout + done.stderr, done.returncode, perf_counter() - begun


def main() -> int:
    """Ask, and print which questions are answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", metavar="ID", help="one question")
    parser.add_argument("--show", action="store_true", help="print every output, and what it lacks")
    arguments = parser.parse_args()
    questions = tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))["questions"]
    chosen = [one for one in questions if arguments.only in (None, one["id"])]
    if not chosen:
        parser.error(f"there is no question {arguments.only!r}: {', '.join(one['id'] for one in questions)}")
    answered: Counter[str] = Counter()
    for question in chosen:
        with tempfile.TemporaryDirectory() as folder:
            output, code, seconds = ask(question, Path(folder))
        lacks = lacking(question, output, code)
        answered[question["form"]] += not lacks
        print(f"{'yes' if not lacks else 'no ':3}  {question['form']:7}  {seconds:5.2f} s  {question['id']}")
        if arguments.show:
            print("\n".join(f"     | {line}" for line in output.splitlines()))
            print("".join(f"     lacks {text}\n" for text in lacks), end="")
    asked = Counter(question["form"] for question in chosen)
    for form in FORMS:
        if asked[form]:
            print(f"{form}: {answered[form]} of {asked[form]}")
    without = sum(asked[form] for form in FORMS if form != "einsum")
    print(f"begin without an einsum: {answered.total() - answered['einsum']} of {without}")
    print(f"answered by one command: {answered.total()} of {len(chosen)}")
    return int(answered.total() < len(chosen))


if __name__ == "__main__":
    raise SystemExit(main())
