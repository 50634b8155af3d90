"""`manage.py erase_person PERSON --reason …`: the operator erases somebody who asked for it and cannot sign in.

Same rules, same journal as `people/{id}/erase/` (docs/adr/0022).
"""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from coopproject.exceptions import NotVisible, RuleViolated
from governance.actor import Actor
from governance.services.erasure import person_erase


class Command(BaseCommand):
    help = "Efface une personne, sur sa demande et sans retour : nom et adresses disparaissent, les actes restent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="identifiant de la personne")
        parser.add_argument("--reason", required=True, help="pourquoi, sans la nommer : le journal le garde")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pk = UUID(options["person"])
        except ValueError as error:
            raise CommandError(_("Ce n’est pas un identifiant.")) from error
        if not options["reason"].strip():
            raise CommandError(_("Le motif est attendu."))
        try:
            person = person_erase(pk=pk, actor=Actor.system("operator"), reason=options["reason"])
        except NotVisible as error:
            raise CommandError(_("Personne inconnue.")) from error
        except RuleViolated as refused:
            raise CommandError("\n".join(str(violation.detail) for violation in refused.violations)) from refused
        self.stdout.write(f"{person} {person.pk}")
