"""Daily: write what becomes due, set aside what did not apply."""

from celery import shared_task

from core import clock
from core.actor import system
from supervision import actions


@shared_task(name="supervision.generate")
def generate() -> None:
    """The occurrences of today's periods, and of the next period once it has begun."""
    by = system("待办生成")
    actions.generate(by, clock.today())
    actions.close_period(by, clock.today())
