"""Whatever is typed is text: no markup, no script, no error on the console, on any path to the screen."""

import os
import random

import pytest

from .visiting import field, settle, shapes_field, toggle

MARKUP = [
    "<img src=x onerror='document.title=1'>", "<script>document.title=1</script>", "{{ 7 * 7 }}", "&lt;img src=x&gt;",
    "</textarea></pre><b onclick=alert(1)>x</b>", "\"><svg onload=document.title=1>", "javascript:document.title=1",
    "<!--", "]]>", "<math><mi xlink:href='javascript:1'>x</mi></math>", "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>1</script>'>",
]  # fmt: skip
ODD = [
    "\u202eij,jk->ik",
    "\u0000",
    "i\u0301j->i",
    "😀,i->i",
    "あい,い->あ",
    "ij,jk\u2028->ik",
    "\ufeffij->i",
    "ﬁ,i->i",
    "\t\t\n\n",
    "Σ_j A[i,j]",
]
PLAIN = [
    "ij,jk->ik", "np.einsum('ij,jk->ik', A, B)", "y_i = \\sum_j A_{ij} x_j", "for i in range(n):\n    y[i] += A[i,i]",
    "A @ B.T", "...i,i->...", "b h q d, b h k d -> b h q k", "for(int i=0;i<n;i++) y[i]+=A[i*m];",
]  # fmt: skip
LONG = ["i" * 30_000, "i," * 500, "(" * 500, "x = " + "+".join(["A[i]"] * 300), "<b>" * 3000, "A" * 5000 + "->"]
SHAPES = ["", "2x3 3x4", "i=2", "A=", "<b>", "2x", "999999x999999", "0x3 3x0", "x" * 3000, "1e9", "-1x2", MARKUP[0]]
ALPHABET = "ijkab,->. ()[]{}<>\"'\\=+*@\n\tZΣ_012あ😀\u200b&"
TEXTS = 40 * int(os.environ.get("EINLOOP_FUZZ", "20")) // 20
FOREIGN = """() => [...document.querySelectorAll("body *")].filter(node => {
  const { tagName: tag, attributes: all } = node;
  return ["IMG", "IFRAME", "OBJECT", "EMBED", "LINK", "STYLE"].includes(tag)
    || tag === "FORM" && !node.matches(".adding, .trace form") || tag === "A" && !node.matches(".skip")
    || tag === "SCRIPT" && !node.matches("body > script")
    || [...all].some(({ name, value }) => /^on/i.test(name) || name === "href" && /^\\s*javascript:/i.test(value))
  }).map(node => node.outerHTML.slice(0, 200))"""


def text(chance):
    kind = chance.random()
    if kind < 0.3:
        return chance.choice(MARKUP) + chance.choice(["", *PLAIN])
    if kind < 0.6:
        letters = list(chance.choice(PLAIN))
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(letters) + 1)
            if chance.random() < 0.4 and place < len(letters):
                del letters[place]
            else:
                letters.insert(place, chance.choice(ALPHABET))
        return "".join(letters)
    if kind < 0.8:
        return chance.choice(ODD + LONG)
    return "".join(chance.choice(ALPHABET) for _ in range(chance.randint(0, 40)))


@pytest.mark.parametrize("seed", range(2))
def test_a_fuzz_of_texts_gives_answers_or_reasons(seed, visit):
    chance = random.Random(seed)
    page = visit(
        '#panels=meaning,tests,compare,loops,same,picture,trace,why&text=ij,jk->ik&tests=[{"shapes":"2x3 3x4"}]'
    )
    for number in range(TEXTS // 2):
        typed = text(chance)
        field(page).fill(typed)
        if chance.random() < 0.3:
            shapes_field(page).fill(chance.choice(SHAPES))
        if chance.random() < 0.5:
            settle(page)
            good = not page.locator("#fault").text_content() and not page.locator(".question [data-wrong]").count()
            assert good or page.locator("#fault, .question").first.is_visible(), (number, typed)
    settle(page)
    assert page.evaluate(FOREIGN) == []
    assert "einloop" in page.title()


@pytest.mark.parametrize("typed", MARKUP)
def test_markup_is_shown_as_it_was_typed_wherever_a_text_goes(typed, visit):
    page = visit("#panels=meaning,tests,compare,loops,same,picture,trace,why&text=ij,jk->ik")
    field(page).fill(typed)
    settle(page)
    field(page).press("Control+Enter")
    shapes_field(page).fill(typed)
    panel = page.locator(".view-compare textarea")
    panel.fill(typed)
    field(page).fill("ij,jk->ik")
    settle(page)
    shapes_field(page).fill("")
    settle(page)
    for name in ("Order", "Passes", "Path"):
        page.locator(".view-loops details").evaluate("node => { node.open = true }")
        page.get_by_label(name, exact=True).fill(typed)
        settle(page)
        page.get_by_label(name, exact=True).fill("")
    for name in ("Shapes", "Values", "Result"):
        page.locator(".adding").get_by_label(name).fill(typed)
    page.locator(".adding button").click()
    settle(page)
    assert typed in page.locator(".view-tests li code").first.text_content()
    page.get_by_role("button", name="日本語").click()
    settle(page)
    page.locator("header .past").click()
    assert page.evaluate(FOREIGN) == []
    assert page.title().endswith("einloop")


HTML = (
    "<p onclick='x()' class='a' style='color:red'>k<script>bad()</script><img src=x onerror=y><b>c</b>"
    "<a href='javascript:z'>d</a></p><svg onload='x()'><style>*{}</style><rect x='1' onclick='q'/>"
    "<foreignObject><p>f</p></foreignObject><use href='#a'/></svg><math><mi class='i0'>x</mi>"
    "<annotation-xml encoding='text/html'><p>g</p></annotation-xml></math><template><p>h</p></template>"
)


def test_markup_of_templates_is_copied_element_by_element(visit):
    page = visit(bypass_csp=True)
    found = page.evaluate(
        "html => { const box = document.createElement('div'); box.append(adopt(html)); return box.innerHTML }", HTML
    )
    assert found == ('<p class="a">k<b>c</b></p><svg><rect x="1"></rect></svg><math><mi class="i0">x</mi></math>')


def test_the_policy_lets_nothing_else_run(visit):
    page = visit()
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert page.locator("[style*='javascript'], [onclick], [onload], [onerror]").count() == 0


def test_a_file_of_a_hostile_name_is_text(visit, tmp_path):
    page = visit()
    page.evaluate(
        """() => { const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(9)], "<img src=x onerror='document.title=1'>.npy"));
        const how = { dataTransfer: carried, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new DragEvent("drop", how)) }"""
    )
    page.wait_for_function("() => document.querySelector('#fault').textContent.includes('<img')")
    assert page.evaluate(FOREIGN) == []


def test_closing_everything_leaves_the_question_and_the_buttons(visit):
    page = visit()
    for name in ("meaning", "loops", "same", "picture", "trace"):
        toggle(page, name)
    assert page.locator(".view:not([hidden])").count() == 0
    toggle(page, "loops")
    assert "for i in range(I)" in page.locator(".view-loops").inner_text()
