"""Words about meetings; the codes are those of the check-up contract."""

from django.db.models import TextChoices


class State(TextChoices):
    """A record's way from draft to file; ``held`` is never stored: a draft whose day has come."""

    DRAFT = "draft", "草稿"
    HELD = "held", "待提交"
    SUBMITTED = "submitted", "待归档"
    FILED = "filed", "已归档"
    VOIDED = "voided", "已作废"


class Body(TextChoices):
    """Who is due at a kind of meeting."""

    MEMBERS = "members", "全体党员"
    COMMITTEE = "committee", "支部委员"
    GROUP = "group", "小组党员"


ASSEMBLY = "assembly"
"""The body of a 党员大会: as 全体党员, but rights follow the membership (``rules.roll``)."""


class Topic(TextChoices):
    """What an agenda item is about; some are reserved to the members' meeting (MT-04)."""

    REPORT = "report", "听取报告"
    STUDY = "study", "学习教育"
    ADMIT = "admit", "接收预备党员"
    TRANSFER_FULL = "transfer_full", "预备党员转正"
    EXTEND_PROBATION = "extend_probation", "延长预备期"
    CANCEL_PROBATION = "cancel_probation", "取消预备党员资格"
    ELECT = "elect", "选举"
    COMMEND = "commend", "表彰"
    DISCIPLINE = "discipline", "党纪处分"
    DISPOSE = "dispose", "组织处置"
    APPOINT_CADRE = "appoint_cadre", "干部任免"
    MAJOR_DECISION = "major_decision", "重大决策"
    MAJOR_PROJECT = "major_project", "重大项目安排"
    LARGE_FUNDS = "large_funds", "大额资金使用"
    OTHER = "other", "其他事项"


class Presence(TextChoices):
    """How a person due at the meeting took part."""

    PRESENT = "present", "出席"
    EXCUSED = "excused", "请假"
    ABSENT = "absent", "缺席"


class Excuse(TextChoices):
    """Kinds of excused absence in the force's words."""

    ON_CALL = "on_call", "出警"
    ON_DUTY = "on_duty", "备勤"
    BUSINESS = "business", "公差"
    SICK = "sick", "病假"
    PERSONAL = "personal", "事假"
    LEAVE = "leave", "休假"
    OTHER = "other", "其他"


class RollRole(TextChoices):
    """As what a person stands on the roll."""

    VOTER = "voter", "有表决权"
    NONVOTER = "nonvoter", "无表决权"
    OBSERVER = "observer", "列席"


class Method(TextChoices):
    """How a vote was taken (PC-06)."""

    HANDS = "hands", "举手"
    SECRET = "secret", "无记名投票"
    ORAL = "oral", "口头"
