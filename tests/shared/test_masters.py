"""Which master keys are known: as the environment gave them, or as a file has them by now."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.masters import Given, InFile, Master, Masters
from shared.sealing import Unopenable, place
from shared.settings import Settings, SettingsError
from shared.spelling import spell

OLD, NEW = b"o" * 32, b"n" * 32
HERE = place("a-test")


def keep(path: Path, *lines: str | bytes, mode: int = 0o600) -> Path:
    """Writes the file as an operator does who replaces it whole."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text("".join(f"{spell(line) if isinstance(line, bytes) else line}\n" for line in lines))
    unfinished.chmod(mode)
    unfinished.rename(path)
    return path


@pytest.fixture(params=["given", "in a file"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Masters:
    """A new master key that wraps, and an old one that is known."""
    return Given([NEW, OLD]) if request.param == "given" else InFile(keep(tmp_path / "keys", NEW, OLD))


def test_the_first_wraps_and_each_opens_what_it_wrapped(both: Masters) -> None:
    assert both.wrapping().id == Master(NEW).id
    for secret in (OLD, NEW):
        wrapped = Master(secret).wrap(b"a key", HERE)
        known = both.named(Master(secret).id)
        assert known is not None
        assert known.unwrap(wrapped, HERE) == b"a key"
    with pytest.raises(Unopenable):
        both.wrapping().unwrap(Master(OLD).wrap(b"a key", HERE), HERE)
    assert both.named(Master(b"x" * 32).id) is None


def test_a_master_key_shows_its_name_and_never_itself(both: Masters) -> None:
    master = both.wrapping()
    assert len(master.id) == 16
    assert spell(NEW) not in f"{master!r} {both!r} {vars(both)}"
    assert repr(NEW) not in f"{master!r} {both!r} {vars(both)}"


def test_who_runs_already_knows_what_is_written_into_the_file_later(tmp_path: Path) -> None:
    known = InFile(keep(tmp_path / "keys", OLD))
    assert known.named(Master(NEW).id) is None
    keep(tmp_path / "keys", "# since the autumn", NEW, "", OLD)
    assert known.named(Master(NEW).id) is not None
    assert known.wrapping().id == Master(NEW).id
    assert known.named(Master(OLD).id) is not None


def test_a_file_that_is_broken_meanwhile_takes_nothing_away(tmp_path: Path) -> None:
    known = InFile(keep(tmp_path / "keys", OLD))
    for lines, mode in ((("no key",), 0o600), ((NEW,), 0o640), ((), 0o600)):
        keep(tmp_path / "keys", *lines, mode=mode)
        assert known.wrapping().id == Master(OLD).id
    (tmp_path / "keys").unlink()
    assert known.wrapping().id == Master(OLD).id
    keep(tmp_path / "keys", NEW)
    assert known.wrapping().id == Master(NEW).id


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = keep(tmp_path / "keys", OLD, mode=mode)
    with pytest.raises(
        SettingsError, match=r"^CAIRN_MASTER_KEY_FILE must be a file of master keys.*mode 600"
    ):
        Settings.read({"CAIRN_MASTER_KEY_FILE": str(path)})


@pytest.mark.parametrize("lines", [(), ("",), ("# nothing yet",), (OLD, "no key"), (b"short",)])
def test_a_file_that_holds_no_keys_or_more_than_keys_is_refused(
    tmp_path: Path, lines: tuple[str | bytes, ...]
) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.read({"CAIRN_MASTER_KEY_FILE": str(keep(tmp_path / "keys", *lines))})
    assert str(refused.value).startswith("CAIRN_MASTER_KEY_FILE must be")
    assert "no key" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(SettingsError, match=r"^CAIRN_MASTER_KEY_FILE must be"):
            Settings.read({"CAIRN_MASTER_KEY_FILE": str(path)})


def test_the_file_holds_where_there_is_one(tmp_path: Path) -> None:
    given = {"CAIRN_MASTER_KEY": spell(OLD), "CAIRN_MASTER_KEYS_KNOWN": spell(b"x" * 32)}
    assert Settings.read(given).require("master_keys").wrapping().id == Master(OLD).id
    file = {"CAIRN_MASTER_KEY_FILE": str(keep(tmp_path / "keys", NEW))}
    known = Settings.read(given | file).require("master_keys")
    assert known.wrapping().id == Master(NEW).id
    assert known.named(Master(OLD).id) is None


def test_without_any_the_first_is_asked_for() -> None:
    with pytest.raises(SettingsError, match=r"^CAIRN_MASTER_KEY is not set"):
        Settings.read({"CAIRN_MASTER_KEYS_KNOWN": spell(OLD)}).require("master_keys")
