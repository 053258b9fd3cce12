"""JSON of the loops of sums: statements with their terms, and no subscripts of a product that nobody asked for."""

import json

from einloop import cli


def data_of(capsys, *words):
    assert cli.main([*words, "--json", "--no-verify"]) == 0
    return json.loads(capsys.readouterr().out)


def test_one_sum(capsys):
    data = data_of(capsys, "C[i,k] = 2*A[i,j]*B[j,k] - D[i,k]")
    assert "subscripts" not in data
    assert data["output"] == ["i", "k"]
    assert [(one["label"], one["role"]) for one in data["indices"]] == [("i", "free"), ("j", "summed"), ("k", "free")]
    (statement,) = data["statements"]
    assert (statement["result"], statement["adds"]) == ("C", False)
    terms = [(term["coefficient"], term["subscripts"], term["operands"]) for term in statement["terms"]]
    assert terms == [(2, "ij,jk->ik", ["A", "B"]), (-1, "ik->ik", ["D"])]


def test_several_statements(capsys):
    data = data_of(capsys, "T[i] = x[i] + z[i]; T[i] += z[i]; y[i] = T[i] * T[i]")
    assert not {"subscripts", "output", "indices"} & set(data)
    assert [operand["name"] for operand in data["operands"]] == ["x", "z"]
    assert [one["result"] for one in data["statements"]] == ["T", "y"]


def test_an_einsum_has_what_it_had(capsys):
    data = data_of(capsys, "ij->i")
    assert data["subscripts"] == "ij->i"
    assert "statements" not in data
    assert all("flags" in index for index in data["indices"])
