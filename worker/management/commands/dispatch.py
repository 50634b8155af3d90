"""`manage.py dispatch [--loop]`: sweep and send without Celery, once or until told to stop."""

import signal
import threading
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from worker.services import ticks


class Command(BaseCommand):
    help = "Écrit les rappels dus et les envoie, sans Celery ; avec --loop, jusqu’à SIGTERM ou Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="recommencer jusqu’à l’arrêt")
        parser.add_argument("--interval", type=float, default=30.0, help="secondes entre deux passages (30)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["loop"]:
            done = ticks.every_tick()
            self.stdout.write(", ".join(f"{name} {number}" for name, number in asdict(done).items()))
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            # The row in hand is finished, then the loop ends: nothing is sent twice for a polite stop.
            signal.signal(number, lambda *_args: stop.set())
        ticks.keep_ticking(interval=options["interval"], wait=stop.wait, stopping=stop.is_set)
