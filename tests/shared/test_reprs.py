"""What is shown of a value of ours, in a traceback or a test, holds no key, no password and no token."""

import dataclasses
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import infra
import services
import shared
from infra.local.home import Secrets

SECRET = re.compile(
    r"(master|token|seal|auth|index)_(keys?|token)|(access|secret)_key|passwords?|tokens?|environment"
)


def ours() -> Iterator[type]:
    """Every dataclass that we have, but for those of rules, which are given no secret."""
    for package in (services, shared, infra):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if re.search(r"\.(versions|rules)\.", found.name) or found.name.endswith((".env", "__main__")):
                continue
            for value in vars(import_module(found.name)).values():
                if isinstance(value, type) and dataclasses.is_dataclass(value):
                    yield value


def test_no_dataclass_shows_a_secret() -> None:
    found = set(ours())
    assert Secrets in found
    shown = {
        f"{kind.__module__}.{kind.__name__}.{field.name}"
        for kind in found
        if kind.__dict__["__dataclass_params__"].repr
        for field in dataclasses.fields(kind)
        if field.repr and SECRET.fullmatch(field.name)
    }
    assert shown == set()


def test_the_secrets_of_an_installation_show_themselves_to_nobody() -> None:
    secrets = Secrets(b"m" * 32, b"t" * 32, b"s" * 32, {"postgres": "hidden"})
    assert repr(secrets) == "Secrets()"
