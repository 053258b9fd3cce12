"""The second story as a tab: what stands in its cards, and the shapes that a reader says before they are shown."""

import json

import pytest

import einloop

from .axe import axe_source
from .reading import body, page_of


def page_with_story(show, expression, lang="en", fragment="#view=stages", how=None, **context):
    return show(einloop.trace(expression, **(how or {})).show("html", lang), fragment, **context)


def test_every_stage_is_a_card_with_its_shape_values_and_line(show):
    page = page_with_story(show, "ij,jk->ik")
    data = json.loads(einloop.trace("ij,jk->ik").show("json"))["story"]
    stages = [stage for step in data["steps"] for stage in step["stages"]]
    cards = page.locator(".card")
    assert cards.count() == len(stages) == 6
    for number, stage in enumerate(stages):
        text = cards.nth(number).inner_text()
        assert "×".join(map(str, stage["shape"])) in text
        assert (stage["code"] or "") in text
        rows = cards.nth(number).locator("[role=gridcell]").all_inner_texts()
        assert set(rows) <= set(stage["values"])
        assert len(rows) == len(stage["values"])
    assert "line up A" in cards.nth(2).inner_text()
    assert "sum over j" in cards.nth(5).inner_text()


def test_values_that_are_not_computed_are_dots_and_it_is_said_why(show):
    said = "A dot stands for a value that is not computed, as where arrays have many elements."
    page = page_with_story(show, "ij,jk->ik", how={"shapes": [(20, 20), (20, 20)]})
    assert set(page.locator(".stages [role=gridcell]").all_inner_texts()) == {"·"}
    assert page.locator(".stages .note").first.inner_text() == said
    for sizes in ([(2, 3), (3, 2)], [(2, 0), (0, 3)]):
        page = page_with_story(show, "ij,jk->ik", how={"shapes": sizes})
        assert said not in page.locator(".stages").inner_text()


def test_a_path_has_a_heading_for_each_of_its_steps(show):
    page = page_with_story(show, "ij,jk,kl->il", how={"path": "optimal"})
    assert page.locator(".stages h2").all_inner_texts() == [
        "Step 1 of 2: T1[i,k] = Σj A[i,j] · B[j,k]",
        "Step 2 of 2: D[i,l] = Σk C[k,l] · T1[i,k]",
    ]


def test_tabs_are_opened_by_clicks_and_keys_and_by_a_link(show):
    page = page_with_story(show, "ij,jk->ik", fragment="#step=3")
    assert page.locator(".controls").is_visible()
    page.get_by_role("tab", name="Stage by stage").click()
    assert not page.locator(".controls").is_visible()
    page.wait_for_function("() => location.hash === '#step=3&view=stages&lang=en'")
    page.keyboard.press("ArrowLeft")
    assert page.locator(".controls").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Step by step"
    assert page.locator("[role=tab][tabindex='0']").count() == 1
    page = page_with_story(show, "ij,jk->ik")
    assert page.locator(".card").first.is_visible()
    page.keyboard.press("ArrowRight")
    page.get_by_role("tab", name="Step by step").click()
    assert page.locator(".number input").input_value() == "1"


def test_shapes_are_hidden_until_they_are_answered(show):
    page = page_with_story(show, "ij,jk->ik", how={"shapes": [(2, 3), (3, 7)]})
    page.get_by_role("button", name="Predict the shapes").click()
    shown = page.locator(".trace").inner_text()
    assert not any(text in shown for text in ("2×1×3", "1×7×3", "2×7×3", "2×7", "42 elements"))
    for answer, said in (("(2, 1, 3)", "Right: (2, 1, 3)"), ("7 3", "It is (1, 7, 3)"), ("2x7x3", "Right: (2, 7, 3)")):
        page.keyboard.type(answer)
        page.keyboard.press("Enter")
        assert page.locator(".card .verdict:visible", has_text=said).count() == 1
    assert page.locator(".tally:visible").inner_text() == "2 of 3 right"
    assert page.evaluate("document.activeElement.closest('.card').querySelector('h3').textContent") == "6 sum over j"
    page.get_by_role("button", name="Predict the shapes").click()
    assert "2×7" in page.locator(".trace").inner_text()


def test_while_a_step_is_asked_for_the_stages_give_nothing_away(show):
    page = page_with_story(show, "ij,jk->ik", fragment="#step=9")
    page.get_by_label("Predict").select_option("value")
    assert page.get_by_role("tab", name="Stage by stage").is_disabled()
    assert "128" not in page.locator(".trace").inner_text()


def test_a_trace_without_a_story_has_no_tabs(show):
    data = json.loads(einloop.trace("ij,jk->ik").show("json"))
    del data["story"]
    page = show(page_of(data))
    assert page.locator("[role=tab]").count() == 0
    assert page.locator(".controls").is_visible()


def test_hostile_texts_in_a_story_are_text(show):
    bad = "<img src=x onerror='document.title=1'></script>"
    data = json.loads(einloop.trace("ij,jk->ik").show("json"))
    for stage in data["story"]["steps"][0]["stages"]:
        stage.update(name=bad, of=bad, code=bad, about=[bad], dtype=bad, why=[[bad, {"x": bad}]])
        stage["values"] = [bad] * len(stage["values"])
    page = show(page_of(data), "#view=stages")
    assert page.locator("img").count() == 0
    assert bad in body(page)


@pytest.mark.usefixtures("browser")
def test_the_stages_fit_a_phone_and_axe_finds_nothing(show):
    source = axe_source()
    for lang, theme in (("en", "dark"), ("ja", "light")):
        page = page_with_story(
            show, "bhqd,bhkd->bhqk", lang, viewport={"width": 375, "height": 812}, color_scheme=theme
        )
        assert page.evaluate("document.documentElement.scrollWidth") == 375
        if theme == "light":
            page.locator(".quiz button").click()
        page.evaluate(source)
        assert page.evaluate("async () => (await axe.run()).violations.map(v => [v.id, v.nodes[0].html])") == []
