"""`manage.py create_account PERSON`: give somebody whom a cooperation knows the means to sign in.

The password is drawn here and shown once; the person changes it later. Invitation by e-mail is not there yet.
"""

import secrets
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import Person, User


class Command(BaseCommand):
    help = "Crée le compte d’une personne connue d’une coopération et affiche une fois son mot de passe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="identifiant de la personne")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # Held against an erasure: nobody gets an account back under a name that is gone.
            living = Person.objects.select_for_update(no_key=True).filter(erased_at__isnull=True)
            person = living.filter(pk=UUID(options["person"])).first()
        except ValueError as error:
            raise CommandError(_("Ce n’est pas un identifiant.")) from error
        if person is None:
            raise CommandError(_("Personne inconnue."))
        if not person.email:
            raise CommandError(_("Cette personne n’a pas d’adresse électronique."))
        if User.objects.filter(person=person).exists() or User.objects.filter(email__iexact=person.email).exists():
            raise CommandError(_("Un compte existe déjà pour cette personne ou cette adresse."))
        password = secrets.token_urlsafe(18)
        User.objects.create_user(person.email, password, person=person)
        self.stdout.write(f"{person.email}\n{password}")
