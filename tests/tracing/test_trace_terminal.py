"""The screen of a trace: what keys do, and pictures of every size. No terminal is needed."""

import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nests import NestMachine, traced

import einloop
from einloop.core.errors import OptionError
from einloop.core.trace import TracedCell
from einloop.core.visible import columns
from einloop.views.catalogue import load_catalogue
from einloop.views.trace.memory import LATER, memory_of
from einloop.views.trace.terminal.drawing import ScreenSize, screen_lines
from einloop.views.trace.terminal.keys import ACTS, KEYS, press, split_keys
from einloop.views.trace.terminal.loop import check_terminal
from einloop.views.trace.terminal.state import SPEEDS, begin, pace, played

ENGLISH, JAPANESE = load_catalogue("en"), load_catalogue("ja")
PRODUCT = {"i": 2, "j": 3, "k": 2}
TRACE = traced("ij,jk->ik", PRODUCT)
HUGE = traced("ij,jk->ik", dict.fromkeys("ijk", 1000), ones=True)


def pressed(trace, *keys, number=1):
    state = begin(trace, number)
    for key in keys:
        state = press(trace, state, key)
    return state


def picture(trace, state, width=80, height=24, catalogue=ENGLISH, **size):
    lines = screen_lines(trace, state, catalogue, ScreenSize(width=width, height=height, **size))
    return ["".join(piece.text for piece in line).rstrip() for line in lines]


def words(state):
    return ENGLISH.text(state.told)


# keys


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        (["right"], 2),
        (["n", "n", "p"], 2),
        (["left"], 1),
        (["end"], 12),
        (["end", "right"], 12),
        (["end", "home"], 1),
        (["g", "1", "0", "enter"], 10),
        (["g", "1", "0", "backspace", "enter"], 1),
        (["g", "9", "escape", "n"], 2),
        (["g", "9", "x", "enter"], 9),
        (["g", "enter"], 1),
        (["down"], 2),
        (["down", "down"], 7),
        (["up"], 8),
        (["up", "up", "down", "down"], 1),
        (["c", "right", "right"], 5),
        (["c", "right", "left"], 1),
        (["c", "end"], 5),
        (["c", "end", "right"], 5),
        (["c", "down", "right"], 4),
        (["c", "c", "right"], 2),
        (["z", "\x00", "é"], 1),
    ],
)
def test_moves(keys, number):
    assert pressed(TRACE, *keys).number == number


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["left"], "There is no earlier step."),
        (["end", "right"], "There is no later step."),
        (["g", "1", "3", "enter"], "There is no step 13: they go from 1 to 12."),
        (["g", "0", "enter"], "There is no step 0: they go from 1 to 12."),
    ],
)
def test_what_cannot_be_is_told_until_the_next_key(keys, said):
    state = pressed(TRACE, *keys)
    assert words(state) == said
    assert picture(TRACE, state)[-1] == said
    assert press(TRACE, state, "+").told is None


def test_a_number_is_never_longer_than_it_may_be():
    assert len(pressed(TRACE, "g", *"1" * 40).typed) == 18


def test_only_the_sum_that_a_running_total_is_in():
    trace = einloop.trace("ij,jk->ik", style="scalar", shapes=[(2, 3), (3, 2)])
    state = pressed(trace, "n", "n", "n", "n", "c")  # the first step of the second sum
    assert (state.number, state.only.cell.array) == (5, "total")
    assert [press(trace, state, key).number for key in ("right", "left", "home", "end")] == [6, 5, 5, 7]
    assert pressed(trace, "down").number == 8  # the cell of the result that the loops come to next


def test_keys_of_a_terminal():
    assert split_keys("n\x1b[C\x1bOD \x1b[1;5C\x7f") == (["n", "right", "left", "space", "backspace"], "")
    assert split_keys("\x1b[") == ([], "\x1b[")
    assert split_keys("\x1b[", whole=True) == (["escape", "["], "")
    assert split_keys("\x1bq") == (["escape", "q"], "")
    assert split_keys("\x1b\x1b[A", whole=True) == (["escape", "up"], "")


@given(st.text(alphabet="\x1b[OABCD0123;~ nq\r", max_size=30), st.integers(0, 30))
def test_keys_that_come_in_two_parts_are_the_same(sent, place):
    first, rest = split_keys(sent[:place])
    second, left = split_keys(rest + sent[place:])
    assert (first + second, left) == split_keys(sent)


def test_every_key_has_words():
    for row in KEYS:
        assert ENGLISH.entries[row.words]
        assert all(key in ACTS for key in row.keys)
    assert len(ACTS) == sum(len(row.keys) for row in KEYS)


# playing


def test_playing():
    state = pressed(TRACE, "space")
    assert state.playing
    assert (played(TRACE, state, 3).number, played(TRACE, state, 3).playing) == (4, True)
    end = played(TRACE, replace(state, number=12), 1)
    assert (end.number, end.playing) == (12, False)
    again = press(TRACE, end, "space")
    assert (again.number, again.playing) == (1, True)
    assert not press(TRACE, again, "space").playing
    assert not press(TRACE, again, "g").playing


def test_speed_has_ends():
    fast, slow = pressed(TRACE, *"+" * 40), pressed(TRACE, *"-" * 40)
    assert SPEEDS[fast.speed] == max(SPEEDS)
    assert SPEEDS[slow.speed] == min(SPEEDS)
    assert pace(slow) == (2.0, 1)
    assert pace(fast)[1] == 100_000


# pictures


def test_the_screen_of_80_columns():
    assert picture(TRACE, pressed(TRACE, number=10)) == [
        "ij,jk->ik  int64                                                2 steps a second",
        "step 10 of 12   i = 1  j = 1  k = 1",
        "",
        "  I, J = A.shape                      A          B       C           C[1,1] =",
        "  J, K = B.shape                       1  2  3    1  2    22  28         4·2   8",
        "  C = np.zeros((I, K))                 4 [5] 6    3 [4]   19 [28]    > + 5·4  28",
        "  for i in range(I):                              5  6                 + 6·6",
        "    for j in range(J):",
        "      for k in range(K):                                             8 + 20 = 28",
        ">       C[i, k] += A[i, j] * B[j, k]",
        *[""] * 12,
        "so far a sentence of some length about the step",
        "→ n step   space play   g jump   c this cell   ? keys   q quit",
    ]


def test_a_narrow_screen_is_stacked():
    found = picture(TRACE, pressed(TRACE, number=10), 60, 20)
    assert found.index(">             C[i, k] += A[i, j] * B[j, k]") < found.index("A          B       C")
    assert "C[1,1] = 4·2 + 5·4 + 6·6, so far 8 + 20 = 28" in found


def test_what_is_typed_and_what_is_alone_is_shown():
    assert picture(TRACE, pressed(TRACE, "g", "1", "0"))[-1] == "step (1 to 12): 10_"
    assert "only C[0,0]" in picture(TRACE, pressed(TRACE, "c"))[0]
    assert "playing, 2 steps a second" in picture(TRACE, pressed(TRACE, "space"))[0]
    assert "a step every 2 seconds" in picture(TRACE, pressed(TRACE, "-", "-", "-"))[0]


def test_help_goes_with_the_next_key():
    state = pressed(TRACE, "?")
    found = picture(TRACE, state)
    assert all(any(line.startswith(row.shown) for line in found) for row in KEYS)
    assert "jump to a step: type its number, then Enter" in "\n".join(found)
    assert press(TRACE, state, "n") == begin(TRACE)
    assert press(TRACE, state, "q").done


SHAPES = (
    TRACE,
    HUGE,
    traced("ij,jk->ik", PRODUCT | {"j": 0}),
    traced("i->", {"i": 10**9}, ones=True),
    traced("bijd,bjk,kl,l,d->bil", dict.fromkeys("bijdkl", 3)),
    traced("abcde->abcde", dict.fromkeys("abcde", 4)),
    traced("ij,jk->ik", PRODUCT, symbols=True),
    traced("ij,jk->ik", PRODUCT, names=["a_name_of_forty_letters_" + "x" * 16, "添字配列"], result="結果" * 20),
    traced("ij->", {"i": 2, "j": 9}, element=lambda name, at: -(10**59), dtype="object"),
)


@given(
    st.sampled_from(SHAPES),
    st.integers(1, 200),
    st.integers(1, 60),
    st.lists(st.sampled_from([*ACTS, "enter", "1", "9", "x"]), max_size=8),
    st.sampled_from([ENGLISH, JAPANESE]),
    st.booleans(),
)
def test_every_screen_is_filled_and_not_overfull(trace, width, height, keys, catalogue, ascii):  # noqa: PLR0917
    state = pressed(trace, *(key for key in keys if key != "N"), number=5)
    lines = screen_lines(trace, state, catalogue, ScreenSize(width=width, height=height, ascii=ascii))
    texts = ["".join(piece.text for piece in line) for line in lines]
    assert len(texts) == height
    assert max(map(columns, texts)) <= width
    assert not ascii or "".join(texts).isascii()
    assert "".join(texts).isprintable()


class Counted(NestMachine):
    """A machine that counts what it is asked for."""

    asked = 0

    def step(self, number):
        Counted.asked += 1
        return super().step(number)

    def value(self, cell, number):
        Counted.asked += 1
        return super().value(cell, number)

    def writing(self, cell, **options):
        for number in super().writing(cell, **options):
            Counted.asked += 1
            yield number


@pytest.mark.parametrize("number", [1, 500_500_500, 10**9])
def test_a_billion_steps_cost_no_more_than_a_few(number):
    parts = {name: getattr(HUGE.machine, name) for name in HUGE.machine.__dataclass_fields__}
    trace = replace(HUGE, machine=Counted(**parts))
    Counted.asked = 0
    state = pressed(trace, "c", "right", "left", "home", "end", "c", "down", "up", "g", *str(number), "enter")
    assert state.number == number
    picture(trace, state)
    assert Counted.asked < 20_000


def test_what_is_slow_is_shown_later():
    memory = memory_of(TRACE)
    memory.begin(-1.0)
    assert memory.value(TracedCell("A", (0, 0)), 1) == 1
    cells = [TracedCell("C", (i, k)) for i in range(2) for k in range(2)]
    assert [memory.value(cell, 12) for cell in cells] == [22, 28, LATER, LATER]  # every picture has some more
    assert memory.behind
    memory.begin(-1.0)
    assert [memory.value(cell, 12) for cell in cells] == [22, 28, 49, 64]
    assert not memory.behind


def test_the_first_nan():
    np = pytest.importorskip("numpy")
    arrays = {"a": np.array([1.0, 2.0, 3.0]), "b": np.array([1.0, np.nan, 2.0])}
    trace = einloop.trace("i,i->i", names=["a", "b"], load=arrays)
    assert pressed(trace, "N").number == 2
    assert words(pressed(einloop.trace("i,i->i"), "N")) == "No step writes a nan."


# what is no terminal


@pytest.mark.parametrize(("name", "streams"), [("input", (None, sys.stdout)), ("output", (sys.stdin, None))])
def test_without_a_terminal_it_is_refused(name, streams, monkeypatch):
    monkeypatch.setattr("einloop.views.trace.terminal.loop.is_terminal", lambda stream: stream is not None)
    with pytest.raises(OptionError) as caught:
        check_terminal(*streams)
    assert caught.value.id == "EL486"
    assert caught.value.message == f"standard {name} is no terminal, and --tui takes up a whole one"
    assert caught.value.hint == "--format text writes the same"


def test_without_a_terminal_of_unix_it_is_refused(monkeypatch):
    monkeypatch.setattr("einloop.views.trace.terminal.loop.is_terminal", lambda stream: True)
    monkeypatch.setitem(sys.modules, "termios", None)
    with pytest.raises(OptionError, match="--tui needs a terminal of Unix, and this is"):
        check_terminal(sys.stdin, sys.stdout)
