"""What the journeys play on: the small corps with the year behind it, in names that look like a real one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from accounts.models import Person
from branches.models import Organization
from core import clock, jobs, rollups
from core.actor import system
from core.models import Job
from supervision import actions as duties
from tests.corps import Corps, hold, moment

TODAY = date(2026, 11, 24)
NOW = moment(TODAY).astimezone(ZoneInfo("Asia/Shanghai"))
PASSWORD = "Test-pass-2026"
PLACES = {
    "R": ("海州市消防救援支队总队党委", "总队党委"),
    "D": ("海州市消防救援支队党委", "支队党委"),
    "B": ("云溪大队党委", "云溪大队党委"),
    "A1": ("云溪大队东港站党支部", "东港站党支部"),
    "B1": ("云溪大队西岭站党支部", "西岭站党支部"),
    "G1": ("东港站第一党小组", "第一党小组"),
}
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "建国志强海涛晓峰文斌立新永康家明少华俊杰"


@dataclass
class Portal:
    """The running portal and its corps."""

    corps: Corps
    url: str
    today: date = TODAY

    def work(self) -> None:
        """Work every queued job and count the months again, as the worker would."""
        for pk in Job.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
            assert jobs.run(pk)
        rollups.flush_all()


def build(corps: Corps, url: str) -> Portal:
    """Names, duties of the last months and the meetings that closed most of them."""
    _dress(corps)
    for month in (9, 10, 11):
        day = date(2026, month, 1)
        with clock.at(moment(day)):
            duties.generate(system("测试"), day)
    for month in (9, 10):
        hold(corps, "committee_meeting", date(2026, month, 12))
        hold(corps, "theme_day", date(2026, month, 20))
        hold(corps, "group_meeting", date(2026, month, 15), group=corps.group)
    hold(corps, "theme_day", date(2026, 10, 21), who="secretary_beta", organization=corps.beta)
    rollups.flush_all()
    Job.objects.all().delete()
    return Portal(corps, url)


def _dress(corps: Corps) -> None:
    """Names that look like names; who is who stays as it was built."""
    for code, (name, short) in PLACES.items():
        Organization.objects.filter(code=code).update(name=name, short_name=short)
    for number, person in enumerate(Person.objects.order_by("pk")):
        first = SURNAMES[number % len(SURNAMES)]
        rest = GIVEN[2 * number % 20 : 2 * number % 20 + 2]
        Person.objects.filter(pk=person.pk).update(name=f"{first}{rest}")
    for row in (corps.root, corps.detachment, corps.battalion, corps.alpha, corps.beta, corps.group):
        row.refresh_from_db()
