"""`manage.py dossier_schema`: the JSON Schema of dossiers, as committed in docs/reference/dossier.schema.json."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from governance.dossier.schema import dossier_schema


class Command(BaseCommand):
    help = "Écrit le schéma JSON des dossiers portables."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(dossier_schema(), indent=2, ensure_ascii=False))
