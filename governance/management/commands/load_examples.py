"""`manage.py load_examples`: the sample cooperations, an account and a token per role, printed once."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from coopproject.exceptions import InvalidInput
from governance.services import examples

_KEPT = "(déjà remis)"


class Command(BaseCommand):
    help = "Importe les coopérations d’exemple et crée leurs comptes ; refusé en production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--env", type=Path, help="écrire aussi l’adresse et les jetons dans ce fichier de variables"
        )
        parser.add_argument("--renew", action="store_true", help="donner de nouveaux mots de passe et jetons")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Les exemples ne se chargent pas en production (APP_ENV=production).")
        try:
            cooperations = examples.load()
        except InvalidInput as refused:
            lines = "\n".join(f"  {found.pointer} : {found.detail} [{found.code}]" for found in refused.violations)
            raise CommandError(f"Un exemple est refusé :\n{lines}") from refused
        self.stdout.write("Coopérations d’exemple (organisations, personnes et identifiants inventés)")
        for cooperation in cooperations:
            self.stdout.write(f"  {cooperation.pk}  {cooperation.name}")
        accounts = examples.accounts(cooperations, renew=options["renew"])
        self.stdout.write("\nComptes d’exemple")
        rows = [("rôle", "personne", "adresse", "mot de passe", "jeton")]
        rows += [(a.role, a.name, a.email, a.password or _KEPT, a.token or _KEPT) for a in accounts]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            self.stdout.write(
                "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
        if options["env"]:
            self.write_variables(options["env"], accounts)
        self.stdout.write("\nQui agit pour qui")
        for account in accounts:
            self.stdout.write(f"  {account.role}: {account.name}, {account.cooperation}")

    def write_variables(self, file: Path, accounts: list[examples.Account]) -> None:
        """What docs/tutorial.md reads: `API`, and a token per role. Only its owner may read it."""
        lines = [f"export API={settings.SITE_URL}/api/v1"]
        lines += [f"export {account.variable}={account.token}" for account in accounts if account.token]
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
