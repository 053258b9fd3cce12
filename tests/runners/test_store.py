"""Artefacts on disk: found again, checked, rebuilt, never in part, in folders that can be trusted only."""

import os
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from einloop.cli import main
from einloop.core.errors import RunError
from einloop.runners import store

KEY = store.key_of(["text"])
CONTENT = b"\x7fELF what was compiled"


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A folder of this test's own, not made yet."""
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(store, "_apart", {})
    return tmp_path / "cache"


def made(content=CONTENT):
    """Return what builds, and a list with an entry for each time it did."""
    calls = []
    return (lambda: calls.append(1) or content), calls


def test_built_once_then_found(folder):
    build, calls = made()
    first, second = store.artefact(KEY, build), store.artefact(KEY, build)
    assert (first.reused, second.reused, first.path) == (False, True, second.path)
    assert len(calls) == 1
    assert (folder / f"{KEY}.so").read_bytes().startswith(CONTENT)
    assert os.listdir(folder) == [f"{KEY}.so"]
    if os.name == "posix":
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[:10],
        lambda content: content + b"\n",
        lambda content: b"?" + content[1:],
        lambda content: content[: -store.TRAILER],
        lambda content: content[: -store.TRAILER] + store._trailer(CONTENT, store.key_of(["another"])),
        lambda content: os.urandom(len(content)),
    ],
)
def test_what_is_not_as_it_was_made_is_made_again(folder, damage):
    build, calls = made()
    path = folder / f"{KEY}.so"
    store.artefact(KEY, build)
    path.write_bytes(damage(path.read_bytes()))
    assert not store.artefact(KEY, build).reused
    assert len(calls) == 2
    assert store.artefact(KEY, build).reused


def test_a_file_of_another_key_is_not_taken(folder):
    other = store.key_of(["other"])
    store.artefact(other, made()[0])
    os.rename(folder / f"{other}.so", folder / f"{KEY}.so")
    assert not store.artefact(KEY, made()[0]).reused


def test_a_failure_leaves_nothing(folder):
    def fails():
        raise RunError("EL632", "refused")

    with pytest.raises(RunError):
        store.artefact(KEY, fails)
    assert os.listdir(folder) == []
    assert store.artefact(KEY, made()[0]).path == str(folder / f"{KEY}.so")


def test_a_full_disk_leaves_nothing_and_falls_back(folder, monkeypatch):
    real = os.replace

    def full(source, target):
        if str(folder) in str(target):
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    build, calls = made()
    found = store.artefact(KEY, build)
    assert found.trouble == f"{folder} cannot be written: No space left on device"
    assert not found.path.startswith(str(folder))
    assert os.listdir(folder) == []
    assert store.artefact(KEY, build).reused
    assert len(calls) == 1


def test_no_room_anywhere_is_an_error(folder, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RunError, match="there is no place for what was compiled") as caught:
        store.artefact(KEY, made()[0])
    assert caught.value.id == "EL636"


@pytest.mark.skipif(os.name != "posix", reason="no owners and modes of files here")
class TestFolder:
    """Which folder it is, and when it is not used."""

    def test_one_that_others_may_write(self, folder):
        folder.mkdir()
        folder.chmod(0o777)
        found = store.artefact(KEY, made()[0])
        assert found.trouble == f"{folder} may be written by others"
        assert os.listdir(folder) == []

    def test_one_of_somebody_else(self, folder, monkeypatch):
        monkeypatch.setattr(os, "getuid", lambda: 12345)
        assert store.artefact(KEY, made()[0]).trouble == f"{folder} belongs to somebody else"

    def test_one_that_cannot_be_made(self, monkeypatch, tmp_path):
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "file" / "cache"))
        build, calls = made()
        for _ in range(2):
            found = store.artefact(KEY, build)
            assert "cannot be made" in found.trouble
        assert (found.reused, len(calls)) == (True, 1)

    def test_one_that_may_only_be_read(self, folder, monkeypatch):
        folder.mkdir(mode=0o700)
        real = store.tempfile.mkstemp

        def refused(*arguments, **keywords):
            if keywords.get("dir") == str(folder):
                raise PermissionError(13, "Permission denied")
            return real(*arguments, **keywords)

        monkeypatch.setattr(store.tempfile, "mkstemp", refused)
        assert store.artefact(KEY, made()[0]).trouble == f"{folder} cannot be written: Permission denied"

    def test_where_it_is(self, monkeypatch):
        monkeypatch.delenv("EINLOOP_CACHE_DIR")
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setenv("HOME", "/home/me")
        monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
        assert store.cache_folder() == "/caches/einloop"
        monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
        assert store.cache_folder() == "/home/me/.cache/einloop"
        monkeypatch.delenv("XDG_CACHE_HOME")
        assert store.cache_folder() == "/home/me/.cache/einloop"
        monkeypatch.setattr(sys, "platform", "darwin")
        assert store.cache_folder() == "/home/me/Library/Caches/einloop"


def test_threads_that_want_the_same_build_it_once(folder):
    build, calls = made()
    together = threading.Barrier(8)

    def want(_):
        together.wait()
        return store.artefact(KEY, build).path

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(want, range(8))) == {str(folder / f"{KEY}.so")}
    assert len(calls) == 1


class TestCommand:
    """einloop cache."""

    def test_it_shows(self, folder, capsys):
        assert main(["cache"]) == 0
        assert capsys.readouterr().out == f"0 compiled functions, 0 B, in {folder}\n"
        assert not folder.exists()
        store.artefact(KEY, made(bytes(2000))[0])
        assert main(["cache"]) == 0
        assert capsys.readouterr().out == f"1 compiled function, 2.0 KiB, in {folder}\n"
        assert main(["cache", "--json"]) == 0
        size = 2000 + store.TRAILER
        shown = f'{{"folder": "{folder}", "files": 1, "bytes": {size}, "cleared": false}}\n'
        assert capsys.readouterr().out == shown

    def test_a_file_that_is_renamed_meanwhile_is_no_trouble(self, folder, monkeypatch):
        store.artefact(KEY, made(bytes(2000))[0])
        monkeypatch.setattr(store, "_files", lambda _: [str(folder / f"{KEY}.so"), str(folder / "einloop-1.tmp")])
        assert store.stored().files == 1

    def test_it_removes_what_is_ours_only(self, folder, capsys):
        store.artefact(KEY, made(bytes(2000))[0])
        (folder / "einloop-x1y2.tmp").write_bytes(bytes(5))
        for name in ("mine.so", f"{KEY}.so.txt", "notes"):
            (folder / name).write_text("keep")
        (folder / ("0" * 64 + ".so")).symlink_to(folder / "notes")
        assert main(["cache", "--clear"]) == 0
        assert capsys.readouterr().out == f"2 compiled functions, 2.0 KiB, removed from {folder}\n"
        assert sorted(os.listdir(folder)) == sorted(["mine.so", f"{KEY}.so.txt", "notes", "0" * 64 + ".so"])

    def test_what_cannot_be_removed_is_said(self, folder, capsys, monkeypatch):
        store.artefact(KEY, made()[0])

        def refused(path):
            raise PermissionError(13, "Permission denied", path)

        monkeypatch.setattr(os, "unlink", refused)
        assert main(["cache", "--clear"]) == 2
        assert "error EL412" in capsys.readouterr().err
