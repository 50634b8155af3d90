"""`manage.py rotate_signing_key`: draw the next key that signs receipts, and say what to do with it.

The private key lives in the environment, which this program does not write: nothing changes until it is installed.
"""

import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from governance import signing


class Command(BaseCommand):
    help = "Tire au sort la prochaine clé de signature des reçus, et dit comment l’installer."

    def handle(self, *args: Any, **options: Any) -> None:
        secret = secrets.token_hex(32)
        public = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).public_key().public_bytes_raw()
        steps = _(
            "1. Mettez cette ligne dans l’environnement (.env) à la place de l’ancienne, et une copie en lieu sûr.\n"
            "2. Redémarrez le serveur web et le worker : la clé %(new)s signe désormais.\n"
            "3. Effacez l’ancienne clé privée (%(old)s). La publique reste publiée : ses reçus se vérifient encore.\n"
            "   Si elle a pu être lue par d’autres : manage.py revoke_signing_key %(old)s --reason …"
        )
        self.stdout.write(f"RECEIPT_SIGNING_KEY={secret}\n\n")
        self.stdout.write(steps % {"new": signing.key_id(public), "old": signing.key_id(signing.public_key())})
