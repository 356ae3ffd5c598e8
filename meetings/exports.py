"""Lists of meetings as workbooks: what is on the page, without personal fields."""

from __future__ import annotations

from collections.abc import Sequence

from core.exports import Column
from meetings.choices import State
from meetings.models import Meeting

LOOKS = {
    State.DRAFT: "todo",
    State.HELD: "warn",
    State.SUBMITTED: "part",
    State.FILED: "ok",
    State.VOIDED: "na",
}
"""The colour beside the word of a state."""

MEETINGS: Sequence[Column[Meeting]] = (
    Column("党组织", lambda row: row.organization.short_name, 24),
    Column("党小组", lambda row: row.group.short_name if row.group else "", 16),
    Column("日期", lambda row: row.held_on, 12),
    Column("会议种类", lambda row: "、".join(kind.name for kind in row.kinds.all()), 20),
    Column("会议名称", lambda row: row.title, 30),
    Column("地点", lambda row: row.place, 18),
    Column("主持人", lambda row: row.chair.name if row.chair else "", 10),
    Column("应到", lambda row: row.due, 7),
    Column("实到", lambda row: row.present, 7),
    Column("请假", lambda row: row.excused, 7),
    Column("缺席", lambda row: row.absent, 7),
    Column("状态", lambda row: row.stage.label, 10, lambda row: LOOKS[row.stage]),
    Column("编号", lambda row: row.number, 28),
    Column("记录日期", lambda row: row.recorded_on, 12),
    Column("补录原因", lambda row: row.late_reason, 24),
)
"""For ``ScopedListView.export_columns``; reads nothing beyond ``MeetingQuerySet.for_list``."""
