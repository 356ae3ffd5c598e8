"""All evidence as JSON lines, for the stand-alone verifier in docs/verify; contents of meetings stay here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from core.evidence import anchors
from core.evidence.entries import CONTENT
from core.models import AuditEntry, AuditSeal, ChainEntry

FORMAT = 1
LINK = ("organization_id", "number", "subject", "content_digest", "previous", "digest", "at", "form")
SEAL = ("number", "at", "ranges", "root", "previous", "digest")


def write(path: Path) -> int:
    """Write the export, readable by its owner only: it holds what the trail holds. How many lines."""
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        return sum(file.write(_text(line)) > 0 for line in _lines())


def _text(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _lines() -> Iterator[dict[str, Any]]:
    yield {"kind": "export", "format": FORMAT}
    links = ChainEntry.objects.order_by("organization_id", "number").values(*LINK)
    for row in links.iterator():
        yield {"kind": "link"} | row | {"at": row["at"].astimezone(UTC).isoformat()}
    entries = AuditEntry.objects.order_by("pk").values_list("pk", "digest", *CONTENT)
    for pk, inner, at, *rest in entries.iterator():
        yield {
            "kind": "entry", "id": pk, "digest": inner, "content": [at.astimezone(UTC).isoformat(), *rest]
        }  # fmt: skip
    for row in AuditSeal.objects.order_by("number").values(*SEAL).iterator(200):
        yield {"kind": "seal"} | row | {"at": row["at"].astimezone(UTC).isoformat()}
    for anchor in anchors.lines(anchors.files()[0]):
        yield {"kind": "anchor", "anchor": anchor}
