"""The Celery app. It carries ticks and small ids only: what must happen later is a row (docs/adr/0003).

Imports nothing of ours that imports Django: `coopproject/__init__.py` loads it first. Connections to the database are
closed around each task and after each fork by Celery's own Django fixup.
"""

import os

from celery import Celery

from worker.schedule import BEAT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coopproject.settings")
app = Celery("coopproject")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = BEAT
# In memory: a file or a broker that remembers the last run would be one more thing to lose or to share.
app.conf.beat_scheduler = "celery.beat:Scheduler"
# A worker that gives up on a broker that is away for an hour would have to be started again by hand.
app.conf.broker_connection_max_retries = None
app.autodiscover_tasks(["worker"])
