"""`make docs`: the pages as a site of files, in which one can search; nothing in it asks another machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.site.contents import LIST, ROOT, contents

HERE = Path(__file__).parent


def as_toctrees(pages: Mapping[str, Sequence[Path]]) -> str:
    """The contents as Sphinx takes them, to stand unseen at the end of the first page."""
    named = {
        heading: "\n".join(page.with_suffix("").as_posix() for page in listed if page != Path("README.md"))
        for heading, listed in pages.items()
    }
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{names}\n```\n"
        for heading, names in named.items()
    )


def lay_out(source: Path) -> None:
    """The pages and their pictures as they lie in the project, with the contents on the first page."""
    pages = contents()
    for page in {LIST, *(page for listed in pages.values() for page in listed)}:
        (source / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / page, source / page)
    for folder in ("docs/pictures", "bench/pictures"):
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, source / folder)
    with (source / "README.md").open("a") as first:
        first.write(as_toctrees({"All pages": [LIST], **pages}))


def build(where: Path) -> int:
    """Builds the site anew in `where`; 0, or what Sphinx ends with when a link leads nowhere."""
    shutil.rmtree(where, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="cairn-docs-") as folder:
        source = Path(folder)
        lay_out(source)
        options = ("-q", "-W", "--keep-going", "-j", "auto", "-c", HERE, "-d", source / ".read")
        return subprocess.run(  # noqa: S603  our own program, and our own pages
            (sys.executable, "-m", "sphinx", *options, "-D", "root_doc=README", source, where), check=False
        ).returncode


if __name__ == "__main__":
    ended = build(ROOT / "site")
    if not ended:
        shutil.copy(ROOT / "site" / "README.html", ROOT / "site" / "index.html")
        print(f"The pages are in {ROOT / 'site' / 'index.html'}")  # noqa: T201
    sys.exit(ended)
