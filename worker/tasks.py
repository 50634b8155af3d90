"""Tick tasks: one call each, no memory, no result. Running one twice, late or never at the same time is harmless."""

from celery import shared_task

from worker.services import dispatch, reconcile, ticks


@shared_task(name="worker.dispatch")
def dispatch_task() -> None:
    dispatch.dispatch_due()


@shared_task(name="worker.reconcile")
def reconcile_task() -> None:
    reconcile.reconcile_all()


@shared_task(name="worker.changed")
def changed_task(chain: str) -> None:
    ticks.cooperation_changed(chain=chain)


@shared_task(name="worker.deem_negative")
def deem_negative_task() -> None:
    ticks.deem_negative()


@shared_task(name="worker.enter_into_force")
def enter_into_force_task() -> None:
    ticks.enter_into_force()


@shared_task(name="worker.forget_old_answers")
def forget_old_answers_task() -> None:
    ticks.forget_old_answers()


@shared_task(name="worker.forget_unused_files")
def forget_unused_files_task() -> None:
    ticks.forget_unused_files()
