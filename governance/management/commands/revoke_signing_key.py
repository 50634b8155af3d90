"""`manage.py revoke_signing_key KEY --reason TEXT [--since DAY]`: say for ever that a key may be in other hands.

Published at once with its reason; whoever verifies a receipt of that key with the list of keys is told. If it is the
key in use, no vote can be approved until another is installed (`rotate_signing_key`).
"""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated
from governance import signing
from governance.actor import Actor
from governance.services.signing_keys import signing_key_revoke


def _day(text: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), dt.UTC)


class Command(BaseCommand):
    help = "Révoque une clé de signature des reçus qui a pu être lue par d’autres."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="identifiant de la clé (16 signes)")
        parser.add_argument("--reason", required=True, help="motif, publié avec la clé")
        parser.add_argument("--since", type=_day, help="premier jour où elle a pu servir à d’autres (AAAA-MM-JJ)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = signing_key_revoke(
                pk=options["key"],
                actor=Actor.system("operator"),
                reason=options["reason"],
                since=options["since"],
            )
        except NotVisible as error:
            raise CommandError(_("Aucune clé ne porte cet identifiant.")) from error
        except (InvalidInput, RuleViolated) as error:
            raise CommandError(" ".join(str(violation.detail) for violation in error.violations)) from error
        self.stdout.write(
            _("La clé %(key)s est révoquée depuis le %(since)s.")
            % {"key": key.pk, "since": f"{key.revoked_at:%Y-%m-%d %H:%M} UTC"}
        )
        if key.pk == signing.key_id(signing.public_key()):
            self.stdout.write(_("C’est la clé en service : installez-en une autre (manage.py rotate_signing_key)."))
