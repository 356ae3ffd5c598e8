"""When jobs run: the only place with times of day."""

from typing import Any

from celery.schedules import crontab

from config import queues

AGAIN = crontab(minute="*/10")
"""What has to happen once a day is asked for all day long: the second time finds the row of the job.

So a message that the broker lost, or a night in which the machine was off, is made good in minutes.
"""
SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep": {"task": "core.sweep", "schedule": 5.0},
    "rollups": {"task": "core.rollups", "schedule": 5.0},
    "duties": {"task": "supervision.generate", "schedule": AGAIN},
    "cycles": {"task": "reports.run_due_cycles", "schedule": AGAIN},
    "chains": {"task": "core.check_chains", "schedule": crontab(hour=2, minute=40)},
    "check_rollups": {"task": "core.check_rollups", "schedule": crontab(hour=2, minute=50)},
    "tidy": {"task": "core.tidy", "schedule": crontab(hour=3, minute=10)},
} | {
    # one for each queue: a queue that nobody works shows at /readyz
    f"heartbeat-{queue}": {
        "task": "core.heartbeat",
        "schedule": 20.0,
        "args": (queue,),
        "options": {"queue": queue, "expires": 60},
    }
    for queue in queues.NAMES
}
