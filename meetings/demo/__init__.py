"""The meetings of the demo: planned month by month, entered by their secretaries, with faults on purpose."""

from meetings.demo.words import Words
from meetings.demo.year import plan_stage

__all__ = ["Words", "plan_stage"]
