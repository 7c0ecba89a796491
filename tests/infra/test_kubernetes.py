"""infra/kubernetes: it runs what Compose runs, may do no more, and a cluster knows every field of it."""

from __future__ import annotations

import re
import tomllib
from inspect import signature
from pathlib import Path
from typing import Any

import jsonschema_rs
import kubernetes_validate  # type: ignore[import-untyped]
import promql_parser
import pytest
import yaml

from infra.compose.prepare import ADMIN
from infra.local.logins import LOGINS
from services.goals.app import THREADS as ANSWERING
from services.reminders.commands import THREADS
from shared.database import engine
from shared.settings import VARIABLES
from tests.infra.composed import FILE, ROOT, SERVICES, user, variables
from tests.infra.manifested import (
    EXAMPLES,
    FOLDER,
    Manifest,
    container,
    environment,
    manifests,
    named,
    pods,
    read_from,
    rendered,
    sources,
)

OLDEST = "1.34"
"""The version of Kubernetes that docs/operations/kubernetes.md asks for."""
OTHERS = {"ScaledObject", "PodMonitor"}
"""Kinds that KEDA and the operator of Prometheus bring."""
OURS = {name for name in SERVICES if "build" in SERVICES[name]}
SETTINGS = {variable for variable, _ in VARIABLES.values()}
BY_FILE_OR_HOME = {"CAIRN_HOME", "CAIRN_MASTER_KEY_FILE"}
"""Settings of a machine that somebody sits at; a container is given its keys by the environment."""
NO_SETTINGS = {ADMIN, "VALKEY_PASSWORD", *(f"{role.upper()}_PASSWORD" for role in LOGINS)}
PAGE = (ROOT / "docs/operations/scale.md").read_text()
OVERFLOW = signature(engine).parameters["max_overflow"].default
ENDING = {"reminders-migrate", "goals-migrate", "prepare"}


def test_a_cluster_knows_every_field() -> None:
    for one in manifests():
        if one["kind"] not in OTHERS:
            kubernetes_validate.validate(one, OLDEST, strict=True)


def test_a_field_that_is_misspelt_would_be_found() -> None:
    deployment = named("Deployment")["goals"]
    wrong = deployment | {"spec": deployment["spec"] | {"replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, OLDEST, strict=True)


def test_keda_knows_every_field_of_what_is_its_own() -> None:
    schema = yaml.safe_load((ROOT / "tests/infra/keda.yaml").read_text())
    for one in manifests("ScaledObject"):
        jsonschema_rs.validate(schema, one)


def test_each_process_is_asked_for_its_figures_as_a_job_of_its_own_name() -> None:
    (asked,) = manifests("PodMonitor")
    assert selected(asked["spec"]["selector"]) == OURS - ENDING
    assert [one["port"] for one in asked["spec"]["podMetricsEndpoints"]] == ["http"]
    assert asked["spec"]["jobLabel"] == "app.kubernetes.io/name"


def test_every_file_is_applied_by_one_step_and_secrets_by_none() -> None:
    listed = [
        (file.parent / name).resolve()
        for file in FOLDER.rglob("kustomization.yaml")
        for part in ("resources", "patches")
        for name in (
            one["path"] if isinstance(one, dict) else one
            for one in yaml.safe_load(file.read_text()).get(part, [])
        )
        if name.endswith(".yaml")
    ]
    files = {file for file in FOLDER.rglob("*.yaml") if file.name != "kustomization.yaml"}
    assert sorted(listed) == sorted(files - {FOLDER / "secrets.example.yaml"})


def test_the_overlay_of_the_page_is_rendered_with_its_own_registry_and_addresses(tmp_path: Path) -> None:
    page = (ROOT / "docs/operations/kubernetes.md").read_text()
    overlay = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert overlay
    (tmp_path / "cairn").symlink_to(ROOT)
    here = tmp_path / "deploy" / "run"
    here.mkdir(parents=True)
    (here / "kustomization.yaml").write_text(overlay[1])
    images = {
        container(one["spec"]["template"])["image"]
        for one in rendered(here)
        if "template" in one.get("spec", {})
    }
    assert {image.partition("/")[0] for image in images} == {"registry.example.org", "valkey"}
    data = {name: one for one in rendered(here) if one["kind"] == "ConfigMap" for name in one["data"].items()}
    assert ("CAIRN_REMINDERS_PUBLIC_URL", "https://reminders.clinic.example") in data


def test_the_same_processes_run_as_on_compose() -> None:
    assert set(pods()) == OURS | {"valkey"}
    assert {one["metadata"]["namespace"] for one in manifests() if one["kind"] != "Namespace"} == {"cairn"}


@pytest.mark.parametrize("name", sorted(OURS | {"valkey"}))
def test_a_process_has_the_command_the_environment_and_the_user_that_compose_gives_it(name: str) -> None:
    # That Compose's start is shown by test_compose.py: what is given the same starts as well.
    pod, service = pods()[name], SERVICES[name]
    here = container(pod)
    assert here["args"] == [word.replace("$$", "$") for word in service["command"]]
    assert "command" not in here
    assert environment(pod) == set(service["environment"])
    assert here.get("workingDir", "/") == service.get("working_dir", "/")
    context = pod["spec"]["securityContext"]
    assert f"{context['runAsUser']}:{context['runAsGroup']}" == service.get("user", user())


@pytest.mark.parametrize("name", sorted(OURS | {"valkey"}))
def test_an_image_is_composes_by_the_version_of_this_project(name: str) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    image, theirs = container(pods()[name])["image"], SERVICES[name]["image"]
    assert image == re.sub(r"\$\{CAIRN_VERSION:-local\}", version, theirs)


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_process_is_asked_where_compose_asks_it(name: str) -> None:
    service, here = SERVICES[name], container(pods()[name])
    if "healthcheck" not in service:
        assert name in ENDING
        return
    port = re.search(r"127\.0\.0\.1:(\d+)/readyz", service["healthcheck"]["test"][-1])
    assert port
    assert here["ports"] == [{"name": "http", "containerPort": int(port[1])}]
    asked = {kind: here[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
    assert {kind: one["port"] for kind, one in asked.items()} == dict.fromkeys(asked, "http")
    assert [one["path"] for one in asked.values()] == ["/healthz", "/healthz", "/readyz"]


@pytest.mark.parametrize("name", sorted(OURS | {"valkey"}))
def test_a_process_may_do_no_more_than_it_must(name: str) -> None:
    pod = pods()[name]["spec"]
    here = container(pods()[name])
    assert not pod["automountServiceAccountToken"]
    assert not pod["enableServiceLinks"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert here["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert here["resources"]["requests"].keys() == {"cpu", "memory"}
    assert "memory" in here["resources"]["limits"]
    written = {one["name"] for one in here["volumeMounts"] if not one.get("readOnly")}
    assert written == {"tmp"} | ({"seals"} if name == "seal" else set())


@pytest.mark.parametrize("name", sorted(OURS - ENDING))
def test_a_process_has_the_time_to_end_that_compose_gives_it(name: str) -> None:
    grace = pods()[name]["spec"]["terminationGracePeriodSeconds"]
    assert f"{grace}s" == SERVICES[name]["stop_grace_period"]


def test_whoever_is_one_of_several_is_never_taken_with_all_of_its_kind() -> None:
    several = {name for name, one in named("Deployment").items() if one["spec"].get("replicas", 2) > 1}
    budgets = named("PodDisruptionBudget")
    assert set(budgets) == several
    assert {one["spec"]["maxUnavailable"] for one in budgets.values()} == {1}
    spread = {
        name: one["spec"]["template"]["spec"]["topologySpreadConstraints"]
        for name, one in named("Deployment").items()
    }
    assert all(len(one) == 2 for one in spread.values())


def test_what_a_process_reads_its_settings_from_is_there() -> None:
    there = sources()
    wanted = {one for pod in pods().values() for one in read_from(pod)}
    assert wanted == set(there)


def test_every_setting_of_the_code_is_given_to_somebody_and_no_other_is() -> None:
    given = set().union(*(environment(pod) for pod in pods().values()))
    assert given == (SETTINGS - BY_FILE_OR_HOME) | NO_SETTINGS
    composed = {name for service in SERVICES.values() for name in service.get("environment", {})}
    assert {name for name in composed if not name.startswith("POSTGRES_")} >= given


def test_a_secret_is_in_no_file_and_the_example_shows_how_each_looks() -> None:
    for one in EXAMPLES:
        assert [text for text in one["stringData"].values() if text and "…" not in text] == []
    assert not list(manifests("Secret"))
    public = {name for one in named("ConfigMap").values() for name in one["data"]}
    secret = {name for name in public if variables(FILE).get(name) == "?"}
    assert secret == set()
    assert not [name for name in public if re.search(r"_KEY|PASSWORD|TOKEN|SECRET|DATABASE", name)]


def test_each_is_told_no_secret_that_compose_keeps_from_it() -> None:
    knowing = {name: set(read_from(pod)) for name, pod in pods().items()}
    assert {name for name in knowing if ("secretRef", "cairn-admin") in knowing[name]} == {"prepare"}
    owners = {name for name in knowing if "owners" in str(knowing[name])}
    assert owners == {"goals-migrate", "reminders-migrate"}
    assert {name for name in knowing if ("secretRef", "cairn-vault") in knowing[name]} == {"goals", "erase"}


def test_nobody_talks_to_anybody_but_for_what_is_said() -> None:
    everybody = named("NetworkPolicy")["nobody"]["spec"]
    assert everybody["podSelector"] == {}
    assert everybody["policyTypes"] == ["Ingress", "Egress"]
    assert [one["ports"] for one in everybody["egress"]] == [
        [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]
    ]
    assert "ingress" not in everybody


def test_who_calls_whom_among_us_is_let_through_at_both_ends() -> None:
    inside = {"goals": {"follow", "sweep"}, "reminders": {"goals"}}
    inside["valkey"] = {"reminders", "work", "follow", "schedule", "sweep"}
    policies = [one["spec"] for one in manifests("NetworkPolicy")]
    for called, callers in inside.items():
        heard = [
            peer
            for one in policies
            if selected(one["podSelector"]) == {called}
            for peer in peers(one, "ingress")
        ]
        assert set().union(*heard) == callers
        said = [selected(one["podSelector"]) for one in policies if {called} in peers(one, "egress")]
        assert set().union(*said) == callers


def test_only_who_carries_messages_signs_in_or_keeps_seals_elsewhere_reaches_outside() -> None:
    reaching = {
        name: selected(one["spec"]["podSelector"])
        for name, one in named("NetworkPolicy").items()
        if "ipBlock" in str(one["spec"].get("egress")) and name != "databases"
    }
    assert reaching == {
        "providers": {"work", "reconcile"},
        "sign-in": {"goals"},
        "seals-bucket": {"goals", "seal"},
    }


def test_workers_are_scaled_by_the_ledger_within_what_postgresql_has_room_for() -> None:
    (scaled,) = manifests("ScaledObject")
    spec = scaled["spec"]
    target = named("Deployment")[spec["scaleTargetRef"]["name"]]
    assert "replicas" not in target["spec"]  # two would say how many there are
    assert 2 <= spec["minReplicaCount"] <= spec["fallback"]["replicas"] <= spec["maxReplicaCount"]
    (trigger,) = spec["triggers"]
    promql_parser.parse(trigger["metadata"]["query"])
    assert re.findall(r"cairn_\w+", trigger["metadata"]["query"]) == ["cairn_backlog"]


def test_the_page_counts_the_connections_that_each_process_may_take() -> None:
    told = connections()
    assert set(told) == OURS - ENDING
    assert told["goals"] == 2 * (ANSWERING + 2)
    assert told["reminders"] == 3 * THREADS
    assert told["work"] == 2 * (2 * THREADS + OVERFLOW)


def test_there_are_connections_enough_while_all_of_them_are_replaced() -> None:
    told = connections()
    (scaled,) = manifests("ScaledObject")
    most = {name: one["spec"].get("replicas") for name, one in named("Deployment").items() if name in told}
    most["work"] = scaled["spec"]["maxReplicaCount"]
    needed = sum(told[name] * (count + surge(name)) for name, count in most.items())
    assert f"`max_connections` of **{ceiling()}**" in PAGE
    assert needed <= ceiling() - 3  # those are kept for the superuser


def test_composes_postgresql_has_room_for_the_four_workers_of_its_page() -> None:
    (flag,) = [word for word in SERVICES["postgres"]["command"] if "max_connections" in word]
    assert sum(connections().values()) + 3 * connections()["work"] <= int(flag.partition("=")[2]) - 3


def connections() -> dict[str, int]:
    """How many connections one process of a kind may have, as docs/operations/scale.md says."""
    return {
        name: int(count) for name, count in re.findall(r"^\| `(\w+)` \|[^|]+\| (\d+) \|", PAGE, re.MULTILINE)
    }


def ceiling() -> int:
    """What PostgreSQL is to be given on Kubernetes."""
    found = re.search(r"`max_connections` of \*\*(\d+)\*\*", PAGE)
    assert found
    return int(found[1])


def surge(name: str) -> int:
    """How many more there are of it while it is replaced."""
    strategy = named("Deployment")[name]["spec"].get("strategy", {})
    return 0 if strategy.get("type") == "Recreate" else 1


def selected(selector: Manifest) -> set[str]:
    """Which pods a selector means."""
    return {name for name, pod in pods().items() if matches(selector, pod["metadata"]["labels"])}


def matches(selector: Manifest, labels: dict[str, str]) -> bool:
    """Whether labels are as a selector wants them."""
    wanted: dict[str, list[Any]] = {key: [value] for key, value in selector.get("matchLabels", {}).items()}
    wanted |= {one["key"]: one["values"] for one in selector.get("matchExpressions", [])}
    return all(labels.get(key) in values for key, values in wanted.items())


def peers(policy: Manifest, way: str) -> list[set[str]]:
    """The pods that a policy names at the other end, of this namespace."""
    end = "from" if way == "ingress" else "to"
    return [
        selected(peer["podSelector"])
        for one in policy.get(way, [])
        for peer in one[end]
        if "podSelector" in peer and "namespaceSelector" not in peer
    ]
