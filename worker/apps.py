from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkerConfig(AppConfig):
    name = "worker"
    verbose_name = _("travaux planifiés")

    def ready(self) -> None:
        """Connect the request id to Celery's messages, and ring the worker when something changes."""
        from coopproject import bell
        from governance import erasing, personal_data
        from worker import request_ids  # noqa: F401
        from worker.bell import ring
        from worker.services import erasure

        bell.listen(ring)
        personal_data.register(rows=("worker.reminder.recipient",))
        erasing.register("worker", erasure.ERASER)
