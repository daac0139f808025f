"""The addresses that a page of ours leads to, and what it loads."""

from __future__ import annotations

from html.parser import HTMLParser


class Links(HTMLParser):
    """Collects the addresses in a page, and what is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self.scripts.append(given)
        for name in ("href", "src"):
            if (address := given.get(name)) and "://" not in address and address[0] != "#":
                self.found.append(address)


def links(text: str) -> list[str]:
    """The addresses of a page that stay on the site."""
    parser = Links()
    parser.feed(text)
    return parser.found
