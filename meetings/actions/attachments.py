"""Files attached to a draft: what is taken, under which name, and how one is taken away again."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import puremagic
from django.conf import settings
from django.db import transaction

from core import audit, clock, files
from core.decisions import ActionError, StaleRecord, require
from core.models import Attachment
from core.text import tidy
from meetings import permissions
from meetings.actions.ground import page, reason_of, take
from meetings.models import Meeting
from meetings.queries import attachments

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from core.actor import Actor

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
}
"""What is taken, and as what it is handed out again."""

SAME = {"jpeg": "jpg", "jfif": "jpg", "jpe": "jpg"}
"""Other endings of the same type."""

OFFICE_PARTS = {"docx": "word/", "xlsx": "xl/"}
"""Both are zip archives: the folder in it that tells them apart."""

FILES_AT_MOST = 20
"""Files of one record."""

UNPACKED_AT_MOST = 20
"""Times the upload limit that an office file may unpack to; more is a bomb."""

KINDS = "PDF、Word（docx）、Excel（xlsx）、JPG、PNG"


@transaction.atomic
def attach(by: Actor, meeting: Meeting, uploaded: UploadedFile[Any]) -> Attachment:
    """Keep ``uploaded`` with a draft. The type is read from the content and must fit the name.

    Pictures of identity cards are not allowed; the page says so beside the field.
    """
    fresh = take(meeting)
    require(permissions.can_edit(by, fresh))
    present = attachments(fresh)
    if len(present) >= FILES_AT_MOST:
        raise ActionError(f"每份记录最多 {FILES_AT_MOST} 个附件，请合并后再上传。", field="file")
    name, ending = _name_of(uploaded.name or "")
    content = _content_of(uploaded, ending)
    stored = files.keep(
        content,
        name=name,
        content_type=TYPES[ending],
        organization=fresh.organization,
        user=by.user,
    )
    row = Attachment.objects.create(
        file=stored,
        organization=fresh.organization,
        subject=fresh.subject,
        position=max((each.position for each in present), default=0) + 1,
    )
    audit.record(by, "上传附件", fresh, organization=fresh.organization, after={name: stored.digest})
    return row


@transaction.atomic
def detach(by: Actor, attachment: Attachment, reason: str) -> None:
    """Take a file away from a draft, with a reason; the file itself stays in the archive."""
    row = Attachment.objects.select_related("file").filter(pk=attachment.pk).first()
    meeting = _meeting_of(row) if row else None
    if row is None or meeting is None:
        raise StaleRecord("这个附件刚才已被移除，请刷新页面。")
    fresh = page(take(meeting))
    require(permissions.can_edit(by, fresh))
    words = reason_of(reason)
    rows = Attachment.objects.filter(pk=row.pk, removed_at__isnull=True)
    if not rows.update(removed_at=clock.now()):
        raise StaleRecord("这个附件刚才已被移除，请刷新页面。")
    audit.record(
        by,
        "移除附件",
        fresh,
        organization=fresh.organization,
        before={row.file.name: row.file.digest},
        reason=words,
    )


def _meeting_of(attachment: Attachment) -> Meeting | None:
    kind, _, key = attachment.subject.partition(":")
    if kind != Meeting._meta.label_lower or not key.isdecimal():
        return None
    return Meeting.objects.filter(pk=int(key)).first()


def _name_of(raw: str) -> tuple[str, str]:
    """A harmless file name, and its ending in the one spelling of ``TYPES``."""
    name = tidy(raw.replace("\\", "/")).rsplit("/", 1)[-1].strip(". ")
    path = PurePosixPath(name)
    ending = path.suffix.lstrip(".").lower()
    ending = SAME.get(ending, ending)
    if ending not in TYPES or not path.stem.strip(". "):
        raise ActionError(f"不支持这种文件，请上传 {KINDS} 文件。", field="file")
    return f"{path.stem[:80]}.{ending}", ending


def _content_of(uploaded: UploadedFile[Any], ending: str) -> bytes:
    """The bytes, once size and true type are in order."""
    limit = settings.UPLOAD_LIMIT
    if (uploaded.size or 0) > limit:
        raise ActionError(f"文件超过 {limit // 1024 // 1024} MB，请压缩后再上传。", field="file")
    content: bytes = uploaded.read(limit + 1)
    if not content or len(content) > limit:
        raise ActionError("文件是空的或者超过上限，请重新选择。", field="file")
    if not (_is_office(content, ending) if ending in OFFICE_PARTS else _is(content, ending)):
        raise ActionError(f"文件内容与扩展名 .{ending} 不符，请用原来的程序另存后再上传。", field="file")
    return content


def _is(content: bytes, ending: str) -> bool:
    """Whether the content is of the type of its ending."""
    try:
        found = puremagic.from_string(content).lstrip(".")
    except (puremagic.PureError, ValueError):
        return False
    return SAME.get(found, found) == ending


def _is_office(content: bytes, ending: str) -> bool:
    """Whether the content is an office file of that kind, without macros and not a bomb."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    names = {part.filename for part in parts}
    size = sum(part.file_size for part in parts)
    return (
        "[Content_Types].xml" in names
        and any(name.startswith(OFFICE_PARTS[ending]) for name in names)
        and not any(name.endswith("vbaProject.bin") for name in names)
        and size <= UNPACKED_AT_MOST * settings.UPLOAD_LIMIT
    )
