"""Whose folder it is, and what FRESH=1 may delete."""

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from coopproject.embedded.datafolder import DataFolder, write_private
from coopproject.embedded.processes import StartError


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[DataFolder]:
    with closing(DataFolder(tmp_path / "data", used_for="http://first")) as folder:
        yield folder


def test_a_folder_that_cannot_be_made_or_written_is_refused_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match=r"^The folder .*/file/data cannot be written \(Not a directory\): choose"):
        DataFolder(tmp_path / "file" / "data", used_for="a test")


def test_a_folder_that_holds_something_else_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("mine")
    with pytest.raises(StartError, match="holds other things than a demo"):
        DataFolder(tmp_path, used_for="a test")
    assert os.listdir(tmp_path) == ["thesis.odt"]


def test_a_folder_in_use_is_refused_and_the_user_is_named(folder: DataFolder) -> None:
    with pytest.raises(StartError, match=rf"another demo \(process {os.getpid()}, http://first\)"):
        DataFolder(folder.path, used_for="http://second")


def test_emptying_deletes_what_the_demo_wrote_and_nothing_else(folder: DataFolder, tmp_path: Path) -> None:
    folder.secrets()
    for name in ("postgres", "valkey"):
        folder[name].mkdir()
        (folder[name] / "file").write_text("ours")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("theirs")
    folder["media"].rmdir()
    folder["media"].symlink_to(outside)
    folder["notes.txt"].write_text("theirs")
    folder.empty()
    assert sorted(path.name for path in folder.path.iterdir()) == [
        ".coopproject", "lock", "logs", "mail", "media", "notes.txt", "run", "static",
    ]  # fmt: skip
    assert (outside / "kept").read_text() == "theirs"
    assert not folder["media"].is_symlink()


def test_secrets_are_drawn_once_and_differ_and_only_the_owner_reads_them(folder: DataFolder) -> None:
    drawn = folder.secrets()
    assert drawn == folder.secrets()
    assert len(set(drawn.values())) == 3
    assert min(map(len, drawn.values())) >= 50
    assert stat.S_IMODE(folder["secrets.json"].stat().st_mode) == 0o600


def test_a_secret_that_an_older_demo_did_not_know_is_added_to_those_kept(folder: DataFolder) -> None:
    write_private(folder["secrets.json"], '{"SECRET_KEY": "old", "TOKEN_PEPPER": "older"}')
    drawn = folder.secrets()
    assert (drawn["SECRET_KEY"], drawn["TOKEN_PEPPER"], len(drawn["RECEIPT_SIGNING_KEY"])) == ("old", "older", 64)
    assert drawn == folder.secrets()


def test_a_private_file_is_closed_even_when_an_open_draft_of_it_was_left(tmp_path: Path) -> None:
    (tmp_path / "tokens.new").write_text("old")
    (tmp_path / "tokens.new").chmod(0o644)
    write_private(tmp_path / "tokens", "new")
    assert (tmp_path / "tokens").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "tokens").stat().st_mode) == 0o600
