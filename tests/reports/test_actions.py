from datetime import date

import pytest

from core import clock, jobs
from core.actor import system
from core.decisions import ActionError, NotAllowed, StaleRecord
from core.models import Document, Job, Notice
from core.models.jobs import JobState
from core.periods import Period
from reports import actions
from reports.models import Bulletin, Cycle, Figure
from supervision import actions as duties
from tests.corps import hold, moment

pytestmark = [pytest.mark.django_db, pytest.mark.both]
OCTOBER = Period.parse("2026-10")
BY = system("周期封账")


@pytest.fixture
def october(corps):
    """October with one meeting filed, seen from 5 November."""
    with clock.at(moment(date(2026, 10, 1))):
        duties.generate(BY, date(2026, 10, 1))
    hold(corps, "committee_meeting", date(2026, 10, 12))
    with clock.at(moment(date(2026, 11, 5))):
        yield corps


def monthly(submitted):
    return sum(job.key.startswith("cycle:monthly") for job in submitted)


def freeze(corps):
    job = actions.submit_cycle(BY, "monthly", OCTOBER, corps.detachment)
    assert jobs.run(job.pk)
    return Bulletin.objects.get(organization=corps.detachment)


def issued(corps):
    bulletin = freeze(corps)
    actions.word_bulletin(corps.actor("politics"), bulletin, {"practice": "东站坚持周碰头。"}, bulletin.edit)
    actions.review_bulletin(corps.actor("politics"), bulletin)
    actions.issue_bulletin(corps.actor("leader"), bulletin)
    jobs.run(Job.objects.get(kind="reports.bulletin_paper").pk)
    bulletin.refresh_from_db()
    return bulletin


def test_freezing_stores_figures_with_their_rows_and_drafts_once(october):
    bulletin = freeze(october)
    figure = Figure.objects.get(code="committee_meeting")
    assert (figure.owed, figure.done, figure.late, len(figure.rows)) == (1, 1, 0, 1)
    assert "已落实1项" in bulletin.sections[0]["facts"][0]
    assert Notice.objects.filter(user=october.users["politics"]).count() == 1
    job = Job.objects.get(kind="reports.cycle")
    assert job.state == JobState.DONE
    actions.submit_cycle(BY, "monthly", OCTOBER, october.detachment)
    assert not jobs.run(job.pk)
    assert (Cycle.objects.count(), Bulletin.objects.count()) == (1, 1)


def test_a_job_run_by_two_workers_freezes_once(october):
    """The first worker fell silent, the second took over: the first one's effect is rolled back."""
    job = actions.submit_cycle(BY, "monthly", OCTOBER, october.detachment)
    first = jobs.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=moment(date(2020, 1, 1)))
    assert jobs.run(job.pk)
    with pytest.raises(jobs.LostLease):
        actions.freeze(jobs.Work(first))
    assert (Cycle.objects.count(), Bulletin.objects.count()) == (1, 1)


def test_a_running_period_cannot_be_frozen(october):
    with pytest.raises(ActionError, match="尚未结束"):
        actions.submit_cycle(BY, "monthly", Period.parse("2026-11"), october.detachment)
    with pytest.raises(ActionError, match="期间写法不对"):
        actions.submit_cycle(BY, "quarterly", OCTOBER, october.detachment)


def test_only_the_department_of_an_issuing_committee_runs_a_cycle(october):
    with pytest.raises(NotAllowed):
        actions.submit_cycle(october.actor("leader"), "monthly", OCTOBER, october.detachment)
    with pytest.raises(NotAllowed):
        actions.submit_cycle(BY, "monthly", OCTOBER, october.alpha)


def test_the_schedule_waits_for_the_third_working_day(october):
    with clock.at(moment(date(2026, 11, 3))):
        assert monthly(actions.run_due(BY, date(2026, 11, 3))) == 0
    with clock.at(moment(date(2026, 11, 4))):
        assert monthly(actions.run_due(BY, date(2026, 11, 4))) == 2


def test_the_schedule_leaves_periods_before_the_first_day_of_use(october):
    type(october.root).objects.update(duties_from=date(2026, 10, 2))
    with clock.at(moment(date(2026, 11, 4))):
        assert actions.run_due(BY, date(2026, 11, 4)) == []


def test_wording_leaves_the_numbers_and_notices_a_stale_form(october):
    bulletin = freeze(october)
    facts = bulletin.sections[0]["facts"]
    by = october.actor("politics")
    actions.word_bulletin(by, bulletin, {"overall": "总体平稳。", "facts": "改数"}, bulletin.edit)
    assert bulletin.sections[0]["facts"] == facts
    assert bulletin.sections[0]["wording"] == "总体平稳。"
    with pytest.raises(StaleRecord):
        actions.word_bulletin(by, bulletin, {"overall": "另一版"}, bulletin.edit - 1)


def test_maker_is_not_checker(october):
    bulletin = freeze(october)
    with pytest.raises(NotAllowed, match="核稿后"):
        actions.issue_bulletin(october.actor("leader"), bulletin)
    actions.review_bulletin(october.actor("politics"), bulletin)
    with pytest.raises(NotAllowed):
        actions.issue_bulletin(october.actor("politics"), bulletin)
    with pytest.raises(NotAllowed):
        actions.word_bulletin(october.actor("politics"), bulletin, {}, bulletin.edit)


def test_returning_needs_a_reason(october):
    bulletin = freeze(october)
    actions.review_bulletin(october.actor("politics"), bulletin)
    with pytest.raises(ActionError, match="退回原因"):
        actions.return_bulletin(october.actor("leader"), bulletin, " ")
    actions.return_bulletin(october.actor("leader"), bulletin, "补充下步要求")
    assert bulletin.state == "draft"


def test_issuing_numbers_and_prints(october):
    bulletin = issued(october)
    assert bulletin.number == "青岚支队党委通〔2026〕1号"
    for stored, head in ((bulletin.document.pdf, b"%PDF-"), (bulletin.document.docx, b"PK\x03\x04")):
        with stored.file.open("rb") as file:
            assert file.read(len(head)) == head
    assert "东站坚持周碰头。" in str(bulletin.sections)


def test_reissue_is_a_new_version_with_the_same_number(october):
    bulletin = issued(october)
    with pytest.raises(ActionError, match="更正原因"):
        actions.reissue_bulletin(october.actor("politics"), bulletin, "")
    newer = actions.reissue_bulletin(october.actor("politics"), bulletin, "补录后说明")
    assert (newer.version, newer.number, newer.state) == (2, bulletin.number, "draft")
    with pytest.raises(NotAllowed, match="更新的版次"):
        actions.reissue_bulletin(october.actor("politics"), bulletin, "再次")
    actions.review_bulletin(october.actor("politics"), newer)
    actions.issue_bulletin(october.actor("leader"), newer)
    jobs.run(Job.objects.filter(kind="reports.bulletin_paper").latest("id").pk)
    assert Document.objects.filter(kind="bulletin").count() == 2


def test_issued_bulletins_are_read_by_those_below_drafts_are_not(october):
    bulletin = freeze(october)
    secretary = october.users["secretary"]
    assert not Bulletin.objects.visible_to(secretary).exists()
    actions.review_bulletin(october.actor("politics"), bulletin)
    actions.issue_bulletin(october.actor("leader"), bulletin)
    assert Bulletin.objects.visible_to(secretary).get() == bulletin
    assert Bulletin.objects.visible_to(october.users["leader"]).get() == bulletin
    assert not Bulletin.objects.visible_to(october.users["sysadmin"]).exists()
