"""Options and settings of the whole test run."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
"""What a long run or a slow machine may trip over without anything being wrong."""

settings.register_profile(
    "default", deadline=None, database=None, print_blob=False, suppress_health_check=SLOW, max_examples=20
)
settings.register_profile(
    "fuzz", settings.get_profile("default"), max_examples=int(os.environ.get("EINLOOP_FUZZ", "20"))
)
settings.load_profile("fuzz" if "EINLOOP_FUZZ" in os.environ else "default")


EXHAUSTIVE: dict[str, int] = {
    # programs that people could have written, right and wrong
    "test_mutants.py::test_right_programs_are_not_called_wrong": 10,
    "test_mutants.py::test_wrong_programs_are_caught": 8,
    "test_mutants.py::test_every_mutant_that_is_not_equivalent_is_caught": 4,
    "test_mutants.py::test_every_mutant_that_is_called_equivalent_passes": 4,
    "test_mutants.py::test_loops_in_blocks_are_tried_past_one_block": 4,
    "proof/test_source.py": 3,
    "proof/test_infer.py": 4,
    "proof/test_given.py": 3,
    "analysis/test_slips.py::test_the_table_is_large_and_of_many_kinds": 0,
    # hostile programs, full disks, little memory, damaged caches
    "runners/test_hostile.py": 5,
    "runners/test_process.py": 3,
    "runners/test_threads.py": 3,
    "test_cli.py::test_streams_that_are_closed_or_full_give_no_traceback": 5,
    "test_cli.py::test_what_could_not_be_verified_ends_verify_with_3": 0,
    "test_hostile_arrays.py": 5,
    "test_foreign_templates.py": 4,
    "test_console.py": 3,
    "notation/test_bounds.py": 4,
    "test_no_room.py": 0,
    "test_unloading.py": 6,
    "test_forks.py": 2,
    "test_numba_store.py::test_the_next_process_finds_it_and_what_is_damaged_is_compiled_again": 0,
    # every dtype in every layout, kernels for every machine, compilers' warnings
    "schedule/test_pack.py": 16,
    "schedule/test_permute.py": 8,
    "schedule/test_compiled.py": 3,
    "test_c.py": 4,
    "test_compile.py": 5,
    "test_direct.py": 6,
    "test_format.py::test_a_wrapped_product_is_blacks": 0,
    "test_new_target.py": 2,
    "test_exported.py": 6,
    "test_extension.py": 4,
    "test_numba.py": 6,
    "test_semantics_compiled.py": 10,
    "test_sums.py::test_a_hundred_thousand_terms": 10,
    "test_determinism.py": 2,
    "analysis/test_why_analysis.py::test_the_first_nan_or_inf_is_that_of_np_einsum": 0,
    # bounds of time
    "notation/test_formula.py::test_long_formula_is_refused_in_time": 0,
    "analysis/test_diff_analysis.py::test_a_search_that_takes_too_long_is_given_up": 0,
    "analysis/test_path.py": 3,
    "test_outputs.py::test_descriptors_are_written_to": 5,
    "test_faces.py::test_a_type_checker_knows_the_keywords": 0,
    # other libraries' suites, benchmarks, a browser
    "test_other_suites.py": 0,
    "test_suite.py::test_the_suite_runs_to_its_end": 0,
    "test_bench.py": 3,
    "test_benchmarks.py": 0,
    "test_dropin.py::test_it_stands_in_for_every_einsum_without_calling_itself": 0,
    "analysis/test_dialects.py::test_claims_hold_in_the_library": 4,
    "analysis/test_dialects.py::test_promotion_in_jax": 0,
    "analysis/test_wrapping_elsewhere.py": 4,
    "test_equivalents.py": 4,
    "test_equivalents_dtypes.py": 4,
    "test_equivalents_texts.py": 4,
    "views/test_phone.py": 5,
    "trace_page/test_steps.py::test_every_state_is_that_of_a_run_through_all_steps": 3,
    "trace_page/test_looks.py::test_nothing_is_wider_than_a_phone": 3,
    "trace_page/test_looks.py::test_nothing_is_wider_than_other_screens": 3,
    "trace_page/test_looks.py::test_text_has_contrast": 3,
    "trace_page/test_looks.py::test_names_roles_and_headings": 3,
    "trace_page/test_looks.py::test_axe_finds_nothing": 4,
    "web/test_answer_fuzz.py::test_hostile_texts": 5,
    "web/test_packing.py::test_the_same_input_gives_the_same_bytes": 0,
    "web_page/test_address.py::test_a_state_is_reopened": 4,
    "web_page/test_hostile.py::test_markup_is_shown_as_it_was_typed_wherever_a_text_goes": 6,
    "web_page/test_looks.py::test_nothing_is_wider_than_the_screen": 3,
    "web_page/test_typing.py::test_every_row_of_the_cheatsheet_is_answered": 0,
}
"""Tests that the default command leaves out: a file, or a function or class in it, and how many of its
cases come to one that stays (0: none does). `pytest -m exhaustive` runs the others."""


def stays(number: int, every: int) -> bool:
    """Return whether the default command runs this case of those that a row of EXHAUSTIVE is about."""
    return every > 0 and number % every == 0


@pytest.hookimpl(tryfirst=True)  # before pytest looks at -m
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that EXHAUSTIVE is about."""
    seen: Counter[str] = Counter()
    for item in items:
        file, _, rest = item.nodeid.removeprefix("tests/").partition("::")
        names = rest.partition("[")[0].split("::")
        for row in (file, *("::".join([file, *names[: count + 1]]) for count in range(len(names)))):
            if row in EXHAUSTIVE:
                if not stays(seen[row], EXHAUSTIVE[row]):
                    item.add_marker(pytest.mark.exhaustive)
                seen[row] += 1


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch that rewrites golden files."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite tests/golden/; every case fails then, to be read"
    )


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests compile out of the user's folder, in one of the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EINLOOP_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setattr("einloop.pipeline.compile.numba.MAX_FUNCTIONS", 10_000)  # one process compiles for many tests
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a Chromium, one of the whole run, or skip the test that asks for it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium to open pages in")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: what lies between the numbers in memory differs from one process to the next."""
    return argname if isinstance(val, bytes) else None
