"""An e-mail: a neutral subject and first line, then the words, as text and as plain untracked HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from services.reminders.rules.saying import Saying, sentence

# No image, no link but her own, nothing fetched; the reader's own colours, light or dark.
PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; padding: 1.5rem; font: 1.0625rem/1.55 system-ui, sans-serif;
       overflow-wrap: break-word; }}
main {{ max-width: 34rem; margin: 0 auto; }}
a {{ color: inherit; }}
footer {{ margin-top: 2rem; padding-top: 1rem; border-top: 1px solid; font-size: 0.875rem; }}
</style>
</head>
<body>
<main>
{paragraphs}
<footer>{footer}</footer>
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Letter:
    """An e-mail's parts."""

    subject: str
    text: str
    html: str


def letter_of(said: Saying) -> Letter:
    """The e-mail: what was earned first, then what is asked, then how to stop."""
    subject = _one(said, "email subject")
    footer = said.catalogue.variants("email footer")[0].format(sender=said.sender, phone=said.phone)
    paragraphs = [_one(said, "email opening")]
    paragraphs += [sentence(_one(said, rule, count)) for rule, count in dict.fromkeys(said.earned)]
    paragraphs += [sentence(_one(said, f"email {kind}")) for kind in said.asks]
    linked = [said.link] if said.link else []
    hers = [f"{_called(said, 'email page link')}: {said.page}"] if said.page else []
    text = "\n\n".join([*paragraphs, *linked, "\n".join(["-- ", *hers, footer])]) + "\n"
    html = PAGE.format(
        language=said.catalogue.language,
        subject=escape(subject),
        paragraphs="\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
        + _linked(said.link, _called(said, "email welcome link")),
        footer=_linked(said.page, _called(said, "email page link")) + f"<p>{escape(footer)}</p>",
    )
    return Letter(subject, text, html)


def _one(said: Saying, context: str, count: int = 1) -> str:
    texts = said.filled(context, count, said.labels[0])
    return texts[said.turn % len(texts)]


def _called(said: Saying, context: str) -> str:
    return said.catalogue.variants(context)[0]


def _linked(url: str | None, called: str) -> str:
    return f'\n<p><a href="{escape(url)}">{escape(called)}</a></p>' if url else ""
