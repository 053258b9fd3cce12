"""Options and settings of the whole test run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
"""What a long run or a slow machine may trip over without anything being wrong."""

settings.register_profile(
    "default", deadline=None, database=None, print_blob=False, suppress_health_check=SLOW, max_examples=100
)
settings.register_profile(
    "fuzz", settings.get_profile("default"), max_examples=int(os.environ.get("EINLOOP_FUZZ", "100"))
)
settings.load_profile("fuzz" if "EINLOOP_FUZZ" in os.environ else "default")


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
