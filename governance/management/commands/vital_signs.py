"""`manage.py vital_signs [COOPERATION]`: the vital signs in a terminal, readable without colours."""

import textwrap
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from coopproject import clock, wording
from coopproject.text import fold
from governance import vital_signs
from governance.actor import Actor
from governance.models import Cooperation
from governance.vital_signs import Severity, VitalSign

_MARKS = {Severity.CRITICAL: "!!", Severity.WARNING: " !", Severity.INFO: " ·"}


class Command(BaseCommand):
    help = "Dit comment va chaque coopération : ce qui ne va pas, pourquoi, depuis quand, et ce qui le lève."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "cooperation", nargs="?", default="", help="identifiant ou début du nom ; toutes par défaut"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["cooperation"]
        chosen = Q(search_name__contains=fold(wanted))
        if len(wanted) == 36:
            chosen = Q(pk=wanted)
        cooperations = list(Cooperation.objects.filter(chosen, ended_on__isnull=True).order_by("search_name", "pk"))
        if not cooperations:
            raise CommandError(_("Aucune coopération ne correspond."))
        with translation.override(translation.get_language() or "fr"):
            for cooperation in cooperations:
                self.show(cooperation)

    def show(self, cooperation: Cooperation) -> None:
        today = clock.today(cooperation.zone)
        signs = vital_signs.examine(cooperation, actor=Actor.operator_of(cooperation.pk), on=today)
        title = f"{cooperation.name} — {wording.day(today)}"
        self.stdout.write(f"\n{title}\n{'=' * len(title)}")
        if not signs:
            self.stdout.write(self.style.SUCCESS(_("Tous les signes vitaux sont bons.")))
        for severity in Severity:
            rows = [sign for sign in signs if sign.severity == severity]
            if rows:
                self.stdout.write(f"\n{str(severity.label).upper()} ({len(rows)})")
            for sign in rows:
                self.write_sign(sign)

    def write_sign(self, sign: VitalSign) -> None:
        since = _("depuis le %(day)s") % {"day": wording.day(sign.since)} if sign.since else ""
        head = f"{_MARKS[sign.severity]} {sign.title}" + (f" ({since})" if since else "")
        self.stdout.write(head)
        for line in (str(sign.why), f"→ {sign.clears}"):
            self.stdout.write(textwrap.fill(line, width=100, initial_indent="     ", subsequent_indent="     "))
