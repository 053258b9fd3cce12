"""A folder of artefacts: whole or not there, no more bytes than it may hold, those used last stay."""

import errno
import os
import time

import pytest

from einloop.runners import place, shelf
from einloop.runners.shelf import Shelf
from einloop.runners.store import key_of

LIMIT = 10_000
SIZE = 1000
"""Bytes of an artefact with its trailer."""
KEYS = [key_of([str(number)]) for number in range(40)]


SHELVES = {}
"""The shelf that this process has for a folder."""


def put(folder, key, limit=LIMIT, size=SIZE):
    if str(folder) not in SHELVES:
        SHELVES[str(folder)] = Shelf(str(folder))
    SHELVES[str(folder)].put(key, shelf.SHARED, bytes(size - shelf.TRAILER_BYTES), limit)


def used(folder, key, when):
    """Let an artefact be one that was used last so many seconds ago."""
    then = time.time() - when
    os.utime(folder / f"{key}.so", (then, then))


def there(folder):
    """Return which of KEYS are in a folder."""
    return [number for number, key in enumerate(KEYS) if (folder / f"{key}.so").exists()]


def found(folder, key):
    """Return what an artefact holds, and give its descriptor back."""
    one = shelf.find(str(folder), key, shelf.SHARED)
    if one is None:
        return None
    os.close(one.file)
    return one.content


class TestLimit:
    """There are never more bytes than the limit says."""

    def test_those_not_used_for_longest_go(self, tmp_path):
        for number, key in enumerate(KEYS[:9]):
            put(tmp_path, key)
            used(tmp_path, key, 1000 - number)
        assert found(tmp_path, KEYS[0]) is not None  # it is used now
        put(tmp_path, KEYS[9])
        assert there(tmp_path) == list(range(10))
        put(tmp_path, KEYS[10])
        assert there(tmp_path) == [0, *range(3, 11)]
        for key in KEYS[11:]:
            put(tmp_path, key)
            assert sum(file.size for file in shelf.listed(str(tmp_path))) <= LIMIT
        assert KEYS[-1] in {os.path.basename(file.path)[:64] for file in shelf.listed(str(tmp_path))}

    def test_what_others_wrote_counts(self, tmp_path):
        put(tmp_path, KEYS[0])
        other = Shelf(str(tmp_path))  # another process has one of its own
        for key in KEYS[1:10]:
            other.put(key, shelf.SHARED, bytes(SIZE - shelf.TRAILER_BYTES), LIMIT)
        put(tmp_path, KEYS[10])
        assert sum(file.size for file in shelf.listed(str(tmp_path))) <= LIMIT

    def test_a_folder_is_not_looked_at_each_time(self, tmp_path, monkeypatch):
        looked = []
        real = shelf.listed
        monkeypatch.setattr(shelf, "listed", lambda folder: looked.append(folder) or real(folder))
        for key in KEYS[:30]:
            put(tmp_path, key, limit=1_000_000)
        assert len(looked) == 1

    def test_one_that_is_too_large(self, tmp_path):
        put(tmp_path, KEYS[0])
        for limit in (0, SIZE - 1):
            with pytest.raises(OSError, match="it may hold") as caught:
                put(tmp_path, KEYS[1], limit=limit)
            assert caught.value.errno == errno.EFBIG
        assert there(tmp_path) == [0]
        put(tmp_path, KEYS[1], limit=SIZE)
        assert there(tmp_path) == [1]

    def test_what_cannot_be_removed(self, tmp_path, monkeypatch):
        for key in KEYS[:10]:
            put(tmp_path, key)

        def refused(path):
            raise PermissionError(errno.EPERM, "no", path)

        with monkeypatch.context() as patch:
            patch.setattr(os, "unlink", refused)
            for _ in range(2):
                with pytest.raises(OSError, match="nothing can be removed"):
                    put(tmp_path, KEYS[10])
        put(tmp_path, KEYS[10])
        assert 10 in there(tmp_path)

    def test_another_process_removes_at_the_same_time(self, tmp_path, monkeypatch):
        for key in KEYS[:10]:
            put(tmp_path, key)
        real = os.unlink

        def quicker(path):
            real(path)
            raise FileNotFoundError(errno.ENOENT, "gone", path)

        monkeypatch.setattr(os, "unlink", quicker)
        put(tmp_path, KEYS[10])
        assert 10 in there(tmp_path)

    def test_only_artefacts_go(self, tmp_path):
        names = ("mine.so", f"{KEYS[0]}.so.txt", "notes", f"{place.MINE.format(os.getpid())}a1b2c3_4.tmp")
        for name in names:
            (tmp_path / name).write_bytes(bytes(SIZE))
        (tmp_path / f"{KEYS[1]}.so").symlink_to(tmp_path / "notes")
        for key in KEYS[2:]:
            put(tmp_path, key)
        assert all((tmp_path / name).exists() for name in (*names, f"{KEYS[1]}.so"))


@pytest.mark.skipif(os.name != "posix", reason="nothing is swept where processes cannot be looked for")
def test_what_a_dead_process_did_not_finish_goes(tmp_path):
    left, young = (tmp_path / f"{place.MINE.format(999_999_999)}a1b2c3_{n}.tmp" for n in (1, 2))
    for path in (left, young):
        path.write_bytes(b"half")
    then = time.time() - place.MIN_LEFT_SECONDS - 60
    os.utime(left, (then, then))
    put(tmp_path, KEYS[0])
    assert (left.exists(), young.exists()) == (False, True)


def test_an_interruption_leaves_nothing(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        put(tmp_path, KEYS[0])
    assert list(tmp_path.iterdir()) == []


def test_what_is_found_is_closed_where_it_is_not_whole(tmp_path):
    put(tmp_path, KEYS[0])
    path = tmp_path / f"{KEYS[0]}.so"
    path.write_bytes(path.read_bytes()[:-1])
    before = os.dup(0)
    os.close(before)
    assert found(tmp_path, KEYS[0]) is None
    after = os.dup(0)
    os.close(after)
    assert before == after


def test_one_that_was_blown_up_is_not_read(tmp_path):
    put(tmp_path, KEYS[0])
    os.truncate(tmp_path / f"{KEYS[0]}.so", 20 << 30)
    assert found(tmp_path, KEYS[0]) is None
