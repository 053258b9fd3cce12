"""Where things are put: the folder and its limit, and temporary folders, which do not outlive their process long."""

import os
import signal
import subprocess
import sys
import time

import pytest

import einloop
from einloop.core.errors import OptionError
from einloop.runners import place

DEAD = 999_999_999
"""A number that no process has."""


def child(code, **environment):
    """Return what a process of its own prints, and how it ended."""
    root = os.path.dirname(os.path.dirname(einloop.__file__))
    env = {**os.environ, "PYTHONPATH": root, **environment}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout.strip(), done.stderr


class TestCacheFolder:
    """Which folder it is."""

    def test_where_it_is(self, monkeypatch):
        monkeypatch.delenv("EINLOOP_CACHE_DIR")
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setenv("HOME", "/home/me")
        monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
        assert place.cache_folder() == "/caches/einloop"
        monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
        assert place.cache_folder() == "/home/me/.cache/einloop"
        monkeypatch.delenv("XDG_CACHE_HOME")
        assert place.cache_folder() == "/home/me/.cache/einloop"
        monkeypatch.setattr(sys, "platform", "darwin")
        assert place.cache_folder() == "/home/me/Library/Caches/einloop"

    def test_one_that_is_not_absolute_stays_where_it_was(self, monkeypatch, tmp_path):
        given = f"cache-of-{tmp_path.name}"
        monkeypatch.setenv("EINLOOP_CACHE_DIR", given)
        monkeypatch.chdir(tmp_path)
        assert place.cache_folder() == str(tmp_path / given)
        monkeypatch.chdir("/")
        assert place.cache_folder() == str(tmp_path / given)

    @pytest.mark.parametrize("home", ["", "not/absolute"])
    def test_no_home(self, monkeypatch, home):
        monkeypatch.delenv("EINLOOP_CACHE_DIR")
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        monkeypatch.setattr(os.path, "expanduser", lambda path: path.replace("~", home or "~"))
        with pytest.raises(OptionError, match="there is no home directory") as caught:
            place.cache_folder()
        assert caught.value.id == "EL483"

    @pytest.mark.skipif(os.name != "posix", reason="a working directory cannot be removed here")
    def test_no_working_directory(self, tmp_path):
        code = (
            "import os; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
            "from einloop.cli import main; main(['cache'])"
        )
        code = f"import os; os.chdir({str(tmp_path)!r}); {code}"
        assert child(code, EINLOOP_CACHE_DIR="mine")[2] == (
            "error EL483: EINLOOP_CACHE_DIR is 'mine', and there is no working directory that this could be in\n"
            "hint: give a path that begins with a slash\n"
        )
        assert child(code, EINLOOP_CACHE_DIR=str(tmp_path / "cache"))[1].endswith(f"in {tmp_path / 'cache'}")

    def test_it_and_those_above_are_made_for_this_user_alone(self, tmp_path):
        if os.name != "posix":
            pytest.skip("no modes of files here")
        before = os.umask(0)
        try:
            place.make_folder(str(tmp_path / "a" / "b" / "c"))
        finally:
            os.umask(before)
        assert [(tmp_path / path).stat().st_mode & 0o777 for path in ("a", "a/b", "a/b/c")] == [0o700] * 3
        (tmp_path / "file").write_text("")
        with pytest.raises(OSError, match="file"):
            place.make_folder(str(tmp_path / "file" / "c"))
        with pytest.raises(OSError, match="file"):
            place.make_folder(str(tmp_path / "file"))
        with pytest.raises(OSError, match="long"):
            place.make_folder("/x" * 3000)


class TestLimit:
    """How much the folder may hold."""

    @pytest.mark.parametrize(
        ("text", "size"),
        [("0", 0), ("1000", 1000), (" 12 K ", 12 << 10), ("3m", 3 << 20), ("2GiB", 2 << 30), ("1 TB", 1 << 40)],
    )
    def test_sizes(self, monkeypatch, text, size):
        monkeypatch.setenv("EINLOOP_CACHE_LIMIT", text)
        assert place.cache_limit() == size

    @pytest.mark.parametrize("text", ["lots", "-1", "1.5G", "K", "1 2", "٣", "9" * 40, "1e9", "1P"])
    def test_what_is_no_size(self, monkeypatch, text):
        monkeypatch.setenv("EINLOOP_CACHE_LIMIT", text)
        with pytest.raises(OptionError, match="which is not a number of bytes") as caught:
            place.cache_limit()
        assert caught.value.id == "EL478"

    @pytest.mark.parametrize("text", [None, ""])
    def test_nothing_said(self, monkeypatch, text):
        monkeypatch.delenv("EINLOOP_CACHE_LIMIT", raising=False)
        if text is not None:
            monkeypatch.setenv("EINLOOP_CACHE_LIMIT", text)
        assert place.cache_limit() == place.DEFAULT_LIMIT_BYTES


def name(process):
    """Return the name of a temporary folder of a process."""
    return f"{place.MINE.format(process)}a1b2c3_4"


def old(path):
    """Let a file or folder be old."""
    then = time.time() - place.MIN_LEFT_SECONDS - 60
    os.utime(path, (then, then), follow_symlinks=False)


@pytest.mark.skipif(os.name != "posix", reason="nothing is swept where processes cannot be looked for")
class TestSwept:
    """What a killed process left goes, and nothing else."""

    @pytest.mark.parametrize("code", ["held = place.temporary_folder()", "place.own_folder()"])
    def test_what_a_killed_process_left(self, tmp_path, code):
        code = f"from einloop.runners import place; import os, signal\n{code}\nos.kill(os.getpid(), signal.SIGKILL)"
        assert child(code, TMPDIR=str(tmp_path))[0] == -signal.SIGKILL
        (left,) = tmp_path.iterdir()
        (left / "text.c").write_text("")
        again = "from einloop.runners import place\nwith place.temporary_folder(): pass"
        assert child(again, TMPDIR=str(tmp_path)) == (0, "", "")
        assert left.exists()  # it may be of a process in another container, which cannot be seen from here
        old(left)
        assert child(again, TMPDIR=str(tmp_path)) == (0, "", "")
        assert list(tmp_path.iterdir()) == []

    def test_nothing_else(self, tmp_path):
        kept = [
            name(os.getpid()), name(os.getppid()), f"einloop-{DEAD}", f"einloop-process-{DEAD}-results",
            f"einloop-process-{DEAD}-a1b2c3d4-5", f"x{name(DEAD)}", name(10**12), "einloop",
        ]  # fmt: skip
        for one in kept:
            (tmp_path / one).mkdir()
            (tmp_path / one / "file").write_text("keep")
            old(tmp_path / one)
        (tmp_path / name(DEAD - 1)).write_text("a file")
        (tmp_path / name(DEAD - 2)).symlink_to("einloop")
        for number in (1, 2):
            old(tmp_path / name(DEAD - number))
        (tmp_path / name(DEAD)).mkdir()
        (tmp_path / name(DEAD) / "link").symlink_to(tmp_path / "einloop")
        old(tmp_path / name(DEAD))
        place._sweep_once.cache_clear()
        place._sweep_once(str(tmp_path))
        left = {*kept, name(DEAD - 1), name(DEAD - 2)}
        assert set(os.listdir(tmp_path)) == left
        assert all((tmp_path / one / "file").exists() for one in kept)

    def test_what_is_somebody_elses(self, tmp_path):
        if os.getuid():
            pytest.skip("only the superuser gives files away")
        path = tmp_path / name(DEAD)
        path.mkdir()
        old(path)
        os.chown(path, 12345, 12345)
        assert not place.left_behind(path.name, path.stat())
        os.chown(path, os.getuid(), os.getgid())
        assert place.left_behind(path.name, path.stat())

    def test_a_folder_of_this_process_that_was_tidied_away_is_made_again(self):
        first = place.own_folder()
        assert place.own_folder() == first
        place.remove(first)
        second = place.own_folder()
        assert second != first
        assert os.path.isdir(second)
