"""The folder of an installation: whose it is, and what it keeps."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.found import found_here
from infra.local.home import Home
from infra.local.trouble import LocalError
from shared.settings import SettingsError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_its_owner_may_open_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    with home.locked():
        made = home.secrets()
        home.write("up.json", {"a": 1})
    assert mode(home.path) == 0o700
    assert (
        mode(home.path / "secrets.json") == mode(home.path / "up.json") == mode(home.path / "lock") == 0o600
    )
    assert [len(key) for key in (made.master_key, made.token_key, made.seal_key)] == [32] * 3
    assert len({made.master_key, made.token_key, made.seal_key}) == 3
    assert len(set(made.passwords.values())) == len(made.passwords)


def test_an_open_folder_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with Home(tmp_path).locked():
        assert mode(tmp_path) == 0o700


def test_secrets_are_made_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.secrets() == home.secrets() == home.known_secrets()


def test_a_home_from_before_there_were_seals_gets_a_key_for_them_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    made = home.secrets()
    kept = home.read("secrets.json")
    del kept["seal_key"]
    home.write("secrets.json", kept)
    grown = home.secrets()
    assert (grown.master_key, grown.token_key, grown.passwords) == (
        made.master_key,
        made.token_key,
        made.passwords,
    )
    assert home.secrets() == grown


def test_lost_secrets_are_not_replaced_while_there_is_data(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    with pytest.raises(LocalError, match="put it back from a backup"):
        Home(tmp_path).secrets()
    assert not (tmp_path / "secrets.json").exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"master_key": "short"}', "{", '{"passwords": 3}'])
def test_spoilt_secrets_are_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "secrets.json").write_text(content)
    with pytest.raises(LocalError) as trouble:
        Home(tmp_path).known_secrets()
    assert "\n" not in str(trouble.value)
    assert str(tmp_path) in str(trouble.value)


def test_a_second_start_in_one_home_is_refused(tmp_path: Path) -> None:
    with Home(tmp_path).locked():
        assert Home(tmp_path).is_running()
        with pytest.raises(LocalError, match="already runs in"), Home(tmp_path).locked():
            pass
    assert not Home(tmp_path).is_running()


def test_the_lock_of_a_killed_process_is_open(tmp_path: Path) -> None:
    code = (
        "import sys, os; from pathlib import Path; from infra.local.home import Home\n"
        "with Home(Path(sys.argv[1])).locked(): os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False).returncode == -9
    with Home(tmp_path).locked():
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SettingsError, match="CAIRN_HOME must be a folder"), Home(tmp_path / "home").locked():
        pass


def test_other_commands_find_what_runs_and_only_what_runs(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert found_here(home) == {}
    home.secrets()
    there = {
        "databases": {"goals": "postgresql://g", "vault": "v", "reminders": "r", "reminders_vault": "rv"},
        "broker": "redis://b", "goals": "http://g", "reminders": "http://r",
    }  # fmt: skip
    with home.locked():
        home.write("up.json", there)
        found = found_here(home)
    assert found["CAIRN_GOALS_DATABASE_URL"] == "postgresql://g"
    assert found["CAIRN_BROKER_URL"] == "redis://b"
    assert json.loads((tmp_path / "secrets.json").read_text())["token_key"] == found["CAIRN_TOKEN_KEY"]
    assert set(found_here(home)) == {"CAIRN_MASTER_KEY", "CAIRN_TOKEN_KEY", "CAIRN_SEAL_KEY"}
