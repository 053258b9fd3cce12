"""Artefacts on disk: found again, checked, rebuilt, never in part, in folders that can be trusted only."""

import ctypes
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from einloop.cli import main
from einloop.core.errors import RunError
from einloop.runners import place, shelf, store
from einloop.runners.compiler import SHARED, build, find_compiler, need_compiler

KEY = store.key_of(["text"])
CONTENT = b"\x7fELF what was compiled"
needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="no C compiler")
needs_modes = pytest.mark.skipif(os.name != "posix", reason="no owners and modes of files here")


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A folder of this test's own, not made yet, and no temporary one."""
    monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("EINLOOP_CACHE_LIMIT", raising=False)
    tidied()
    return tmp_path / "cache"


def tidied():
    """Leave this process without a folder of its own."""
    there = place.made_folder()
    if there is not None:
        place.remove(there)


def made(content=CONTENT):
    """Return what builds, and a list with an entry for each time it did."""
    calls = []
    return (lambda: calls.append(1) or content), calls


def read(path):
    """Return what a file holds before its trailer: what a loader would see."""
    with open(path, "rb") as file:
        return file.read()[: -shelf.TRAILER_BYTES]


def artefact(build, key=KEY, open_path=read):
    """Return the artefact of a key, and what was loaded."""
    loaded, found = store.artefact(key, build, open_path)
    return found, loaded


def test_built_once_then_found(folder):
    build, calls = made()
    first, second = artefact(build), artefact(build)
    assert first == (store.Artefact(reused=False), CONTENT)
    assert second == (store.Artefact(reused=True), CONTENT)
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
        lambda content: content[: -shelf.TRAILER_BYTES],
        lambda content: content[: -shelf.TRAILER_BYTES] + shelf.trailer(CONTENT, store.key_of(["another"])),
        lambda content: os.urandom(len(content)),
    ],
)
def test_what_is_not_as_it_was_made_is_made_again(folder, damage):
    build, calls = made()
    path = folder / f"{KEY}.so"
    artefact(build)
    path.write_bytes(damage(path.read_bytes()))
    assert not artefact(build)[0].reused
    assert len(calls) == 2
    assert artefact(build)[0].reused


def test_a_file_of_another_key_is_not_taken(folder):
    other = store.key_of(["other"])
    artefact(made()[0], other)
    os.rename(folder / f"{other}.so", folder / f"{KEY}.so")
    assert not artefact(made()[0])[0].reused


def test_a_failure_leaves_nothing(folder):
    def fails():
        raise RunError("EL632", "refused")

    with pytest.raises(RunError):
        artefact(fails)
    assert os.listdir(folder) == []
    assert artefact(made()[0])[1] == CONTENT


def test_a_full_disk_leaves_nothing_and_falls_back(folder, monkeypatch):
    real = os.replace

    def full(source, target):
        if str(folder) in str(target):
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    build, calls = made()
    found, loaded = artefact(build)
    assert found.trouble == f"{folder} cannot be written: No space left on device"
    assert loaded == CONTENT
    assert os.listdir(folder) == []
    assert artefact(build)[0].reused
    assert len(calls) == 1


def test_no_room_anywhere_is_an_error(folder, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RunError, match=r"what was compiled can be kept and loaded nowhere: .*No space") as caught:
        artefact(made()[0])
    assert caught.value.id == "EL636"


class TestLoading:
    """What is loaded is what was checked."""

    def test_a_file_that_is_swapped_after_it_was_checked(self, folder):
        artefact(made()[0])

        def swapped(path):
            (folder / "other").write_bytes(b"another file of quite another length" * 9)
            os.replace(folder / "other", folder / f"{KEY}.so")
            return read(path)

        if os.path.isdir(store.DESCRIPTORS):
            assert artefact(made(b"built anew")[0], open_path=swapped) == (store.Artefact(reused=True), CONTENT)

    @pytest.mark.parametrize("way", [store.DESCRIPTORS, "/nowhere"])
    @needs_compiler
    def test_two_with_the_same_descriptor_are_two(self, folder, monkeypatch, way):
        monkeypatch.setattr(store, "DESCRIPTORS", way)
        results = []
        for number in range(40, 44):
            text = f"int f(void)\n{{\n    return {number};\n}}\n"
            library, _ = store.artefact(
                store.key_of([text]), lambda text=text: build(need_compiler(), text, SHARED), ctypes.CDLL
            )
            results.append(library.f())
        assert results == [40, 41, 42, 43]

    def test_descriptors_are_given_back(self, folder):
        def fails(path):
            raise OSError("not today")

        before = os.dup(0)
        os.close(before)
        artefact(made()[0])
        with pytest.raises(RunError, match="nothing can be loaded from there: not today"):
            artefact(made()[0], open_path=fails)
        after = os.dup(0)
        os.close(after)
        assert before == after


@needs_modes
class TestTrust:
    """Which folders and files are not used."""

    def test_a_folder_that_others_may_write(self, folder):
        folder.mkdir()
        folder.chmod(0o777)
        assert artefact(made()[0])[0].trouble == f"{folder} may be written by others"
        assert os.listdir(folder) == []

    def test_a_folder_of_somebody_else(self, folder):
        if os.getuid():
            pytest.skip("only the superuser gives files away")
        folder.mkdir()
        os.chown(folder, 12345, 12345)
        assert artefact(made()[0])[0].trouble == f"{folder} belongs to somebody else"

    def test_a_folder_above_that_others_may_write(self, folder):
        folder.parent.chmod(0o770)
        build, calls = made()
        assert artefact(build)[0].trouble == f"{folder.parent} may be written by others"
        assert artefact(build)[0] == store.Artefact(reused=True, trouble=f"{folder.parent} may be written by others")
        assert len(calls) == 1
        assert store.recall(KEY, store.NUMBA) is None
        assert store.keep(KEY, store.NUMBA, b"bytes") == f"{folder.parent} may be written by others"
        folder.parent.chmod(0o1777)
        assert artefact(build)[0].trouble is None

    @pytest.mark.parametrize("forge", ["mode", "owner", "both", "link"])
    def test_a_file_that_is_whole_but_not_ours(self, folder, forge):
        if forge in ("owner", "both") and os.getuid():
            pytest.skip("only the superuser gives files away")
        evil = b"evil"
        artefact(made()[0])
        path = folder / f"{KEY}.so"
        path.unlink()
        target = folder / "elsewhere" if forge == "link" else path
        target.write_bytes(evil + shelf.trailer(evil, KEY))
        target.chmod(0o666 if forge in ("mode", "both") else 0o600)
        if forge in ("owner", "both"):
            os.chown(path, 12345, 12345)
        if forge == "link":
            path.symlink_to(target)
        assert artefact(made()[0]) == (store.Artefact(reused=False), CONTENT)
        assert artefact(made()[0]) == (store.Artefact(reused=True), CONTENT)
        assert not path.is_symlink()
        assert (path.stat().st_uid, stat.S_IMODE(path.stat().st_mode)) == (os.getuid(), 0o600)

    def test_one_that_cannot_be_made(self, monkeypatch, tmp_path):
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("EINLOOP_CACHE_DIR", str(tmp_path / "file" / "cache"))
        tidied()
        build, calls = made()
        for _ in range(2):
            found, loaded = artefact(build)
            assert "cannot be made" in found.trouble
            assert loaded == CONTENT
        assert (found.reused, len(calls)) == (True, 1)

    def test_one_that_may_only_be_read(self, folder, monkeypatch):
        folder.mkdir(mode=0o700)
        real = shelf.tempfile.mkstemp

        def refused(*arguments, **keywords):
            if keywords.get("dir") == str(folder):
                raise PermissionError(13, "Permission denied")
            return real(*arguments, **keywords)

        monkeypatch.setattr(shelf.tempfile, "mkstemp", refused)
        assert artefact(made()[0])[0].trouble == f"{folder} cannot be written: Permission denied"

    @pytest.mark.parametrize(
        ("variable", "value", "trouble"),
        [
            ("EINLOOP_CACHE_LIMIT", "lots", "EINLOOP_CACHE_LIMIT is 'lots', which is not a number of bytes"),
            ("EINLOOP_CACHE_LIMIT", "0", "{folder} cannot be written: it may hold 0 bytes, and this takes 102"),
            ("EINLOOP_CACHE_LIMIT", "101", "{folder} cannot be written: it may hold 101 bytes, and this takes 102"),
            ("EINLOOP_CACHE_LIMIT", "102", None),
        ],
    )
    def test_limits(self, folder, monkeypatch, variable, value, trouble):
        monkeypatch.setenv(variable, value)
        assert artefact(made()[0])[0].trouble == (trouble and trouble.format(folder=folder))


def test_threads_that_want_the_same_build_it_once(folder):
    build, calls = made()
    together = threading.Barrier(8)

    def want(_):
        together.wait()
        return artefact(build)[1]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(want, range(8))) == {CONTENT}
    assert len(calls) == 1
    assert len(store._locks) == 0


class TestCommand:
    """einloop cache."""

    def test_it_shows(self, folder, capsys):
        assert main(["cache"]) == 0
        assert capsys.readouterr().out == f"0 compiled functions, 0 B of at most 256.0 MiB, in {folder}\n"
        assert not folder.exists()
        artefact(made(bytes(2000))[0])
        assert main(["cache"]) == 0
        assert capsys.readouterr().out == f"1 compiled function, 2.0 KiB of at most 256.0 MiB, in {folder}\n"
        assert main(["cache", "--json"]) == 0
        size = 2000 + shelf.TRAILER_BYTES
        assert capsys.readouterr().out == (
            f'{{"folder": "{folder}", "files": 1, "bytes": {size}, "cleared": false, "limit": 268435456, '
            '"troubles": []}\n'
        )

    def test_it_shows_the_limit(self, folder, capsys, monkeypatch):
        monkeypatch.setenv("EINLOOP_CACHE_LIMIT", "5 M")
        assert main(["cache"]) == 0
        assert capsys.readouterr().out == f"0 compiled functions, 0 B of at most 5.0 MiB, in {folder}\n"
        monkeypatch.setenv("EINLOOP_CACHE_LIMIT", "some")
        assert main(["cache"]) == 2
        assert capsys.readouterr().err == (
            "error EL478: EINLOOP_CACHE_LIMIT is 'some', which is not a number of bytes\n"
            "hint: write 100000000, or 500M, or 2G\n"
        )
        assert main(["cache", "--clear"]) == 0

    @needs_modes
    def test_it_says_what_is_not_used(self, folder, capsys):
        artefact(made(bytes(2000))[0])
        path = folder / f"{KEY}.so"
        path.chmod(0o666)
        assert main(["cache"]) == 0
        shown = f"0 compiled functions, 0 B of at most 256.0 MiB, in {folder}\n"
        file = f"{path} is not used: it may be written by others"
        assert capsys.readouterr().out == shown + f"{file}.\n"
        folder.chmod(0o777)
        assert main(["cache"]) == 0
        where = f"othing there is used: {folder} may be written by others"
        assert capsys.readouterr().out == shown + f"N{where}.\n{file}.\n"
        assert main(["cache", "--json"]) == 0
        assert f'"troubles": ["n{where}", "{file}"]' in capsys.readouterr().out
        assert main(["cache", "--clear"]) == 0
        assert os.listdir(folder) == []

    @needs_modes
    def test_it_says_that_of_a_folder_that_is_not_made_yet(self, folder, capsys):
        folder.parent.chmod(0o777)
        assert main(["cache"]) == 0
        assert capsys.readouterr().out.endswith(f"\nNothing there is used: {folder.parent} may be written by others.\n")
        folder.parent.chmod(0o1777)
        assert main(["cache"]) == 0
        assert "used" not in capsys.readouterr().out

    def test_a_file_that_is_renamed_meanwhile_is_no_trouble(self, folder, monkeypatch):
        artefact(made(bytes(2000))[0])
        listed = shelf.listed(str(folder))
        artefact(made(bytes(2000))[0], store.key_of(["other"]))
        gone = shelf.File(path=str(folder / "einloop-1.tmp"), known=listed[0].known)
        monkeypatch.setattr(store, "listed", lambda _: [*listed, gone])
        assert store.clear().files == 1

    def test_it_removes_what_is_ours_only(self, folder, capsys):
        artefact(made(bytes(2000))[0])
        (folder / "einloop-x1y2.tmp").write_bytes(b"")
        for name in ("mine.so", f"{KEY}.so.txt", "notes"):
            (folder / name).write_text("keep")
        (folder / ("0" * 64 + ".so")).symlink_to(folder / "notes")
        assert main(["cache", "--clear"]) == 0
        assert capsys.readouterr().out == f"2 compiled functions, 2.0 KiB, removed from {folder}\n"
        assert sorted(os.listdir(folder)) == sorted(["mine.so", f"{KEY}.so.txt", "notes", "0" * 64 + ".so"])

    def test_what_cannot_be_removed_is_said(self, folder, capsys, monkeypatch):
        artefact(made()[0])

        def refused(path):
            raise PermissionError(13, "Permission denied", path)

        monkeypatch.setattr(os, "unlink", refused)
        assert main(["cache", "--clear"]) == 2
        assert "error EL412" in capsys.readouterr().err
