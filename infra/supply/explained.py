"""What an audit finds and we let stand, each with its reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "explained.toml"


@dataclass(frozen=True)
class Explained:
    """By bandit's number, and by an advisory's id: why it stands."""

    code: dict[str, str]
    packages: dict[str, str]


def explained(file: Path = FILE) -> Explained:
    """What the file says. Raises ValueError for one without a reason: that would explain nothing."""
    found = tomllib.loads(file.read_text())
    bare = [name for part in ("code", "packages") for name, why in found[part].items() if not why.strip()]
    if bare:
        raise ValueError(f"{file.name} gives no reason for {', '.join(bare)}")
    return Explained(found["code"], found["packages"])
