"""When the ticks come. A tick only looks for what is due: zero, one or five beats make no difference to what happens.

No tick expires: expiry compares the clocks of two machines, and a late tick finds nothing left to do.
"""

from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    # Mails leave within half a minute of their hour; an empty look costs one indexed query.
    "dispatch": {"task": "worker.dispatch", "schedule": 30.0},
    # What the bell did not say (broker down, date that came by itself) is found within five minutes.
    "reconcile": {"task": "worker.reconcile", "schedule": 300.0},
    # A works council's period ends with a day, and days end at another hour in Mayotte or Martinique.
    "deem-negative": {"task": "worker.deem_negative", "schedule": 600.0},
    # A charter that is approved but dated later enters into force in the first minutes of its day.
    "entry-into-force": {"task": "worker.enter_into_force", "schedule": 600.0},
    # Answers kept for retries hold personal data: not longer than said.
    "forget-old-answers": {"task": "worker.forget_old_answers", "schedule": 86_400.0},
    # So do uploads that nobody used.
    "forget-unused-files": {"task": "worker.forget_unused_files", "schedule": 86_400.0},
}
