"""The words of each language, as its gettext catalogue has them."""

from __future__ import annotations

from pathlib import Path

from shared.catalogue import compiled

LANGUAGES = ("en", "es")
FALLBACK = "en"


class Catalogue:
    """A language's catalogue. A context names a place; its entries are variants of the same."""

    def __init__(self, language: str, source: bytes) -> None:
        catalog, self._translations = compiled(language, source)
        self.language = language
        self._variants: dict[str, list[str | tuple[str, str]]] = {}
        for message in catalog:
            if message.id and message.context:
                ids = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
                self._variants.setdefault(message.context, []).append(ids)

    @property
    def contexts(self) -> frozenset[str]:
        """The places that the catalogue has words for."""
        return frozenset(self._variants)

    def variants(self, context: str, count: int = 1) -> tuple[str, ...]:
        """The templates of a place, in the plural form of `count`; () where it has none."""
        return tuple(
            self._translations.pgettext(context, ids)
            if isinstance(ids, str)
            else self._translations.npgettext(context, *ids, count)
            for ids in self._variants.get(context, ())
        )

    def listed(self, context: str) -> tuple[str, ...]:
        """A list of words, written with commas."""
        return tuple(
            word.strip() for line in self.variants(context) for word in line.split(",") if word.strip()
        )


def language_of(*locales: str) -> str:
    """The language of the first of these BCP 47 locales that we speak, else English."""
    spoken = (locale.replace("_", "-").partition("-")[0].lower() for locale in locales)
    return next((language for language in spoken if language in LANGUAGES), FALLBACK)


def _read() -> dict[str, Catalogue]:
    # Read once, at import: the rules themselves reach no file.
    folder = Path(__file__).parent.parent / "catalogues"
    return {language: Catalogue(language, (folder / f"{language}.po").read_bytes()) for language in LANGUAGES}


CATALOGUES = _read()
"""The catalogue of each language, by its code."""
