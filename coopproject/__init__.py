"""Wiring and the shared kernel. Importing the Celery app here is what makes `delay_on_commit` exist."""

from worker.app import app as celery_app

__all__ = ["celery_app"]
