"""Which pages there are, under which heading: read off docs/README.md, the list that people read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from os.path import normpath
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = Path("docs/README.md")
_LINK = re.compile(r"\]\(([^)#:]+\.md)\)")


def contents(root: Path = ROOT) -> Mapping[str, Sequence[Path]]:
    """The pages under each heading of the list, each once, as paths from `root`, in the order of the list.

    A list of its own (a README in a folder of docs) is followed by what it links and the whole list does not.
    """
    text = (root / LIST).read_text()
    listed = set(_links(LIST, text))
    found: dict[str, Sequence[Path]] = {}
    for part in text.split("\n## ")[1:]:
        pages: list[Path] = []
        for page in _links(LIST, part):
            is_list = page.name == LIST.name and page.parent != Path()
            own = _links(page, (root / page).read_text()) if is_list else []
            pages += [page, *(link for link in own if link not in listed and link != LIST)]
            listed.update(own)
        found[part.partition("\n")[0]] = pages
    return found


def _links(page: Path, text: str) -> Sequence[Path]:
    return list(dict.fromkeys(Path(normpath(page.parent / link)) for link in _LINK.findall(text)))
