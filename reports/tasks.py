"""Background work of the room: due cycles, one closing, one paper."""

from celery import shared_task

from core import clock
from core.jobs import Work, handler
from reports import actions


@shared_task(name="reports.run_due_cycles")
def run_due_cycles() -> None:
    """Have the due cycles submitted, once a day however often it is asked."""
    actions.submit_due(clock.today())


@handler("reports.due")
def due(work: Work) -> None:
    """Submit every cycle whose freezing day has come."""
    actions.work_due(work)


@handler("reports.cycle")
def cycle(work: Work) -> None:
    """Close one period of one committee."""
    actions.freeze(work)


@handler("reports.bulletin_paper")
def bulletin_paper(work: Work) -> None:
    """Print one issued bulletin."""
    actions.print_bulletin(work)
