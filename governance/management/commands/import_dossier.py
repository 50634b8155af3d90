"""`manage.py import_dossier FILE`: bring a cooperation in from a portable dossier (docs/reference/dossier.md)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.dossier import reading
from governance.services import dossiers


class Command(BaseCommand):
    help = "Importe un dossier portable (JSON ou YAML) ; rien n’est écrit si une seule ligne est fausse."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            document = reading.read(path.read_bytes())
            done = dossiers.dossier_import(actor=Actor.system("import_dossier"), document=document, source=path.name)
        except OSError as error:
            raise CommandError(f"{path} : {error.strerror}.") from error
        except InvalidInput as refused:
            for violation in refused.violations:
                self.stderr.write(f"{violation.pointer or '/'} : {violation.detail} [{violation.code}]")
            raise CommandError(f"{len(refused.violations)} erreur(s) : rien n’a été importé.") from refused
        self.stdout.write(f"{done.cooperation.pk}  {done.cooperation.name}")
        for key, count in done.counts.items():
            self.stdout.write(f"  {key}: {count}")
        self.stdout.write(f"  SHA-256 (RFC 8785): {done.sha256}")
