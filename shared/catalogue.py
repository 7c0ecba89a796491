"""How a gettext catalogue is read: as its translators wrote it, without a compiled file beside it."""

from __future__ import annotations

from gettext import GNUTranslations
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compiled(language: str, source: bytes) -> tuple[Catalog, GNUTranslations]:
    """The messages of a `.po` file, and the translations that they come to."""
    catalog = read_po(BytesIO(source), locale=language)
    into = BytesIO()
    write_mo(into, catalog)
    return catalog, GNUTranslations(BytesIO(into.getvalue()))
