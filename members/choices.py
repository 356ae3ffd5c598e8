"""Words about members: categories, ranks, stages."""

from django.db.models import TextChoices


class Category(TextChoices):
    """Personnel categories of the force."""

    COMMANDER = "commander", "管理指挥干部"
    SPECIALIST = "specialist", "专业技术干部"
    FIREFIGHTER = "firefighter", "国家消防员"
    CONTRACT = "contract", "政府专职消防员"
    CLERK = "clerk", "消防文员"


class Rank(TextChoices):
    """消防救援衔 (消防救援衔条例): only for staff on state administrative posts."""

    C1 = "c1", "总监"
    C2 = "c2", "副总监"
    C3 = "c3", "助理总监"
    C4 = "c4", "高级指挥长"
    C5 = "c5", "一级指挥长"
    C6 = "c6", "二级指挥长"
    C7 = "c7", "三级指挥长"
    C8 = "c8", "一级指挥员"
    C9 = "c9", "二级指挥员"
    C10 = "c10", "三级指挥员"
    C11 = "c11", "四级指挥员"
    S4 = "s4", "专业技术高级指挥长"
    S5 = "s5", "专业技术一级指挥长"
    S6 = "s6", "专业技术二级指挥长"
    S7 = "s7", "专业技术三级指挥长"
    S8 = "s8", "专业技术一级指挥员"
    S9 = "s9", "专业技术二级指挥员"
    S10 = "s10", "专业技术三级指挥员"
    S11 = "s11", "专业技术四级指挥员"
    F1 = "f1", "一级消防长"
    F2 = "f2", "二级消防长"
    F3 = "f3", "三级消防长"
    F4 = "f4", "一级消防士"
    F5 = "f5", "二级消防士"
    F6 = "f6", "三级消防士"
    F7 = "f7", "四级消防士"
    F8 = "f8", "预备消防士"


WITHOUT_RANK = (Category.CONTRACT, Category.CLERK)
"""Categories that have no rank (消防救援衔条例 art 2)."""


class Stage(TextChoices):
    """Where a person stands towards the party."""

    APPLICANT = "applicant", "申请人"
    ACTIVIST = "activist", "入党积极分子"
    TARGET = "target", "发展对象"
    PROBATIONARY = "probationary", "预备党员"
    FULL = "full", "正式党员"


IN_PARTY = (Stage.PROBATIONARY, Stage.FULL)


class Precision(TextChoices):
    """How exactly a date is known; a month is kept as a month, never invented to a day."""

    DAY = "day", "日"
    MONTH = "month", "月"


class Suspension(TextChoices):
    """Why a full member may not vote for a time."""

    PROBATION = "probation", "留党察看"
    SUSPENDED = "suspended", "停止党员权利"
    DETAINED = "detained", "被留置或逮捕"


class StayKind(TextChoices):
    """Why a member takes part in the organisational life of another branch for a time (MT-14)."""

    TASK = "task", "执行任务"
    POSTING = "posting", "挂职锻炼"
    SECONDMENT = "secondment", "借调帮助工作"
    TRAINING = "training", "学习培训"
    OTHER = "other", "其他"


class Exempt(TextChoices):
    """Why a member need not be counted as due; the codes are those of the clauses (XA-01–07)."""

    INCAPACITY = "incapacity", "患精神病或者其他疾病，不能表达本人意志"
    ABROAD = "abroad", "自费出国半年以上"
    SERVING_SENTENCE = "serving_sentence", "未受留党察看以上处分，但正在服刑"
    LONG_ILLNESS = "long_illness", "年老体弱卧床不起，或者长期生病、生活不能自理"
    AWAY_HALF_YEAR = "away_half_year", "外派、借调、外出学习务工半年以上，组织关系应转未转"
    RETIRED_HOME = "retired_home", "离退休后长期回原籍居住，组织关系未转"
    SUSPENDED = "suspended", "停止党籍，被留置、逮捕，或者本人申请且确实不能到会的流动党员"
