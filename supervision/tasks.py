"""Daily: write what becomes due, set aside what did not apply."""

from celery import shared_task

from core import clock
from core.jobs import Work, handler
from supervision import actions


@shared_task(name="supervision.generate")
def generate() -> None:
    """Have today's duties worked, once a day however often it is asked."""
    actions.submit_day(clock.today())


@handler("supervision.day")
def day(work: Work) -> None:
    """Split one day into portions."""
    actions.split_day(work)


@handler("supervision.portion")
def portion(work: Work) -> None:
    """One portion: the periods that have begun, and what did not apply in those that ended."""
    actions.work_portion(work)
