"""What a file is and whether it is safe to unpack, decided from its first bytes and its table of contents."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePath

import puremagic

from core.decisions import ActionError

MAX_BYTES = 20 * 1024 * 1024  # a roster of 20,000 lines is below 3 MB
MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 200
MAX_RATIO = 100  # unpacked / packed; a real sheet stays below 30
RATIO_FROM = 1024 * 1024  # small files may be packed as tightly as they like
BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError)
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
XML = (".xml", ".rels")
HEAD = 4096  # bytes of a part in which a document type would be declared
REBUILD = "请新建工作簿，粘贴数值后重新上传。"
RESAVE = "请用 Excel 或 WPS 另存为“Excel 工作簿（.xlsx）”后重新上传。"


class Unreadable(ActionError):
    """A file that cannot be read as a workbook; the text is one Chinese sentence."""


def guard(content: bytes, name: str) -> None:
    """Raise :class:`Unreadable` unless ``content`` is a workbook that may be opened; unpacks no more than heads."""
    suffix = PurePath(name).suffix.lower()
    if not content:
        raise Unreadable("文件是空的，请重新选择文件。")
    if len(content) > MAX_BYTES:
        raise Unreadable(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请拆分后分批上传。")
    if suffix == ".xlsm" or suffix == ".xltm":
        raise Unreadable(f"文件带有宏，不能上传；{RESAVE}")
    if suffix not in (".xlsx", ".xls"):
        raise Unreadable(f"只接受 .xlsx 或 .xls 文件；{RESAVE}")
    if content.startswith(OLE):
        _guard_old(content, suffix)
    elif content.startswith(b"PK\x03\x04"):
        _guard_zip(content)
    else:
        raise Unreadable(f"文件内容不是 Excel 工作簿{_guess(content)}；{RESAVE}")


def _guard_old(content: bytes, suffix: str) -> None:
    """The old container: .xls, and every workbook with a password."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unreadable("文件设有打开密码，请取消密码后重新上传。")
    if suffix != ".xls":
        raise Unreadable(f"文件是旧格式，但扩展名是 {suffix}；{RESAVE}")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Unreadable(f"文件带有宏，不能上传；{RESAVE}")


def _guard_zip(content: bytes) -> None:
    """The present container: its table of contents must be that of an ordinary workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _guard_members(content, packed.infolist())
            _guard_parts(packed)
    except BROKEN as error:
        raise Unreadable(f"文件已损坏或没有传完整；{RESAVE}") from error


def _guard_members(content: bytes, members: list[zipfile.ZipInfo]) -> None:
    """Number, sizes, names and locks of the members, as the table of contents tells them."""
    names = {member.filename.lower() for member in members}
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise Unreadable("文件展开后过大，请删去多余的工作表和图片后重新上传。")
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * len(content):
        raise Unreadable(f"文件的压缩方式异常，不能打开；{REBUILD}")
    if len(names) < len(members) or any(_strays(name) for name in names):
        raise Unreadable(f"文件的内部结构异常，不能打开；{REBUILD}")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("文件设有打开密码，请取消密码后重新上传。")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable(f"文件带有宏，不能上传；{RESAVE}")
    if "xl/workbook.xml" not in names:
        raise Unreadable(f"文件内容不是 Excel 工作簿；{RESAVE}")


def _strays(name: str) -> bool:
    """Whether a member would be unpacked outside of its folder."""
    path = name.replace("\\", "/")
    return path.startswith("/") or ".." in path.split("/")


def _guard_parts(packed: zipfile.ZipFile) -> None:
    """No part declares a document type: a workbook never does, entities are an attack."""
    for member in packed.infolist():
        if not member.filename.lower().endswith(XML):
            continue
        with packed.open(member) as part:
            head = part.read(HEAD)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise Unreadable(f"文件的内部结构异常，不能打开；{REBUILD}")


def _guess(content: bytes) -> str:
    """What it seems to be instead: ``（实际是 .pdf）``, or nothing."""
    try:
        found = puremagic.from_string(content[:4096])
    except (puremagic.PureError, ValueError):
        return ""
    return f"（实际是 {found}）" if found else ""
