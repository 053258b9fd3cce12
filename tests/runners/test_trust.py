"""Owners and modes: a file or folder that somebody else could have written, or swapped, is not used."""

import os

import pytest

from einloop.runners import trust
from einloop.runners.trust import distrusted_folder, open_checked

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no owners and modes of files here")
SOMEBODY = 12345


def give_away(path):
    """Make a file, folder or link somebody else's, where that can be done."""
    if os.getuid():
        pytest.skip("only the superuser gives files away")
    os.chown(path, SOMEBODY, SOMEBODY, follow_symlinks=False)


@pytest.fixture
def place(tmp_path):
    """Two folders inside each other, of this user alone."""
    folder = tmp_path / "above" / "cache"
    folder.mkdir(parents=True)
    for path in (folder, folder.parent):
        path.chmod(0o700)
    return folder


class TestFolder:
    """The folder, all above it, and all links that lead to it."""

    @pytest.mark.parametrize(
        ("mode", "above", "trouble"),
        [
            (0o700, 0o700, None),
            (0o755, 0o755, None),
            (0o777, 0o700, "{folder} may be written by others"),
            (0o720, 0o700, "{folder} may be written by others"),
            (0o1777, 0o700, "{folder} may be written by others"),
            (0o700, 0o777, "{folder.parent} may be written by others"),
            (0o700, 0o770, "{folder.parent} may be written by others"),
            (0o700, 0o1777, None),
            (0o700, 0o1770, None),
        ],
    )
    def test_modes(self, place, mode, above, trouble):
        place.chmod(mode)
        place.parent.chmod(above)
        assert distrusted_folder(str(place)) == (trouble and trouble.format(folder=place))

    @pytest.mark.parametrize("above", [0o700, 0o1777])
    @pytest.mark.parametrize("level", [0, 1])
    def test_of_somebody_else(self, place, level, above):
        theirs = [place, place.parent][level]
        place.parent.chmod(above)
        give_away(theirs)
        assert distrusted_folder(str(place)) == f"{theirs} belongs to somebody else"

    def test_of_the_superuser_who_may_do_everything_anyway(self, place, monkeypatch):
        if os.getuid():
            pytest.skip("this is somebody else")
        monkeypatch.setattr(os, "getuid", lambda: SOMEBODY)
        assert distrusted_folder(str(place)) is None

    def test_links_are_looked_at_where_they_lie(self, place, tmp_path):
        open_place = tmp_path / "open"
        open_place.mkdir()
        (open_place / "link").symlink_to(place)
        (tmp_path / "mine").symlink_to("open/link")
        assert distrusted_folder(str(tmp_path / "mine")) is None
        open_place.chmod(0o777)
        assert distrusted_folder(str(tmp_path / "mine")) == f"{open_place} may be written by others"
        open_place.chmod(0o1777)
        assert distrusted_folder(str(tmp_path / "mine")) is None
        give_away(open_place / "link")
        assert distrusted_folder(str(tmp_path / "mine")) == f"{open_place / 'link'} belongs to somebody else"

    def test_a_link_that_leads_back(self, place, tmp_path):
        (place / "up").symlink_to("..")
        assert distrusted_folder(f"{place}/up/cache/./up//cache") is None
        (tmp_path / "a").symlink_to("b")
        (tmp_path / "b").symlink_to("a")
        with pytest.raises(OSError, match="symbolic links"):
            distrusted_folder(str(tmp_path / "a"))

    def test_none(self, place):
        with pytest.raises(FileNotFoundError):
            distrusted_folder(str(place / "nothing"))
        (place / "file").write_text("")
        with pytest.raises(NotADirectoryError):
            distrusted_folder(str(place / "file"))


class TestFile:
    """A file is opened once, and what was opened is looked at."""

    @pytest.mark.parametrize("mode", [0o600, 0o644, 0o400, 0o755])
    def test_one_of_this_user(self, tmp_path, mode):
        path = tmp_path / "file"
        path.write_text("content")
        path.chmod(mode)
        file = open_checked(str(path))
        assert os.read(file, 10) == b"content"
        assert not os.get_inheritable(file)
        os.close(file)

    @pytest.mark.parametrize("mode", [0o666, 0o620, 0o602])
    def test_one_that_others_may_write(self, tmp_path, mode):
        path = tmp_path / "file"
        path.write_text("content")
        path.chmod(mode)
        with pytest.raises(PermissionError, match="may be written by others"):
            open_checked(str(path))

    def test_one_of_somebody_else(self, tmp_path):
        path = tmp_path / "file"
        path.write_text("content")
        give_away(path)
        with pytest.raises(PermissionError, match="belongs to somebody else"):
            open_checked(str(path))

    def test_what_is_no_file(self, tmp_path):
        (tmp_path / "file").write_text("content")
        (tmp_path / "link").symlink_to("file")
        (tmp_path / "folder").mkdir()
        os.mkfifo(tmp_path / "pipe")
        before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else None
        for name in ("link", "folder", "pipe", "nothing"):
            with pytest.raises(OSError, match=r"."):
                open_checked(str(tmp_path / name))
        assert before is None or len(os.listdir("/proc/self/fd")) == before


def test_where_files_have_no_owners_nothing_is_found_out(monkeypatch, tmp_path):
    monkeypatch.delattr(os, "getuid")
    monkeypatch.setattr(trust.os, "name", "nt")
    tmp_path.chmod(0o777)
    assert distrusted_folder(str(tmp_path)) is None
    with pytest.raises(FileNotFoundError):
        distrusted_folder(str(tmp_path / "nothing"))
