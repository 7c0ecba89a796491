"""Elements of a drawing, put together so that a text stays a text, whatever stands in it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET  # nosec B405 # it writes XML, and reads none

from markupsafe import Markup

Element = ET.Element
NAMESPACE = "http://www.w3.org/2000/svg"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, *inside: Element | str, **attributes: object) -> Element:
    """An element. Attributes are written as in Python: `class_`, `stroke_width`; numbers lose idle digits."""
    made = Element(name, {_name(key): _value(value) for key, value in attributes.items()})
    for part in inside:
        if isinstance(part, str):
            made.text = (made.text or "") + _NOT_XML.sub("\ufffd", part)
        else:
            made.append(part)
    return made


def group(kind: str, *inside: Element, title: str | None = None) -> Element:
    """Elements of one kind; `title` says what they are to who points at them."""
    return element("g", *([element("title", title)] if title else []), *inside, class_=kind)


def drawing(name: str, width: int, height: int, title: str, told: str, *parts: Element) -> Markup:
    """A drawing that a page may hold as it is, as wide as its place; `told` says it to who cannot see it.

    `name` begins the ids in it, so that several may stand on one page.
    """
    root = element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", told, id=f"{name}-told"),
        *parts,
        xmlns=NAMESPACE,
        class_="chart",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_labelledby=f"{name}-title {name}-told",
    )
    return written(root)


def written(root: Element) -> Markup:
    """An element as text; what came in as a text is escaped in it."""
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704  escaped by the line itself


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return _NOT_XML.sub("\ufffd", str(value))
