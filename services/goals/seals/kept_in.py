"""Which place the settings name for seals."""

# ruff: noqa: PLC0415  who has a folder loads nothing of a bucket's

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from services.goals.seals.folder import Folder
from services.goals.seals.place import Place
from shared.settings import Settings

if TYPE_CHECKING:
    from services.goals.seals.bucket import Bucketed

AMAZON = "https://s3.{region}.amazonaws.com"
"""Where a bucket is when nothing else is said."""


def place_of(settings: Settings) -> Place:
    """The folder or the bucket. Raises SettingsError where the keys to a bucket are missing."""
    if isinstance(settings.seals_place, Path):
        return Folder(settings.seals_place)
    from services.goals.seals.bucket import Bucket

    return Bucket(bucketed(settings))


def bucketed(settings: Settings) -> Bucketed:
    """The bucket that they name. Raises SettingsError where the keys to it are missing."""
    from services.goals.seals.bucket import Bucketed

    access_key, secret_key = settings.require("seals_access_key", "seals_secret_key")
    bucket, _, prefix = str(settings.seals_place).removeprefix("s3://").partition("/")
    endpoint = settings.seals_endpoint or AMAZON.format(region=settings.seals_region)
    return Bucketed(bucket, prefix, endpoint, settings.seals_region, access_key, secret_key)
