"""Files: what is taken, and what hostile files meet."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from core.decisions import ActionError, NotAllowed, StaleRecord
from core.models import Attachment, StoredFile
from meetings import actions, queries
from meetings.models import Meeting
from tests.meetings.world import World, committee_meeting

pytestmark = pytest.mark.both

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(50)
JPG = bytes.fromhex("ffd8ffe000104a46494600010101006000600000ffdb") + bytes(50)
EXE = b"MZ\x90\x00" + bytes(400)


def word() -> bytes:
    body = io.BytesIO()
    docx.Document().save(body)
    return body.getvalue()


def excel() -> bytes:
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body)
    book.add_worksheet().write(0, 0, 1)
    book.close()
    return body.getvalue()


def archive(**parts: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return body.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """As the browser sends it; Django cleans the name of an upload, a script may not go that way."""
    file = SimpleUploadedFile("x", content)
    file._name = name  # type: ignore[attr-defined]
    return file


@pytest.fixture
def draft(world: World, settings: Any, tmp_path: Any) -> Meeting:
    settings.MEDIA_ROOT = tmp_path
    return actions.start_meeting(world.actor("书记"), world.branch, committee_meeting(world))


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("通知.pdf", PDF, "通知.pdf"),
        ("照片.JPEG", JPG, "照片.jpg"),
        ("照片.png", PNG, "照片.png"),
        ("方案.docx", word(), "方案.docx"),
        ("名单.xlsx", excel(), "名单.xlsx"),
        ("..\\..\\etc\\通知.pdf", PDF, "通知.pdf"),
        ("通\x00知\u202efdp.pdf", PDF, "通知fdp.pdf"),
        ("长" * 300 + ".pdf", PDF, "长" * 80 + ".pdf"),
    ],
    ids=range(8),
)
def test_taken(world: World, draft: Meeting, name: str, content: bytes, kept: str) -> None:
    row = actions.attach(world.actor("书记"), draft, upload(name, content))
    assert row.file.name == kept
    with row.file.file.open("rb") as stored:
        assert stored.read() == content
    assert len(row.file.digest) == 64
    assert "知" not in row.file.file.name
    assert queries.attachments(draft) == [row]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("软件.exe", EXE, "不支持这种文件"),
        ("照片.jpg", EXE, "与扩展名 .jpg 不符"),
        ("通知.pdf", EXE, "与扩展名 .pdf 不符"),
        ("方案.docx", EXE, "与扩展名 .docx 不符"),
        ("通知.pdf", PNG, "与扩展名 .pdf 不符"),
        ("通知.pdf", b"<html><script>1</script></html>", "与扩展名 .pdf 不符"),
        ("通知.pdf", b"plain words", "与扩展名 .pdf 不符"),
        ("方案.docx", excel(), "与扩展名 .docx 不符"),
        ("名单.xlsx", archive(**{"a.txt": b"x"}), "与扩展名 .xlsx 不符"),
        (
            "名单.xlsx",
            archive(**{"[Content_Types].xml": b"", "xl__workbook.xml": b"", "xl__vbaProject.bin": b""}),
            "与扩展名 .xlsx 不符",
        ),
        ("通知.pdf\x00.exe", PDF, "不支持这种文件"),
        (".pdf", PDF, "不支持这种文件"),
        ("", PDF, "不支持这种文件"),
        ("通知", PDF, "不支持这种文件"),
        ("通知.pdf", b"", "文件是空的"),
    ],
    ids=range(15),
)
def test_refused(world: World, draft: Meeting, name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(ActionError, match=sentence):
        actions.attach(world.actor("书记"), draft, upload(name, content))
    assert not StoredFile.objects.exists()


def test_too_large(world: World, draft: Meeting, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1024 * 1024
    huge = upload("通知.pdf", PDF + bytes(1024 * 1024))
    with pytest.raises(ActionError, match="超过 1 MB"):
        actions.attach(world.actor("书记"), draft, huge)
    huge.size = 10  # a size that lies
    with pytest.raises(ActionError, match="超过上限"):
        actions.attach(world.actor("书记"), draft, huge)


def test_an_archive_that_unpacks_to_too_much(world: World, draft: Meeting, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 100_000
    bomb = archive(**{"[Content_Types].xml": b"", "word__document.xml": bytes(3_000_000)})
    assert len(bomb) < settings.UPLOAD_LIMIT
    with pytest.raises(ActionError, match="与扩展名 .docx 不符"):
        actions.attach(world.actor("书记"), draft, upload("方案.docx", bomb))


def test_not_more_than_twenty(world: World, draft: Meeting) -> None:
    for number in range(20):
        actions.attach(world.actor("书记"), draft, upload(f"{number}.pdf", PDF))
    with pytest.raises(ActionError, match="最多 20 个附件"):
        actions.attach(world.actor("书记"), draft, upload("更多.pdf", PDF))


def test_taken_away_from_a_draft_with_a_reason(world: World, draft: Meeting) -> None:
    by = world.actor("书记")
    row = actions.attach(by, draft, upload("通知.pdf", PDF))
    with pytest.raises(ActionError, match="请填写原因"):
        actions.detach(by, row, "")
    with pytest.raises(NotAllowed):
        actions.detach(world.actor("邻书记"), row, "传错了")
    actions.detach(by, row, "传错了")
    assert queries.attachments(draft) == []
    assert Attachment.objects.get().removed_at is not None
    with pytest.raises(StaleRecord, match="已被移除"):
        actions.detach(by, row, "传错了")


def test_a_filed_record_takes_and_gives_no_file(world: World, draft: Meeting) -> None:
    by = world.actor("书记")
    row = actions.attach(by, draft, upload("通知.pdf", PDF))
    done = actions.submit_and_file(by, draft, draft.version)
    with pytest.raises(NotAllowed, match="已归档"):
        actions.attach(by, done, upload("迟到.pdf", PDF))
    with pytest.raises(NotAllowed, match="已归档"):
        actions.detach(by, row, "传错了")
    copy = actions.correct_meeting(by, done, "有误")
    assert [each.file_id for each in queries.attachments(copy)] == [row.file_id]


def test_a_stranger_attaches_nothing(world: World, draft: Meeting) -> None:
    with pytest.raises(NotAllowed):
        actions.attach(world.actor("邻书记"), draft, upload("通知.pdf", PDF))
