"""Anchors: the newest seal and what is new in the chains, a JSON line each, in a file outside of the database.

A chain alone cannot show that its end was cut off, nor a database that was put back by a day. The file
is only appended to; ``settings.ANCHOR_COPY`` names a second one where even its owner cannot rewrite it
(a WORM mount). A line names the links that are new since the line before, and one root over all heads.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db.models import Max, Q

from core import clock
from core.evidence.digests import START, canonical, digest, leaf, root
from core.models import AuditSeal, ChainEntry

log = logging.getLogger(__name__)
CHUNK = 100
"""Chains whose new links are read together."""
AT_MOST = 5000
"""Links that one line names; the next line goes on."""
Line = dict[str, Any]


def files() -> list[Path]:
    """Where anchors are written: the file, and the copy where there is one."""
    copy: Path | None = settings.ANCHOR_COPY
    return [settings.ANCHOR_FILE, *([copy] if copy else [])]


def lines(path: Path, start: int = 0) -> Iterator[Line]:
    """The anchors in a file from the byte ``start`` on; what was torn by a power cut is passed over."""
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(start)
        for raw in file:
            try:
                line = json.loads(raw)
            except ValueError:
                continue
            if isinstance(line, dict) and "digest" in line:
                yield line


def line_digest(line: Line) -> str:
    """The digest of an anchor, to which the next one is chained."""
    return digest(canonical({name: value for name, value in line.items() if name != "digest"}))


@dataclass
class Fold:
    """All anchors of a file taken together: the last line, and the head of each chain as last told."""

    number: int = 0
    digest: str = START
    at: str = ""
    seal: int = 0
    heads: dict[int, tuple[int, str]] = field(default_factory=dict)
    size: int = 0

    def take(self, line: Line) -> None:
        """Go on by one line."""
        self.number, self.digest, self.at = line["line"], line["digest"], line["at"]
        self.seal = line["seal"][0] if line["seal"] else 0
        for key, number, inner, _ in line["links"]:
            self.heads[key] = number, inner

    def root(self) -> str:
        """One root over the heads of all chains, in the order of the organisations."""
        return root([leaf(key, inner) for key, (_, inner) in sorted(self.heads.items())] or [b""])


_folds: dict[Path, Fold] = {}
"""What this process has read of each file: the next anchor reads on from there."""


def fold(path: Path) -> Fold:
    """All anchors of ``path`` taken together; a file that became shorter is read anew."""
    size = path.stat().st_size if path.exists() else 0
    found = _folds.get(path)
    if found is None or size < found.size:
        found = _folds[path] = Fold()
    for line in lines(path, found.size):
        found.take(line)
    found.size = size
    return found


def anchor(*, daily: bool = False) -> bool:
    """Append an anchor where there is news, and once a day in any case; whether one was written."""
    path: Path = settings.ANCHOR_FILE
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = False
    with _locked(path) as file:
        while True:
            known = fold(path)
            batch = AuditSeal.objects.order_by("-number").values_list("number", "digest").first()
            links = list(islice(_news(known), AT_MOST))
            if not links and (batch is None or batch[0] <= known.seal) and (written or not daily):
                return written
            _append(file, _line(known, batch, links))
            written = True


def _news(known: Fold) -> Iterator[list[Any]]:
    """Organisation, number, digest and record of each link beyond the head last told, chain by chain."""
    tops = ChainEntry.objects.order_by().values_list("organization_id").annotate(Max("number"))
    told = {key: known.heads.get(key, (0, ""))[0] for key, _ in tops}
    fresh = sorted(key for key, number in tops if number > told[key])
    for start in range(0, len(fresh), CHUNK):
        ahead = Q()
        for key in fresh[start : start + CHUNK]:
            ahead |= Q(organization_id=key, number__gt=told[key])
        rows = ChainEntry.objects.filter(ahead).order_by("organization_id", "number")
        yield from map(list, rows.values_list("organization_id", "number", "digest", "subject").iterator())


def _line(known: Fold, batch: tuple[int, str] | None, links: list[list[Any]]) -> Line:
    """The next line; a database that fell behind what was anchored takes nothing back."""
    line: Line = {
        "line": known.number + 1,
        "at": clock.now().astimezone(UTC).isoformat(),
        "seal": list(batch) if batch else None,
        "links": links,
        "previous": known.digest,
    }
    ahead = Fold(heads=dict(known.heads))
    ahead.take(line | {"digest": ""})
    line |= {"chains": len(ahead.heads), "root": ahead.root()}
    return line | {"digest": line_digest(line)}


def _append(file: IO[bytes], line: Line) -> None:
    """Write one line and wait for the disk; a copy that cannot be written is told in the log and on the page."""
    raw = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    _write(file, raw)
    copy: Path | None = settings.ANCHOR_COPY
    if copy is None:
        return
    try:
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with copy.open("a+b") as second:
            _write(second, raw)
    except OSError as error:
        log.warning("the second anchor file %s cannot be written: %s", copy, error)


def _write(file: IO[bytes], raw: bytes) -> None:
    """After a line that was torn a new one is begun."""
    end = file.seek(0, os.SEEK_END)
    torn = end and os.pread(file.fileno(), 1, end - 1) != b"\n"
    file.write(b"\n" + raw if torn else raw)
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _locked(path: Path) -> Iterator[IO[bytes]]:
    """The file for appending; one process at a time."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
