"""`manage.py reconcile`: write the reminders that should exist and cancel those that should not; send nothing."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from worker.services.reconcile import reconcile_all


class Command(BaseCommand):
    help = "Compare les rappels qui devraient exister avec ceux qui existent ; n’envoie rien."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = reconcile_all()
        self.stdout.write(", ".join(f"{name} {number}" for name, number in asdict(swept).items()))
        if swept.failed:
            raise CommandError(f"{swept.failed} examen(s) en échec : voir le journal des erreurs.")
