"""``import_roster FILE --organization CODE [--dry-run] [--json]``: the import of the page, at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from branches.models import Organization
from core.actor import system
from core.decisions import ActionError
from core.imports import Unreadable
from members import actions

WRONG, NO_ROSTER = 1, 2
JOB = "花名册导入"


class Command(BaseCommand):
    """Exit 0 where nothing is wrong, 1 where rows have errors (nothing written), 2 where it is no roster."""

    help = "导入花名册；输出 JSON 或一段中文说明"

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, the organisation, and how to answer."""
        parser.add_argument("file")
        parser.add_argument("--organization", required=True, metavar="CODE")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, check, write, answer."""
        path = Path(options["file"])
        try:
            found, batch = actions.import_now(
                system(JOB),
                organization=self._organization(options["organization"]),
                content=self._content(path),
                name=path.name,
                dry_run=options["dry_run"],
            )
        except ActionError as error:
            self._stop(str(error), NO_ROSTER if isinstance(error, Unreadable) else WRONG)
        shown = found.as_dict() | {"batch": str(batch.pk) if batch else None}
        self.stdout.write(json.dumps(shown, ensure_ascii=False) if options["json"] else words(shown))
        if found.errors:
            raise SystemExit(WRONG)

    def _organization(self, code: str) -> Organization:
        organization = Organization.objects.current().filter(code=code).first()
        if organization is None:
            self._stop(f"没有编号为 {code} 的组织，请核对编号。", NO_ROSTER)
        return organization

    def _content(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError:
            self._stop(f"读不到文件 {path}，请核对路径和权限。", NO_ROSTER)

    def _stop(self, sentence: str, code: int) -> NoReturn:
        """One sentence on standard error and the exit code."""
        self.stderr.write(sentence)
        raise SystemExit(code)


def words(shown: dict[str, Any]) -> str:
    """The answer for people."""
    lines = [
        f"工作表“{shown['sheet']}”，表头第 {shown['header_row']} 行，共 {shown['rows']} 人："
        f"新增 {shown['new']}，更新 {shown['changed']}，无变化 {shown['same']}，错误 {len(shown['errors'])}。"
    ]
    for kind, label in (("errors", "错误"), ("warnings", "注意")):
        lines += [f"{label} 第 {i['row']} 行 {i['column']}：{i['message']}" for i in shown[kind]]
    if shown["ignored_columns"]:
        lines.append(f"未导入的列：{'、'.join(shown['ignored_columns'])}。")
    lines.append(f"批次 {shown['batch']}，可以用 undo_import 撤销。" if shown["batch"] else "没有写入。")
    return "\n".join(lines)
