"""Refusals in other languages: every id has a meaning, the usual sentences are translated, others stand in English."""

import ast
import re
import time
from pathlib import Path

import pytest

import einloop
from einloop import cli
from einloop.core.errors import EinloopError
from einloop.core.registry import rows
from einloop.core.report import Fix
from einloop.core.source import Span
from einloop.views.catalogue import FALLBACK, languages
from einloop.views.refusal import MAX_SENTENCE, NUMBER, ROW, WHOLE, Pattern, load_sentences, write_refusal

PACKAGE = Path(einloop.__file__).parent
TESTS = Path(__file__).parents[1]
TRANSLATED = [language for language in languages() if language != FALLBACK]
SAID_WHOLE = re.compile(r"error (EL[12]\d\d): (.+)")
"""Refusals of expressions and shapes: all that a test expects has a translation."""
PARTS = (
    "this is a program", "line 2 has more than ", "the text has ", "standard input has more than ",
    "standard input is a file of ",
)  # fmt: skip
"""What tests look for that is not the whole sentence."""
LIBRARIES = ("EL209",)
"""Ids whose sentences quote another library's."""
ELSEWHERE = (
    "argument {name}", "unrecognized", "the following", "No such file", "Permission", "Is a directory", "No space left"
)  # fmt: skip
"""How sentences of argparse and of the system begin."""


def strings(folder):
    """Yield every string in the files below a folder, those of an f-string as one text."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def expected():
    """Return (id, sentence) of every refusal that a test expects word for word."""
    found = {match.groups() for text in strings(TESTS) for match in SAID_WHOLE.finditer(text)}
    return sorted((id, sentence) for id, sentence in found if ".*" not in sentence and sentence not in PARTS)


def words_of(text):
    return {word.removesuffix("s") for word in re.findall(r"[A-Za-z]{4,}", text)}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_id_has_a_meaning(language):
    refused = {row.id for _, row in rows() if not row.id.startswith("EL7")}
    sentences = load_sentences(language)
    assert sentences is not None
    assert sorted(set(sentences.meanings) ^ refused) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_said_of_expressions_and_shapes_is_translated(language):
    sentences = load_sentences(language)
    rows = expected()
    assert len(rows) > 100
    left = [(id, said) for id, said in rows if sentences.translate(said) is None and id not in LIBRARIES]
    assert left == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_take_what_the_english_gives_and_say_what_the_program_says(language):
    said = {word for text in strings(PACKAGE) for word in words_of(text)}
    for pattern in load_sentences(language).patterns:
        placeholders = set(re.findall(r"(?<!\{)\{(\w+)\}", pattern.translation))
        assert placeholders == set(pattern.names), pattern
        assert len(set(pattern.names)) == len(pattern.names), pattern
        english = " ".join(pattern.literals)
        foreign = english.strip().startswith("argument") or english.startswith(ELSEWHERE)
        assert foreign or words_of(english) <= said, english


IN_JAPANESE = {
    "ij,jk->iz": """
エラー EL106：出力の添字 'z' は、どのオペランドにもない（オペランドにあるのは i、j、k である）。
  ij,jk->iz
          ^
ヒント：'k' のことか。'ij,jk->ik' と書く
""",
    "c=A^{(l)}_{ij}": """
エラー EL170：(l) は 'A' の添字とも、その名前の一部とも読める。（0 から数えて 6 文字目）
  c=A^{(l)}_{ij}
        ^
ヒント：添字なら A_{l...}、名前なら A^{(1)} と書く
""",
    "lift y=[x[i]/y[i]for(i)in(range(n))]": """
エラー EL807：要素の商は積の和ではない。
  y=[x[i]/y[i]for(i)in(range(n))]
     ^^^^^^^^^
ヒント：einsum の後で配列を割る
""",
    "lift y=np.where(x@z)": """
エラー EL807：np.where は要素を選ぶものであり、積の和ではない。
  y=np.where(x@z)
    ^^^^^^^^^^^^^
ヒント：その前後を別々に、それぞれ S = ... のように名前を付けて渡す
""",
    "y_i=\\sum_{j=1}^{i}L_{ij}b_j": """
エラー EL172：和の上限 'i' は添字 'i' に依存するが、einsum の和は軸全体にわたる。（0 から数えて 16 文字目）
  y_i=\\sum_{j=1}^{i}L_{ij}b_j
                  ^
ヒント：添字 j,i をもち、和をとるところで 1、ほかで 0 のオペランドを掛ける
""",
    "ij,jk->ik --path x": """
エラー EL431：'x' は縮約順序ではない。
ヒント：auto、greedy、optimal、cotengra、(0,1),(0,1) のような位置、np.einsum_path が返すリストのいずれか
""",
    "explain ij->i -o a.html --format json": """
エラー EL465：'a.html' は html のファイル名であるが、--format json は別の形式を指定している。
ヒント：どちらか一方を省くか、ファイル名を変える
""",
    "explain ij,jk->ik -s 2x3 -s 4x5": """
エラー EL205：'j' の長さが、オペランド 0 の軸 1 では 3、オペランド 1 の軸 0 では 4 である。
  ij,jk->ik
   ^ ^
""",
    "check i->i -s A=2x3 --names A": """
エラー EL202：'i' が表すのは 1 軸であるが、オペランド 0 (A) の形状は (2, 3)、すなわち 2 軸である。
  i->i
  ^
ヒント：'...i->...i' と書く（形状は (2, 3)）、'ij->i' と書く（形状は (2,)）、または 'ji->i' と書く（形状は (3,)）
""",
    "ij->i --foo": """
エラー EL400：知らない引数がある：--foo
ヒント：einloop --help で使えるものが分かる
""",
    "why ij->i --top x": """
エラー EL400：引数 --top の値 'x' が int として読めない。
ヒント：einloop why --help で使えるものが分かる
""",
    "diff": """
エラー EL400：引数 EXPR、EXPR2 がない。
ヒント：einloop diff --help で使えるものが分かる
""",
    "explain i->i --format htm": """
エラー EL469：形式 'htm' はない。
ヒント：'html' のことか。text、markdown、html、latex、json、comment のいずれか
""",
    "ij->ji --schedule tile(i)": """
エラー EL433：スケジュールの指定が正しくないか、ここでは使えない。
  tile with 1 argument
  tile(i)
  ^^^^^^^
ヒント：tile(i,32) のように書く
""",
}


@pytest.mark.parametrize("line", IN_JAPANESE)
def test_the_command_line_refuses_in_japanese(line, capsys):
    assert cli.main([*line.split(), "--lang", "ja"]) == 2
    assert capsys.readouterr() == ("", IN_JAPANESE[line].removeprefix("\n"))
    assert cli.main([*line.split(), "--lang=ja"]) == 2
    assert capsys.readouterr() == ("", IN_JAPANESE[line].removeprefix("\n"))


def test_auto_asks_the_environment(capsys, monkeypatch):
    for variable, start in (("ja_JP.UTF-8", "エラー EL106："), ("xx_XX", "error EL106:"), ("C", "error EL106:")):
        monkeypatch.setenv("LC_ALL", variable)
        assert cli.main(["ij->z", "--lang", "auto"]) == 2
        assert capsys.readouterr().err.startswith(start)


@pytest.mark.parametrize(
    "command", ["show", "explain", "check", "why", "diff", "verify", "bench", "cache", "templates"]
)
def test_every_command_takes_a_language_and_refuses_what_is_none(command, capsys):
    words = {"diff": ["i->i", "i->i"], "cache": [], "templates": []}.get(command, ["i->i"])
    assert cli.main([command, *words, "--lang", "xx"]) == 2
    assert capsys.readouterr() == (
        "",
        f"error EL469: there is no language 'xx'\nhint: one of {', '.join(languages())}\n",
    )


def test_for_a_program_refusals_are_english(capsys):
    assert cli.main(["explain", "ij->z", "--json", "--lang", "ja"]) == 2
    assert "is in no operand" in capsys.readouterr().out


def test_a_sentence_without_a_translation_stands_below_the_meaning():
    error = EinloopError("EL101", "something new\non two lines", text="ij", span=Span(start=1, stop=2), hint="do it")
    meaning = load_sentences("ja").meanings["EL101"]
    assert write_refusal(error, "ja").splitlines() == [
        f"エラー EL101：{meaning}", "  something new", "  on two lines", "  ij", "   ^", "ヒント：do it"
    ]  # fmt: skip


def test_an_id_without_a_meaning_is_told_in_english():
    assert write_refusal(EinloopError("no id", "new"), "ja") == "エラー no id：new"


def test_english_and_a_language_without_errors_are_as_ever():
    error = EinloopError("EL106", "output index 'z' is in no operand (they offer i)", hint="no")
    assert write_refusal(error, FALLBACK) == str(error)


def test_fixes_are_told_whole():
    error = EinloopError("EL205", "'j' is 3 in operand 0 axis 1 but 4 in operand 1 axis 0", hint="'a->a' would fit")
    error.fixes = (Fix(expression="a->a"), Fix(expression="b->b", shape="(2,)"))
    assert write_refusal(error, "ja").splitlines()[-1] == ("ヒント：'a->a' と書く、または 'b->b' と書く（形状は (2,)）")


@pytest.mark.parametrize(
    ("literals", "names", "text", "values"),
    [
        (("a ", " b ", ""), ("x", "y"), "a 1 b 2", {"x": "1", "y": "2"}),
        (("a ", ""), ("x",), "a ", {"x": ""}),
        (("(", "), ", ""), ("x", "y"), "(), 0 axes", {"x": "", "y": "0 axes"}),
        (("(", "), ", ""), ("x", "y"), "(2, 3), 2 axes", {"x": "2, 3", "y": "2 axes"}),
        (("", " b"), ("x",), "1 b b", {"x": "1 b"}),
        (("", " is ", ""), ("x", "y"), "p is q is r", {"x": "p", "y": "q is r"}),
        (("", " in ", " of ", "!"), ("x", "y", "z"), "1 in 2 of 3!", {"x": "1", "y": "2", "z": "3"}),
        (("aba", "aba"), ("x",), "ababa", None),
        (("plain",), (), "plain", {}),
        (("plain",), (), "plainer", None),
        (("", " axes"), (NUMBER,), "2 axes", {NUMBER: "2"}),
        (("", " axes"), (NUMBER,), "no axes", None),
    ],
)
def test_what_varies_in_a_sentence_is_found(literals, names, text, values):
    assert Pattern(literals, names, "").values(text) == values


def test_rows_get_the_comma_of_the_language_and_nothing_else_does():
    sentences = load_sentences("ja")
    assert sentences.translate("one of a, b, c") == "a、b、c のいずれか"
    assert "形状は (2, 3)" in sentences.translate("'i' names 1 axis but operand 0 has shape (2, 3), 2 axes")
    assert (NUMBER, ROW, WHOLE) == ("n", "list", "message")


HOSTILE = ("{0}", "{x}", "%s", "\\", "\x1b[31m", "'", "operand 0", "1 axis", "(character 3)", "」", "\u202e", "\ud800")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_user_wrote_comes_back_as_it_was(text):
    message = f"output index {text!r} is in no operand (they offer {text})"
    assert repr(text) in load_sentences("ja").translate(message)


def test_a_long_sentence_costs_little():
    sentences = load_sentences("ja")
    nasty = ["' is 3 in operand 0 axis 1 but " * 60, "(character 3) " * 140, "{" * MAX_SENTENCE, ", " * 900]
    start = time.process_time()
    for text in nasty:
        assert len(text) <= MAX_SENTENCE
        sentences.translate(text)
        sentences.translate(f"'{text}' is not a path")
    assert time.process_time() - start < 1
    assert sentences.translate("x" * MAX_SENTENCE + " is not a path") is None


def test_a_line_of_standard_input_is_named_and_every_character_shown():
    error = EinloopError("EL101", "raw \x1b[31m", text="i\u200bj", span=Span(start=1, stop=2))
    error.input_line = 3
    first, said, *picture = write_refusal(error, "ja").splitlines()
    assert first.startswith("3 行目：エラー EL101：")
    assert [said, *picture] == ["  raw \\x1b[31m", "  i\\u200bj", "   ^^^^^^"]


TRACED = {
    "trace ij,jk->ik --steps 99": ["ステップ 99 はない。", "ループのステップは 24 個である"],
    "trace ij,jk->ik --steps 9-3": ["9-3 はステップの範囲ではない。始めが終わりより後にある。", "3-9"],
    "trace ij,jk->ik --steps x": ["'x' はステップを表さない。", "一つの番号か、20-40 のような二つの番号"],
    "trace ij,jk->ik --at 9,9": ["9 は、長さ 2 である結果の軸 0 の範囲にない。"],
    "trace ij,jk->ik --story --format svg": [
        "--story はテキストかページであり、svg はどちらでもない。",
        "どちらか一方を省く",
    ],
    "trace ij,jk->ik --theme dark": ["テーマは図に対するものであるが、これは text である。", "--theme を省く"],
    "trace ij,jk->ik --format png": ["png は、画面に出せるテキストではない。", "-o step.png"],
    "trace ij,jk->ik --steps 1-20 --format svg": [
        "図に描けるのは 12 ステップまでであるが、これは 20 ステップである。",
        "その始めの部分：--steps 1-12",
    ],
    "trace ij,jk->ik --symbolic --dtype int8": ["記号には値も dtype もない。"],
    "draw y[i]=A[i,j]*x[j]-b[i] --kind stages": [
        "段階の図は一つの einsum について描くものであるが、これはそうではない。"
    ],
}


@pytest.mark.parametrize("line", TRACED)
def test_what_is_refused_of_steps_and_pictures_is_japanese(line, capsys):
    assert cli.main([*line.split(), "--lang", "ja"]) == 2
    said = capsys.readouterr().err
    assert all(sentence in said for sentence in TRACED[line]), said
    assert not re.search(r"\b(the|is|are|of|and|out)\b", said)
