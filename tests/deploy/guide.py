"""The commands of the guide, section by section, and the few places that an operator fills in."""

from __future__ import annotations

import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = "portal.example"
SECTION = re.compile(r"^## (\d+)\. .*?$(.*?)(?=^## |\Z)", re.M | re.S)
BLOCK = re.compile(r"```sh\n(.*?)```", re.S)


class Guide:
    """The ``sh`` blocks under each numbered heading, with the operator's domain in place of the example."""

    def __init__(self, domain: str) -> None:
        self.domain = domain
        text = (CHECKOUT / "docs/deploy/README.md").read_text()
        self.sections = {number: BLOCK.findall(part) for number, part in SECTION.findall(text)}

    def blocks(self, section: int) -> list[str]:
        """The blocks of a section, word for word but for the domain."""
        return [self.with_domain(block) for block in self.sections[str(section)]]

    def with_domain(self, text: str) -> str:
        return text.replace(EXAMPLE, self.domain)
