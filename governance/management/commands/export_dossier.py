"""`manage.py export_dossier ID`: the whole dossier of a cooperation, on the standard output or in a file."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.models import Cooperation
from governance.services import dossiers


class Command(BaseCommand):
    help = "Exporte une coopération entière, sous sa forme canonique, vers la sortie standard ou un fichier."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cooperation", type=UUID)
        parser.add_argument("--output", type=Path, help="fichier à écrire (il ne doit pas exister)")

    def handle(self, *args: Any, **options: Any) -> None:
        cooperation = Cooperation.objects.filter(pk=options["cooperation"]).first()
        if cooperation is None:
            raise CommandError("Aucune coopération ne porte cet identifiant.")
        text = dossiers.dossier_export(cooperation)
        output: Path | None = options["output"]
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            with output.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise CommandError(f"{output} : {error.strerror}.") from error
