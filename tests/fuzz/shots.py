"""One random request: mostly proper in all but one or two places, for those get deepest."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import quote, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from core.views import new_token
from tests import walk
from tests.fuzz import corpus
from tests.fuzz.world import World

INPUT = re.compile(r"<(input|select|textarea)\b([^>]*)>(?:(.*?)</(?:select|textarea)>)?", re.S)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
OPTION = re.compile(r'<option[^>]*value="([^"]*)"')
FORM = "application/x-www-form-urlencoded"
CLOSED = {302, 403, 404}
STEPS = {"version": 1, "reason": "增援在外", "username": "secretary", "password": "Test-pass-2026"}


@dataclass
class Shot:
    """A request: ``path`` and ``query`` as they stand on the wire."""

    role: str
    route: str
    method: str
    path: str
    query: str = ""
    content_type: str = FORM
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def fire(self, client: Client) -> Any:
        """Send it."""
        told = {"QUERY_STRING": self.query} | self.headers
        return client.generic(self.method, self.path, self.body, self.content_type, **told)

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        heads = " ".join(f"{name}={value[:40]!r}" for name, value in self.headers.items())
        sent = f"{self.content_type[:40]} {self.body[:300]!r}"
        return f"{self.role} {self.method} {self.path[:120]}{query[:200]} {sent} {heads}"


class Gun:
    """Draws shots from the seed; forms are learnt from the pages as the role sees them."""

    def __init__(self, world: World, clients: dict[str, Client], seed: int) -> None:
        self.world, self.clients, self.dice = world, clients, random.Random(seed)
        self.addresses = list(walk.addresses(world.stage.arguments))
        self.forms: dict[tuple[str, str], dict[str, list[str]]] = {}
        self.closed: set[tuple[str, str]] = set()

    def shot(self, role: str) -> Shot:
        """The next one for ``role``."""
        address = self._address(role)
        method = self._method(role, address)
        shot = Shot(role, address.route, method, self._path(address))
        if self.dice.random() < 0.6:
            shot.query = self._query()
        if method != "GET" or self.dice.random() < 0.05:
            self._load(shot, address.url)
        if self.dice.random() < 0.3:
            for name, values in self.dice.sample(corpus.HEADERS, self.dice.choice((1, 1, 2, 5))):
                shot.headers[name] = self.dice.choice(values)
        return shot

    def _address(self, role: str) -> walk.Address:
        """Any; one that is known to be closed to ``role`` is mostly drawn again, once."""
        address = self.dice.choice(self.addresses)
        if (role, address.url) in self.closed and self.dice.random() < 0.8:
            return self.dice.choice(self.addresses)
        return address

    def _method(self, role: str, address: walk.Address) -> str:
        """Any; what is known to have no form is mostly asked, not posted to."""
        method = self.dice.choice(corpus.METHODS)
        formless = self.forms.get((role, address.url)) == {} and not address.url.startswith("/api/")
        return "GET" if method == "POST" and formless and self.dice.random() < 0.8 else method

    def _path(self, address: walk.Address) -> str:
        """The address as it is, or with another row, or with something that is no key."""
        own = {str(value) for value in self.world.stage.arguments[address.about].values()}
        if self.dice.random() < 0.6:
            return address.url
        parts = [self._key() if part in own else part for part in address.url.split("/")]
        if self.dice.random() < 0.05:
            parts.insert(self.dice.randrange(1, len(parts)), self._key())
        return "/".join(parts)

    def _key(self) -> str:
        if self.dice.random() < 0.5:
            return str(self.dice.randrange(1, 60))
        return self.dice.choice((*corpus.KEYS, *self.world.keys))

    def _value(self) -> str:
        if self.dice.random() < 0.2:
            return str(self.dice.randrange(1, 60))
        return self.dice.choice(corpus.VALUES)

    def _query(self) -> str:
        names = self.dice.sample(corpus.PARAMETERS, self.dice.choice((1, 1, 2, 3, 8)))
        pairs = [f"{name}={quote(self._value()[:3000], errors='replace')}" for name in names]
        if self.dice.random() < 0.3:
            pairs.append(
                self.dice.choice(("export=xlsx", "page_size=200", "cols=id_number&cols=phone", "page=last"))
            )
        if self.dice.random() < 0.1:
            pairs.append(f"{self.dice.choice(names)}={self.dice.choice(corpus.RAW)}")
        return "&".join(pairs)

    def _load(self, shot: Shot, url: str) -> None:
        """A body: rubbish, JSON nearly right, or the page's own form nearly right."""
        chance = self.dice.random()
        if chance < 0.15:
            shot.content_type, shot.body = self.dice.choice(corpus.TYPES), self.dice.choice(corpus.BODIES)
        elif shot.path.startswith("/api/"):
            shot.content_type, shot.body = "application/json", json.dumps(self._json()).encode()
        else:
            self._fill(shot, url)

    def _json(self) -> dict[str, Any]:
        corps = self.world.stage.corps
        proper: dict[str, Any] = STEPS | {
            "organization": self.dice.choice((corps.alpha.pk, corps.beta.pk)),
            "kinds": ["theme_day"],
            "held_on": "2026-11-10",
            "roll": [{"person_id": self.dice.randrange(1, 30), "role": "voter", "presence": "present"}],
            "agenda": [{"title": "议题", "resolutions": [{"text": "决议"}], "vote": {"in_favour": 1}}],
        }
        wrong = (
            None,
            [],
            {},
            2**70,
            -1,
            1.5,
            True,
            [[]],
            "甲\0乙",
            "\ud800",
            self._value(),
            self.dice.randrange(60),
        )
        for name in self.dice.sample(sorted(proper), self.dice.choice((0, 1, 1, 2))):
            proper[name] = self.dice.choice(wrong)
        if self.dice.random() < 0.3:
            line = {"person_id": self.dice.randrange(1, 30), "role": "voter", "presence": "present"}
            proper["roll"] = [line | {self.dice.choice(sorted(line)): self.dice.choice(wrong)}]
        return proper

    def _fill(self, shot: Shot, url: str) -> None:
        """The form of the page, each field proper, one to three of them wrong."""
        fields = self.form(shot.role, url)
        filled = {name: self.dice.choice(values) if values else "" for name, values in fields.items()}
        for name in self.dice.sample(sorted(filled), min(len(filled), self.dice.choice((0, 1, 1, 2, 3)))):
            filled[name] = self._value()
        if self.dice.random() < 0.9:
            filled["token"] = new_token()
        if self.dice.random() < 0.25:
            name, content = self.dice.choice(corpus.FILES)
            file = SimpleUploadedFile(name, content)
            shot.content_type = MULTIPART_CONTENT
            shot.body = encode_multipart(BOUNDARY, filled | {"file": file})
        else:
            shot.body = urlencode(filled, errors="replace").encode()
            if self.dice.random() < 0.1:
                shot.body += b"&" + shot.body[:2000] + b"&q=" + self.dice.choice(corpus.RAW).encode()

    def form(self, role: str, url: str) -> dict[str, list[str]]:
        """Names of the fields of the page with the values it offers."""
        key = (role, url)
        if key not in self.forms:
            answer = self.clients[role].get(url)
            kind = answer.headers.get("Content-Type", "")
            content = walk.body(answer)  # read to its end, which closes a file
            page = content.decode("utf-8", "replace") if "html" in kind else ""
            if answer.status_code in CLOSED:
                self.closed.add(key)
            self.forms[key] = dict(_fields(page))
        return self.forms[key]


def _fields(page: str) -> Any:
    """Every named control with what may be chosen in it."""
    for kind, head, inner in INPUT.findall(page):
        attributes = dict(ATTRIBUTE.findall(head))
        if name := attributes.get("name"):
            offered = (
                OPTION.findall(inner)
                if kind == "select"
                else [attributes.get("value", unescape(inner).strip())]
            )
            yield name, [unescape(value) for value in offered]
