"""Every page is found from the list of pages, once, and every page of the list is there."""

from __future__ import annotations

from collections import Counter

from infra.site.build import as_toctrees
from infra.site.contents import LIST, ROOT, contents

LISTED = [page for pages in contents().values() for page in pages]


def test_every_page_is_listed_once() -> None:
    there = {page.relative_to(ROOT) for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]} - {LIST}
    assert there - set(LISTED) == set()
    assert [page for page, times in Counter(LISTED).items() if times > 1] == []


def test_every_page_of_the_list_is_there() -> None:
    assert [page for page in LISTED if not (ROOT / page).is_file()] == []


def test_the_site_has_the_pages_under_their_headings() -> None:
    tree = as_toctrees({"Running it": [LIST.parent / "keys.md", LIST.parent / "operations" / "run.md"]})
    assert ":caption: Running it\n\ndocs/keys\ndocs/operations/run\n" in tree
