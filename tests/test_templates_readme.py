"""The worked example of templates/README.md, extracted from the page and run."""

import re
from pathlib import Path

import einloop

PAGE = (Path(__file__).parent.parent / "templates" / "README.md").read_text(encoding="utf-8")


def worked_example(folder: Path) -> str:
    """Write the files of the example into `folder` and return the output the page promises."""
    for name, text in re.findall(r"`DIR/([\w/.]+)`:\n\n```\w+\n(.*?)```\n", PAGE, re.DOTALL):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return re.search(r"prints\n\n```text\n(.*?)```", PAGE, re.DOTALL).group(1)


def test_the_worked_example_prints_what_the_page_says(tmp_path):
    promised = worked_example(tmp_path)
    generated = einloop.generate("ij,j->i", target="pseudo", templates=tmp_path)
    assert str(generated) == promised
    assert len(promised.splitlines()) == 7


def test_a_target_without_a_runner_is_not_verified(tmp_path):
    worked_example(tmp_path)
    found = einloop.verify("ij,j->i", target="pseudo", templates=tmp_path)
    assert not found
    assert str(found) == "not verified: target 'pseudo' has no runner, so its text cannot be run here"


def test_every_block_on_the_page_exists_and_the_other_way_round():
    row = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \| ", re.MULTILINE)
    table = PAGE[PAGE.index("| block |") : PAGE.index("A buffer has")]
    named = {name for cell in row.findall(table) for name in re.findall(r"`(\w+)`", cell)}
    from einloop.core import kernel, nest

    classes = [getattr(room, name) for room in (nest, kernel) for name in dir(room)]
    blocks = {c.block for c in classes if isinstance(getattr(c, "block", None), str)}
    assert named == blocks | {"loop", "loop_dots", "loop_product"}
