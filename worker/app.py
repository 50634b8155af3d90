"""The Celery app. It carries ticks and small ids only: what must happen later is a row (docs/adr/0003)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coopproject.settings")
app = Celery("coopproject")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["worker"])
