"""The Celery application: it only wakes workers, the truth of a job is its row."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

from config.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()


@worker_ready.connect
def first_heartbeat(sender: Any, **kwargs: Any) -> None:
    """Beat at once for every queue this worker takes, not only when beat next sends a heartbeat."""
    for queue in sender.app.amqp.queues.consume_from:
        app.send_task("core.heartbeat", args=[queue], queue=queue)
