"""A page taken apart, so that tests can ask what stands in it."""

from html.parser import HTMLParser

_VOID = {"meta", "link", "input", "br", "hr", "img"}


class Page(HTMLParser):
    """The elements of a page with their attributes and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._inside: list[tuple[str, list[str]]] = []
        self._texts_of: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        words: list[str] = []
        self._texts_of.append((tag, found, words))
        if tag not in _VOID:
            self._inside.append((tag, words))

    def handle_endtag(self, tag: str) -> None:
        while self._inside:
            closed, _ = self._inside.pop()
            if closed == tag:
                return
        raise AssertionError(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())
            for _, words in self._inside:
                words.append(data.strip())

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a tag that has these attributes."""
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and all(attributes.get(k) == v for k, v in wanted.items())
        ]

    def text_of(self, tag: str, css_class: str | None = None) -> list[str]:
        """The texts of every element of a tag (and class), their whitespace joined."""
        return [
            " ".join(" ".join(words).split())
            for name, attributes, words in self._texts_of
            if name == tag
            and (css_class is None or css_class in (attributes.get("class") or "").split())
        ]

    @property
    def inline(self) -> list[tuple[str, str]]:
        """What a strict policy refuses: style and event attributes, inline scripts and styles."""
        found = [
            (tag, name)
            for tag, attributes in self.elements
            for name in attributes
            if name == "style" or name.startswith("on")
        ]
        found += [("script", "") for script in self.all("script") if not script.get("src")]
        return found + [("style", "") for _ in self.all("style")]

    @property
    def outside_addresses(self) -> list[tuple[str, str, str]]:
        """Every attribute that holds an address of another origin: tag, attribute, address."""
        return [
            (tag, name, value)
            for tag, attributes in self.elements
            for name, value in attributes.items()
            if value and name != "xmlns" and ("://" in value or value.startswith("//"))
        ]
