"""Every question of the page: what its answer has, in which words, and that nothing else comes back."""

import base64
import json
import struct

import pytest

from einloop.web.answer import KINDS, answer
from einloop.web.arrays import HeldArrays, operand_name
from einloop.web.sheet import ROWS


def npy(values, shape, descr="<f8"):
    """Return the bytes of a .npy file, format 1.0."""
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {tuple(shape)!r}, }}".encode()
    header += b" " * (117 - len(header)) + b"\n"
    code = {"<f8": "d", "|i1": "b", "<i8": "q"}[descr]
    return (
        b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack(f"<{len(values)}{code}", *values)
    )


def drop(held, name, data):
    return answer({"ask": "file", "name": name, "bytes": base64.b64encode(data).decode()}, held)


def ask(kind, held=None, /, **state):
    found = answer({"id": 7, "ask": kind, "state": state}, held or HeldArrays())
    assert (found["id"], found["ask"]) == (7, kind)
    assert ("ok" in found) != ("error" in found)
    json.dumps(found, allow_nan=False)
    return found


def ok(kind, held=None, /, **state):
    found = ask(kind, held, **state)
    assert "error" not in found, found["error"]
    return found["ok"]


def error(kind, held=None, /, **state):
    found = ask(kind, held, **state)
    assert "ok" not in found
    return found["error"]


def test_the_meaning_of_a_product():
    found = ok("meaning", text="ij,jk->ik", shapes="2x3 3x4")
    assert found["sentence"] == "For every i and k, multiply A[i,j] by B[j,k] and add up over j."
    assert found["formula"] == "C[i,k] = Σ_j A[i,j] · B[j,k]"
    assert found["call"] == "C = np.einsum('ij,jk->ik', A, B)"
    assert found["operands"] == [
        {"name": "A", "labels": ["i", "j"], "shape": [2, 3]},
        {"name": "B", "labels": ["j", "k"], "shape": [3, 4]},
    ]
    assert found["result"] == {"name": "C", "labels": ["i", "k"], "shape": [2, 4]}
    assert (found["lifted"], found["notation"], found["notes"]) == (False, "subscripts", [])
    assert found["html"].startswith('<div class="einloop" lang="en">')
    assert "<style" not in found["html"]
    assert "for i in range" not in found["html"]


@pytest.mark.parametrize(
    ("text", "shapes", "library", "call", "lifted"),
    [
        ("A @ B.T", "A=2x3 B=4x3", "torch", "C = torch.einsum('ij,kj->ik', A, B)", True),
        ("y_i = \\sum_j A_{ij} x_j", "", "jax", "y = jnp.einsum('ij,j->i', A, x)", False),
        ("C[i,k] = A[i,j] * B[j,k] - D[i,k]", "", "numpy", "C = np.einsum('ij,jk->ik', A, B) - D", False),
        ("for i in range(n):\n  s += x[i] * x[i]", "", "numpy", "s += np.einsum('i,i->', x, x)", True),
        (">>> A @ B", "A=2x3 B=3x4", "numpy", "C = np.einsum('ij,jk->ik', A, B)", True),
        ("```python\nA @ B\n```", "2x3 3x4", "numpy", "C = np.einsum('ij,jk->ik', A, B)", True),
    ],
)
def test_the_call_to_paste(text, shapes, library, call, lifted):
    found = ok("meaning", text=text, shapes=shapes, library=library)
    assert (found["call"], found["lifted"]) == (call, lifted)


def test_findings_come_with_fixes_and_carets():
    (found,) = [one for one in ok("meaning", text="ij,kl->il")["findings"] if one["id"] == "EL703"]
    assert found["severity"] == "warning"
    assert found["fixes"][0]["expression"] == "ij,jl->il"
    assert found["picture"][0] == "ij,kl->il"
    assert set(found["picture"][1]) == {" ", "^"}
    assert "".join(text for text, _ in found["runs"]) == found["message"]


@pytest.mark.parametrize(
    ("shapes", "operands", "result"),
    [
        ("A=2x3 B=3x4", [[2, 3], [3, 4]], [2, 4]),
        ("i=2 j=3,k=4", [[2, 3], [3, 4]], [2, 4]),
        ("(2, 3); (3, 4)", [[2, 3], [3, 4]], [2, 4]),
        ("B=3x4", [["I", 3], [3, 4]], [None, 4]),
        ("2x3 k=5", [[2, 3], [3, 5]], [2, 5]),
        ("M,N N,P", [["M", "N"], ["N", "P"]], ["M", "P"]),
    ],
)
def test_shapes_and_sizes_stand_in_one_field(shapes, operands, result):
    found = ok("meaning", text="ij,jk->ik", shapes=shapes)
    assert found["result"]["shape"] == result


def test_one_length_is_a_shape_where_an_operand_has_the_name_and_a_size_where_an_index_has():
    assert ok("meaning", text="y[i] = A[i,j] * x[j]", shapes="x=3 i=2")["operands"][0]["shape"] == [2, 3]


@pytest.mark.parametrize(
    ("shapes", "id", "span"),
    [
        ("2x3 3x4x", "EL405", [4, 8]),
        ("2x3 B=2..3", "EL405", [6, 10]),
        ("2x3 2y3,4!", "EL405", [4, 7]),
    ],
)
def test_an_error_in_the_shapes_has_its_place_in_the_field(shapes, id, span):
    found = error("meaning", text="ij,jk->ik", shapes=shapes)
    assert (found["id"], found["text"]) == (id, shapes)
    assert found["span"][0] >= span[0]
    assert found["span"][1] <= max(span[1], found["span"][0] + 4)


def test_errors_are_in_the_page_s_language():
    found = error("loops", text="ij->z", lang="ja")
    assert found["id"] == "EL106"
    assert found["picture"] == ["ij->z", "    ^"]
    assert (found["text"], found["span"], found["also"]) == ("ij->z", [4, 5], [])
    assert found["message"] != error("loops", text="ij->z")["message"]
    assert error("meaning", text="ij->z", lang="xx")["message"] == "there is no language 'xx'"


def test_fixes_of_an_error_are_given_apart():
    found = error("meaning", text="ij,jk->ik", shapes="2x3 4x3")
    assert found["id"] == "EL205"
    assert found["fixes"][0] == {"expression": "ij,kj->ik", "shape": "(2, 4)"}


def test_loops_in_every_target_and_style():
    first = ok("loops", text="ij,jk->ik")
    assert first["verdict"]["state"] == "verified"
    assert [target["name"] for target in first["targets"]] == ["c", "numba", "python"]
    for target in first["targets"]:
        for style in target["styles"]:
            found = ok("loops", text="ij,jk->ik", target=target["name"], style=style["name"])
            assert (found["target"], found["style"]) == (target["name"], style["name"])
            compiled = target["name"] != "python"
            assert found["verdict"]["state"] == ("not run" if compiled else "verified"), found["verdict"]
    assert ok("loops", text="ij->i", target="c")["language"] == "c"
    assert ok("loops", text="ij->i", target="numba")["language"] == "python"
    assert ok("loops", text="ij,jk->ik", schedule="order(k,i,j)")["source"].index("for k") < first["source"].index(
        "for k"
    )


def test_loops_of_a_path():
    assert ok("loops", text="ij,jk,kl->il", path="(0,1),(0,1)")["source"].count("for i") == 2


def test_a_picture_of_every_kind():
    for kind in ok("picture", text="ij,jk->ik")["kinds"]:
        svg = ok("picture", text="ij,jk->ik", shapes="2x3 3x4", kind=kind, path="auto", at="1,1")["svg"]
        assert svg.startswith("<svg ")
        assert "<style" not in svg
        assert "style=" not in svg


def test_a_trace_has_data_and_the_words_for_it():
    found = ok("trace", text="ij,jk->ik", shapes="2x3 3x4", lang="ja", target="c", style="nothing")
    assert found["data"]["count"] == 24
    assert len(found["data"]["steps"]) == 24
    ids = {message[0] for step in found["data"]["steps"] for message in step["why"]}
    assert ids
    assert ids <= set(found["words"])
    assert "step" not in found["words"]["trace.page.place"]


def test_a_long_trace_is_cut():
    data = ok("trace", text="ij,jk->ik", shapes="20x20 20x20")["data"]
    assert (data["count"], len(data["steps"]), data["first"]) == (8000, 1000, 1)


@pytest.mark.parametrize(("symbolic", "most"), [(False, 8000 // 40), (True, 141)])
def test_a_trace_that_reads_much_is_cut_earlier(symbolic, most):
    text = ",".join(["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh", "ii", "jj"] * 4)
    data = ok("trace", text=text, symbolic=symbolic)["data"]
    assert data["count"] > 1000
    assert len(data["steps"]) == most


def test_a_trace_of_symbols():
    assert ok("trace", text="i,i->", shapes="2 2", symbolic=True)["data"]["steps"][-1]["after"] == "a·c + b·d"


def test_the_same_in_other_libraries():
    rows = ok("same", text="ij,jk->ik", library="torch")["rows"]
    assert (rows[0]["library"], rows[0]["kind"], rows[0]["legal"]) == ("torch", "einsum", True)
    assert rows[0]["code"] == "C = torch.einsum('ij,jk->ik', A, B)"
    code = {(row["library"], row["kind"]): row["code"] for row in rows}
    assert code["einops", "einsum"] == "C = einops.einsum(A, B, 'i j, j k -> i k')"
    assert code["numpy-optimize", "einsum"] == "C = np.einsum('ij,jk->ik', A, B, optimize=True)"
    assert code["numpy", "plain"] == "A @ B"


def test_what_numpy_refuses_another_library_may_take():
    rows = {row["library"]: row for row in ok("same", text="...i->i", shapes="2x3")["rows"]}
    assert "numpy" not in rows
    assert rows["torch"]["code"] == "c = torch.einsum('...i->i', A)"
    assert rows["torch"]["caveats"]
    assert error("same", text="ij->z")["id"] == "EL106"


def test_dialects_of_code_are_asked_with_its_own_shapes():
    rows = ok("same", text="W @ x", shapes="W=2x3 x=3")["rows"]
    assert all(row["legal"] for row in rows)
    assert rows[0]["code"] == "c = np.einsum('ij,j->i', W, x)"


def test_why_and_diff():
    assert "A[1,0]·B[0,2]" in plain(ok("why", text="ij,jk->ik", at="1,2", shapes="2x3 3x4")["html"])
    assert ok("diff", text="ij,jk->ik", other="ab,bc")["same"]
    different = ok("diff", text="ij,jk->ik", other="ij,kj->ik")
    assert not different["same"]
    assert "They compute different things" in plain(different["html"])
    assert error("diff", text="ij")["id"] == "EL472"


def plain(html):
    import re
    from html import unescape

    return unescape(re.sub("<[^>]*>", "", html))


@pytest.mark.parametrize(
    ("stated", "outcome", "text"),
    [
        ({"shapes": "2x3 3x4"}, "passed", "The shapes fit; the result is (2, 4)."),
        ({"shapes": "2x3 3x4", "result": "2x4"}, "passed", "The result is (2, 4), as expected."),
        ({"shapes": "2x3 3x4", "result": "4x2"}, "failed", "The result is (2, 4), not (4, 2)."),
        ({"shapes": "2x3 3x4", "result": "i,k"}, "passed", "The result is (2, 4), as expected."),
        ({"shapes": "2x3 4x4"}, "refused", "'j' is 3 in operand 0 axis 1 but 4 in operand 1 axis 0"),
        ({"result": "2x4"}, "refused",
         "The result is (i, k); whether that is (2, 4) depends on lengths that are not given."),
        ({"values": "[[1,2],[3,4]] [[1],[1]]", "result": "[[3],[7]]"}, "passed", "The result is equal."),
        ({"values": "B=[[1],[1]], A = [[1,2],[3,4]]", "result": "[[3], [7]]"}, "passed", "The result is equal."),
        ({"values": "[[1,2]] [[1],[1]]", "result": "[[4]]"}, "failed", "The element at [0, 0] is 3, not 4."),
        ({"values": "[[1,2]] [[1],[1]]", "result": "[3]"}, "failed", "The result is (1, 1), not (1,)."),
        ({"values": "[[0.1,0.2]] [[1],[1]]", "result": "[[0.3]]"}, "passed",
         "The result is equal to within a millionth."),
        ({"values": "[[1,2]] [[1],[1]]"}, "passed", "The result is [[3]]."),
        ({"values": "[[1,2]]", "result": "[[3]]"}, "refused", "no value is given for B"),
        ({"values": "[[1,2] [[1]]"}, "refused", "a value is not an array: '[[1,2] [[1]]'"),
        ({"values": "[[1,2]] [[1],[1,2]]"}, "refused", "a value is ragged: [1] has 2 elements, and [0] has 1"),
        ({"values": "[[1,2]] [[1]]"}, "passed", "The result is [[3]]."),
        ({"values": "[[1,2,3]] [[1],[1]]"}, "refused", "'j' is 3 in operand 0 axis 1 but 2 in operand 1 axis 0"),
    ],
)  # fmt: skip
def test_a_test_that_a_person_states(stated, outcome, text):
    (row,) = ok("tests", text="ij,jk->ik", tests=[{"name": "mine", **stated}])["rows"]
    assert (row["name"], row["outcome"], row["text"]) == ("mine", outcome, text)


def test_tests_of_statements_and_of_numbers():
    rows = ok("tests", text="y[i] = 2 * A[i,j] * x[j] - b[i]", tests=[
        {"values": "A=[[1,2]] x=[1,1] b=[5]", "result": "[1]"},
        {"values": "A=[[1,2]] x=[1,1] b=[5]", "result": "[2]"},
        {"shapes": "A=2x3 x=3 b=2", "result": "2"},
    ])["rows"]  # fmt: skip
    assert [row["outcome"] for row in rows] == ["passed", "failed", "passed"]
    (row,) = ok("tests", text="i,i->", tests=[{"values": "[1,2] [3,4]", "result": "12"}])["rows"]
    assert row["text"] == "The result is 11, not 12."
    (row,) = ok("tests", text="i,i->", lang="ja", tests=[{"values": "[1,2] [3,4]", "result": "11"}])["rows"]
    assert row["text"] == "結果は等しい。"


def test_a_test_does_not_run_for_ever():
    big = str([[1] * 50] * 50)
    (row,) = ok("tests", text="ij,jk->ik", tests=[{"values": f"{big} {big}"}])["rows"]
    assert (row["outcome"], row["id"]) == ("refused", "EL488")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_row_of_the_sheet_runs(lang):
    rows = ok("sheet", lang=lang)["rows"]
    assert len(rows) == len(ROWS)
    assert len({row["text"] for row in rows}) == len(rows)
    for row in rows:
        assert row["says"]
        for kind in ("meaning", "loops", "picture", "trace", "same"):
            found = ok(kind, text=row["text"], shapes=row["shapes"], lang=lang)
            if kind == "loops":
                assert found["verdict"]["state"] == "verified", found["verdict"]
            if kind == "meaning":
                assert not [one for one in found["findings"] if one["severity"] == "warning"], row


def test_a_dropped_file_is_used_by_name_and_by_place():
    held = HeldArrays()
    a = drop(held, "A.npy", npy(range(6), (2, 3)))["ok"]
    b = drop(held, "my vector.npy", npy([1, 0, 2], (3,), "<i8"))["ok"]
    assert (a["name"], a["shape"], a["dtype"]) == ("A", [2, 3], "float64")
    assert (b["name"], b["shape"], b["dtype"]) == ("", [3], "int64")
    arrays = [f"A={a['key']}", b["key"]]
    assert "13" in plain(ok("why", held, text="ij,j->i", at="1", arrays=arrays)["html"])
    data = ok("trace", held, text="ij,j->i", arrays=arrays)["data"]
    assert data["steps"][-1]["after"] == "13"
    assert ok("meaning", held, text="ij,j->i", arrays=arrays)["operands"][1]["shape"] == [3]


def test_an_array_that_is_not_held_is_asked_for():
    found = error("why", text="i->", arrays=["A=0123456789abcdef"])
    assert (found["id"], found["message"], found["hint"]) == (
        "EL487", "the array 'A' is not here", "drop its file on the page again",
    )  # fmt: skip
    assert error("why", text="i->", arrays=["0123"])["message"] == "an array is not here"


def test_the_oldest_files_go_first(monkeypatch):
    monkeypatch.setattr("einloop.web.arrays.MAX_HELD", 300)
    held = HeldArrays()
    first, second = (drop(held, "A.npy", npy([n], (1,)))["ok"]["key"] for n in (1, 2))
    assert ok("meaning", held, text="i->", arrays=[f"A={first}"])
    third = drop(held, "A.npy", npy([3], (1,)))["ok"]["key"]
    assert error("meaning", held, text="i->", arrays=[f"A={first}"])["id"] == "EL487"
    assert ok("meaning", held, text="i->", arrays=[f"A={third}"])
    assert second != third


@pytest.mark.parametrize(
    ("data", "id", "message"),
    [
        (b"", "EL411", "'A.npy' is not a .npy file"),
        (b"PK\x03\x04", "EL411", "'A.npy' is an archive of arrays (.npz)"),
        (npy([1], (2,)), "EL411", "'A.npy' is damaged: it is shorter than its header says"),
        (npy([1], (10**30,)), "EL411", "'A.npy' is damaged: it is shorter than its header says"),
        (npy([1], (1,)).replace(b"<f8", b"|O8"), "EL411", "'A.npy' holds Python objects, which are never unpickled"),
        (npy([1], (1,))[:40], "EL411", "'A.npy' is damaged: its header makes no sense"),
    ],
)
def test_files_that_are_no_arrays(data, id, message):
    found = drop(HeldArrays(), "A.npy", data)["error"]
    assert (found["id"], found["message"]) == (id, message)


def test_a_file_needs_a_name_and_bytes():
    held = HeldArrays()
    for request, message in (
        ({}, "the name of a file is missing"),
        ({"name": "A"}, "the bytes of a file is missing"),
        ({"name": 1, "bytes": ""}, "the name of a file is an int"),
        ({"name": "A", "bytes": "%%%"}, "the bytes of 'A' are not in base64"),
        ({"name": "A", "bytes": "é"}, "the bytes of 'A' are not in base64"),
    ):
        assert answer({"ask": "file", **request}, held)["error"]["message"] == message


def test_a_file_may_be_too_large(monkeypatch):
    monkeypatch.setattr("einloop.web.arrays.MAX_BYTES", 10)
    assert drop(HeldArrays(), "A.npy", npy([1], (1,)))["error"]["hint"] == "at most 10 are read"


@pytest.mark.parametrize(
    ("file", "name"), [("A.npy", "A"), ("a/b\\W_q.npy", "W_q"), ("<b>.npy", ""), ("x.npy.npy", ""), ("", "")]
)
def test_the_name_that_a_file_gives(file, name):
    assert operand_name(file) == name


@pytest.mark.parametrize(
    ("request_", "id", "message"),
    [
        (None, "EL470", "a request is None, not an object"),
        ([], "EL470", "a request is [], not an object"),
        ({}, "EL469", "there is no question None"),
        ({"ask": ["x"]}, "EL469", "there is no question ['x']"),
        ({"ask": "meanin"}, "EL469", "there is no question 'meanin'"),
        ({"ask": "meaning", "state": 3}, "EL470", "the state is an int, not an object"),
        ({"ask": "meaning", "state": {"txt": ""}}, "EL469", "the state has no 'txt'"),
        ({"ask": "meaning", "state": {"text": 1}}, "EL470", "text is an int, not a text"),
        ({"ask": "meaning", "state": {"symbolic": "yes"}}, "EL470", "symbolic is a str, not true or false"),
        ({"ask": "meaning", "state": {"tests": {}}}, "EL470", "tests is a dict, not a list"),
        ({"ask": "meaning", "state": {"tests": [1]}}, "EL470", "a test is an int, not an object"),
        ({"ask": "meaning", "state": {"tests": [{}] * 51}}, "EL418", "tests has more than 50 values"),
        ({"ask": "meaning", "state": {"arrays": [1]}}, "EL470", "an array is an int, not a text"),
        ({"ask": "meaning", "state": {"shapes": "1" * 20001}}, "EL479", "shapes has 20,001 characters"),
        ({"ask": "meaning", "state": {"text": "ij", "library": "x"}}, "EL469", "there is no library 'x' here"),
        ({"ask": "loops", "state": {"text": "ij", "target": "../c"}}, "EL502", "'../c' is not a valid target name"),
        ({"ask": "picture", "state": {"text": "ij", "kind": "x"}}, "EL469", "there is no kind of picture 'x'"),
        ({"ask": "why", "state": {"text": "ij", "at": "x"}}, "EL421", "'x' is not a list of coordinates"),
    ],
)
def test_requests_that_mean_nothing(request_, id, message):
    found = answer(request_, HeldArrays())["error"]
    assert (found["id"], found["message"]) == (id, message)


def test_nothing_typed_is_markup():
    evil = "<script>alert(1)</script>"
    for text in (evil, f"np.einsum('ij->i', {evil!r})", f"{evil}[i] = A[i]"):
        for kind in KINDS:
            found = ask(kind, text=text, other=f"A[{evil}]", shapes=evil, at=evil)
            for key in ("html", "svg"):
                assert "<script" not in found.get("ok", {}).get(key, "")
    assert "<b " not in ok("meaning", text="np.einsum('ij->i', a['<b onload=x>'])")["html"]


def test_readings_are_shared_and_refusals_are_new_each_time():
    from einloop.core.errors import EinloopError
    from einloop.core.options import Options
    from einloop.web.remembered import reading

    assert reading("ij,jk->ik", Options(style="scalar")) is reading("ij,jk->ik", Options())
    raised = []
    for _ in range(2):
        with pytest.raises(EinloopError) as caught:
            reading("ij->z", Options())
        raised.append(caught.value)
    assert raised[0] is not raised[1]
    assert str(raised[0]) == str(raised[1])


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"diff", "tests", "sheet"}))
@pytest.mark.parametrize("text", ["ij->i", "ij,jk->ik", "C[i] = A[i,j] + B[i]"])
def test_axes_of_any_length_take_no_memory(kind, text):
    found = ask(kind, text=text, shapes="A=3x99999999999 B=3" if "[" in text else "3x99999999999", at="")
    assert found.get("error", {}).get("id") in (None, "EL421")
