"""`manage.py verify_journal`: walk every chain, name the first bad entry of each, exit 1 when there is one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance import journal
from governance.models import JournalHead


class Command(BaseCommand):
    help = "Vérifie les chaînes du journal et nomme la première inscription altérée de chacune."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = journal.verify_all()
        for fault in faults:
            name = fault.chain or "instance"
            self.stderr.write(f"{name}: {fault.why} — rang {fault.sequence}, inscription {fault.entry_id or 'absente'}")
        if faults:
            raise CommandError(f"{len(faults)} chaîne(s) altérée(s).")
        for head in JournalHead.objects.order_by("chain"):
            self.stdout.write(f"{head.chain or 'instance'}: {head.sequence} inscriptions, {head.hash}")
        self.stdout.write(self.style.SUCCESS("Journal intègre."))
