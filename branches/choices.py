"""Words about organisations and posts."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """Kinds of party and youth organisations."""

    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    GROUP = "group", "党小组"
    YOUTH = "youth", "团组织"


class UnitLevel(TextChoices):
    """The unit that the organisation sits in."""

    CORPS = "corps", "总队"
    DETACHMENT = "detachment", "支队"
    BATTALION = "battalion", "大队"
    STATION = "station", "消防救援站"
    OFFICE = "office", "机关科室"
    TASK = "task", "临时任务"


class Office(TextChoices):
    """Offices of a committee or branch, and staff roles that carry rights."""

    SECRETARY = "secretary", "书记"
    DEPUTY_SECRETARY = "deputy_secretary", "副书记"
    ORGANISATION_MEMBER = "organisation_member", "组织委员"
    PUBLICITY_MEMBER = "publicity_member", "宣传委员"
    DISCIPLINE_MEMBER = "discipline_member", "纪检委员"
    COMMITTEE_MEMBER = "committee_member", "委员"
    GROUP_LEADER = "group_leader", "党小组组长"
    POLITICAL_DIRECTOR = "political_director", "政治部门负责人"
    POLITICAL_OFFICER = "political_officer", "政治部门干事"
    DISCIPLINE_HEAD = "discipline_head", "纪委书记"
    DISCIPLINE_OFFICER = "discipline_officer", "纪检干事"


COMMITTEE_OFFICES = (
    Office.SECRETARY,
    Office.DEPUTY_SECRETARY,
    Office.ORGANISATION_MEMBER,
    Office.PUBLICITY_MEMBER,
    Office.DISCIPLINE_MEMBER,
    Office.COMMITTEE_MEMBER,
)
"""Offices whose holders make up the committee (委员会) of an organisation."""

RECORDING_OFFICES = (*COMMITTEE_OFFICES, Office.GROUP_LEADER)
"""Offices whose holders may log a meeting of their own organisation."""

POLITICAL_OFFICES = (Office.POLITICAL_DIRECTOR, Office.POLITICAL_OFFICER)
DISCIPLINE_OFFICES = (Office.DISCIPLINE_HEAD, Office.DISCIPLINE_OFFICER)
