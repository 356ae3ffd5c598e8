"""Words of the law: how binding a clause is, how sure we are of it, and what a check says."""

from enum import StrEnum

from django.db.models import TextChoices


class Severity(TextChoices):
    """How a clause binds: only ``hard`` clauses can give an error."""

    HARD = "hard", "应当"
    SOFT = "soft", "一般"
    LOCAL = "local", "地方规定"
    ADVICE = "advice", "建议"


class Confidence(TextChoices):
    """How the number was confirmed; the last three count as unconfirmed and only warn."""

    SOURCE = "source", "读原文"
    SECOND = "second", "据引用"
    MEMORY = "memory", "待核实"
    UNCONFIRMED = "unconfirmed", "未确认"
    CONFLICT = "conflict", "说法不一"


class Comparator(TextChoices):
    """The relation that a fact must have to the number (``半数以上`` is ≥, ``超过半数`` is >)."""

    AT_LEAST = "ge", "不少于"
    MORE_THAN = "gt", "超过"
    AT_MOST = "le", "不超过"
    LESS_THAN = "lt", "少于"
    EQUAL = "eq", "等于"
    LIST = "in", "限于"


class Level(StrEnum):
    """What a finding says: a broken hard rule, a broken soft or unsure one, or a missing fact."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def label(self) -> str:
        """The Chinese word shown beside the symbol."""
        return {"error": "不符", "warning": "注意", "note": "提示"}[self.value]


class Force(TextChoices):
    """Where a clause stands on a day."""

    NOW = "now", "现行"
    PAST = "past", "已失效"
    TO_COME = "to_come", "尚未施行"


CODES = {
    "admit": "接收预备党员",
    "transfer_full": "预备党员转正",
    "extend_probation": "延长预备期",
    "cancel_probation": "取消预备党员资格",
    "elect": "选举",
    "commend": "表彰",
    "discipline": "党纪处分",
    "dispose": "组织处置",
    "report": "听取报告",
    "appoint_cadre": "干部任免",
    "major_decision": "重大决策",
    "major_project": "重大项目安排",
    "large_funds": "大额资金使用",
    "secretary": "书记",
    "deputy": "副书记",
    "member": "委员",
    "group_leader": "党小组组长",
    "committee": "党委",
    "general_branch": "党总支",
    "branch": "党支部",
    "group": "党小组",
    "self": "个人自评",
    "mutual": "党员互评",
    "test": "民主测评",
    "decision": "确定等次",
    "excellent": "优秀",
    "qualified": "合格",
    "basic": "基本合格",
    "unqualified": "不合格",
    "on_call": "出警",
    "on_duty": "备勤",
    "business": "公差",
    "sick": "病假",
    "leave": "休假",
    "incapacity": "不能表达意志",
    "abroad": "自费出国半年以上",
    "serving_sentence": "服刑",
    "long_illness": "长期患病、生活不能自理",
    "away_half_year": "外出半年以上未转组织关系",
    "retired_home": "退休返乡",
    "suspended": "停止党籍、留置或者逮捕",
    "oral": "口头",
    "hands": "举手",
    "secret": "无记名投票",
    "due": "应到会人数",
    "present": "实到会人数",
    "month": "每月",
    "quarter": "每季度",
    "half": "每半年",
    "year": "每年",
    "sysadmin": "系统管理员",
    "secadmin": "安全管理员",
    "auditadmin": "审计管理员",
    "political_director": "政治部门负责人",
    "political_officer": "政治部门干事",
}
"""Codes that stand in values, and the words in which a reader sees them."""
