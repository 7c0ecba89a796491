"""Every YAML file of ours is written as .yamllint says."""

from __future__ import annotations

import subprocess

from yamllint import linter  # type: ignore[import-untyped]
from yamllint.config import YamlLintConfig  # type: ignore[import-untyped]

from tests.infra.composed import ROOT


def test_every_yaml_file_is_written_in_one_way() -> None:
    rules = YamlLintConfig((ROOT / ".yamllint").read_text())
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.yaml", "*.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = tracked.stdout.splitlines()
    assert "docker-compose.yml" in files
    wrong = [
        f"{name}:{trouble.line}: {trouble.desc}"
        for name in files
        for trouble in linter.run((ROOT / name).read_text(), rules, name)
    ]
    assert wrong == []
