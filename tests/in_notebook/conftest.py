from collections.abc import Iterator

import pytest

from in_notebook.shell import end


@pytest.fixture(scope="session", autouse=True)
def _shell_ends() -> Iterator[None]:
    """End the shell that tests share."""
    yield
    end()
