"""The life of a version: drafted, submitted with its hash, then in force, withdrawn or rejected, at last superseded."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from charters import states
from charters.enums import AmendmentType, VersionState, VersionTransition
from charters.models import Article, Charter, CharterAnnex, CharterVersion
from charters.rules.acts import ARCHIVED, frame_violations
from charters.rules.amendments import AmendmentKind, amendment_violations
from charters.rules.content import content_violations, normalise
from charters.rules.entry_into_force import EntryRule, entry_rule_violations
from charters.rules.frozen import parties_of
from charters.rules.sections import charter_template
from charters.selectors import EntryReader, party_circles
from charters.selectors.annexes import annex_texts, annexes_of
from charters.services.cancelling import cancel_pending
from charters.services.entry import enter_if_met
from charters.services.freezing import article_texts, freeze, frozen_content
from charters.services.locks import Locked, lock_charter, lock_version, require_draft
from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from governance import journal
from governance.actor import Actor
from governance.enums import DecisionState
from governance.models import Decision
from governance.rules.confidentiality import highest
from governance.services import records


@transaction.atomic
def charter_version_create(
    *,
    actor: Actor,
    charter: Charter,
    from_template: bool = False,
    change_summary: str = "",
    stated_on: dt.date | None = None,
    decision: Decision | None = None,
) -> CharterVersion:
    """Open the first draft of a charter, empty or with the articles of the French template. Later ones come by `amend`.

    Raises RuleViolated: `draft_exists`, `use_amend` when a text was submitted before, `charter_archived`.
    """
    charter = lock_charter(charter.pk)
    found = _new_draft_violations(charter)
    if CharterVersion.objects.filter(charter=charter).exclude(state=VersionState.DRAFT).exists():
        found.append(Violation("use_amend", _("Cette charte a déjà un texte : proposez un avenant (amend).")))
    if found:
        raise RuleViolated(*found)
    _check_decision(charter, decision)
    version = CharterVersion(
        cooperation_id=charter.cooperation_id,
        charter=charter,
        number=1,
        change_summary=normalise(change_summary),
        stated_on=stated_on,
        decision=decision,
    )
    records.create(version, actor=actor)
    if from_template:
        _add_articles(
            version,
            [
                {"key": item.key, "section": str(item.section), "title": item.title, "body": item.body}
                for item in charter_template()
            ],
        )
    return version


@transaction.atomic
def charter_version_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> CharterVersion:
    """Change what surrounds the text of a draft: summary, stated date, decision, kind of amendment."""
    locked = lock_version(pk, expected_version)
    require_draft(locked)
    if "decision" in changes:
        _check_decision(locked.charter, changes["decision"])
    if "amendment_type" in changes:
        _check_amendment_type(locked, changes["amendment_type"])
    wanted = {name: normalise(value) if name == "change_summary" else value for name, value in changes.items()}
    records.save_changes(locked.version, actor=actor, changes=wanted)
    return locked.version


@transaction.atomic
def charter_version_submit(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> CharterVersion:
    """Freeze the text and put it to the boards that it asks (`charters.rules.carrying`): none for an editorial
    correction, which counts once the time in which any party may contest it has passed (`entry_tick`).

    Raises RuleViolated with every reason: `wrong_state`, `another_version_submitted`, the faults of the text
    (`no_article`, `article_empty`…), of the rule (`no_parties`, `n_out_of_range`…) and of the kind of amendment.
    """
    locked = lock_version(pk, expected_version, members=True)
    charter, version = locked.charter, locked.version
    articles = list(version.articles.order_by("position"))
    parties = party_circles(charter.cooperation, clock.today(charter.cooperation.zone))
    found = _submission_violations(locked, articles, parties)
    if found:
        raise RuleViolated(*found)
    freeze(version, frozen_content(charter, version, articles, parties))
    states.charter_version.apply(version, VersionTransition.SUBMIT)
    version.submitted_at = clock.now()
    version.save(update_fields=["state", "content", "content_hash", "submitted_at"])
    journal.record(
        "charter_version.submitted",
        version,
        actor=actor,
        number=version.number,
        amendment_type=version.amendment_type,
        content_hash=version.content_hash,
        parties=[organisation_id for organisation_id, _circle in parties],
    )
    if version.amendment_type == AmendmentType.ANNEX_ONLY:
        # What is carried over may suffice.
        enter_if_met(locked, actor=actor)
    return version


@transaction.atomic
def charter_version_withdraw(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str
) -> CharterVersion:
    """Give up a draft, or take a submitted text back from the boards. Its text and the votes on it stay readable."""
    locked = lock_version(pk, expected_version)
    return _put_aside(locked, VersionTransition.WITHDRAW, "charter_version.withdrawn", actor=actor, reason=reason)


@transaction.atomic
def charter_version_reject(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str
) -> CharterVersion:
    """State that the boards refused the text: only when those that did not refuse can no longer satisfy the rule."""
    locked = lock_version(pk, expected_version, members=True)
    found = states.charter_version.violations(locked.version.state, VersionTransition.REJECT)
    if not found and EntryReader(locked.version, clock.today(locked.charter.cooperation.zone)).still_reachable():
        detail = _(
            "La règle d’entrée en vigueur peut encore être satisfaite : attendez les votes, ou retirez la version."
        )
        found = [Violation("still_reachable", detail)]
    if found:
        raise RuleViolated(*found)
    return _put_aside(locked, VersionTransition.REJECT, "charter_version.rejected", actor=actor, reason=reason)


@transaction.atomic
def charter_version_amend(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    amendment_type: str = AmendmentType.SUBSTANTIAL,
    change_summary: str = "",
    stated_on: dt.date | None = None,
    decision: Decision | None = None,
) -> CharterVersion:
    """Open the next draft from a text that left the draft: same articles, same keys. Returns the new draft.

    Every approval binds to its own text: the new one starts without any.
    """
    locked = lock_version(pk, expected_version)
    base, charter = locked.version, locked.charter
    found = _new_draft_violations(charter)
    if base.state == VersionState.DRAFT and not found:
        found.append(Violation("wrong_state", _("Un brouillon se modifie directement.")))
    if found:
        raise RuleViolated(*found)
    _check_amendment_type(locked, amendment_type)
    _check_decision(charter, decision)
    last = CharterVersion.objects.filter(charter=charter).order_by("-number").values_list("number", flat=True)[0]
    draft = CharterVersion(
        cooperation_id=charter.cooperation_id,
        charter=charter,
        number=last + 1,
        amendment_type=amendment_type,
        change_summary=normalise(change_summary),
        stated_on=stated_on,
        decision=decision,
    )
    records.create(draft, actor=actor, act="charter_version.amended", base=base.pk, amendment_type=amendment_type)
    copied = base.articles.order_by("position").values("key", "section", "title", "body")
    _add_articles(draft, [dict(row) for row in copied])
    _copy_annexes(base, draft)
    return draft


def _put_aside(locked: Locked, transition: VersionTransition, act: str, *, actor: Actor, reason: str) -> CharterVersion:
    version, charter = locked.version, locked.charter
    was_draft = version.state == VersionState.DRAFT
    states.charter_version.apply(version, transition)
    version.withdrawn_on = clock.today(charter.cooperation.zone)
    version.withdrawn_reason = reason
    fields = ["state", "withdrawn_on", "withdrawn_reason"]
    if was_draft:
        freeze(version, frozen_content(charter, version, version.articles.order_by("position"), []))
        fields += ["content", "content_hash"]
    version.save(update_fields=fields)
    journal.record(act, version, actor=actor, reason=reason, content_hash=version.content_hash)
    assert version.withdrawn_on is not None
    cancel_pending(version, actor=actor, day=version.withdrawn_on)
    return version


def _add_articles(version: CharterVersion, rows: list[dict[str, Any]]) -> None:
    Article.objects.bulk_create(
        Article(cooperation_id=version.cooperation_id, charter_version=version, position=position, **row)
        for position, row in enumerate(rows, 1)
    )


def _copy_annexes(base: CharterVersion, draft: CharterVersion) -> None:
    """The same annexes, keys, files and organisations concerned; as closed as the charter is today."""
    for annex in annexes_of(base):
        copy = CharterAnnex.objects.create(
            cooperation_id=draft.cooperation_id,
            charter_version=draft,
            key=annex.key,
            position=annex.position,
            title=annex.title,
            body=annex.body,
            file=annex.file,
            confidentiality=highest(annex.confidentiality, draft.charter.confidentiality),
        )
        copy.concerns.set(annex.concerns.all())


def _new_draft_violations(charter: Charter) -> list[Violation]:
    found = [ARCHIVED] if charter.archived_on else []
    if CharterVersion.objects.filter(charter=charter, state=VersionState.DRAFT).exists():
        found.append(Violation("draft_exists", _("Un brouillon existe déjà pour cette charte.")))
    return found


def _check_decision(charter: Charter, decision: Decision | None) -> None:
    if decision is not None and decision.cooperation_id != charter.cooperation_id:
        detail = _("Cette décision est celle d’une autre coopération.")
        raise InvalidInput(Violation("other_cooperation", detail, "/decision"))


def _check_amendment_type(locked: Locked, amendment_type: str) -> None:
    """Only the first text is `initial`, and only a text in force can be corrected without a vote."""
    others = CharterVersion.objects.filter(charter=locked.charter).exclude(state=VersionState.DRAFT)
    if (amendment_type == AmendmentType.INITIAL) == others.exists():
        detail = _("Seul le premier texte d’une charte est une première version.")
        raise InvalidInput(Violation("wrong_amendment_type", detail, "/amendment_type"))
    if amendment_type == AmendmentType.EDITORIAL and not others.filter(state=VersionState.IN_FORCE).exists():
        detail = _("Une correction rédactionnelle suppose un texte en vigueur.")
        raise RuleViolated(Violation("nothing_in_force", detail, "/amendment_type"))


def _submission_violations(locked: Locked, articles: list[Article], parties: list[tuple[str, str]]) -> list[Violation]:
    charter, version = locked.charter, locked.version
    found = [ARCHIVED] if charter.archived_on else []
    found += states.charter_version.violations(version.state, VersionTransition.SUBMIT)
    texts = article_texts(articles)
    annexes = list(annexes_of(version))
    found += content_violations(title=charter.title, articles=texts, annexes=annex_texts(annexes))
    detail = _("Le fichier de cette annexe manque : personne ne peut lire ce qui serait voté.")
    found += [
        Violation("file_missing", detail, f"/annexes/{index}")
        for index, annex in enumerate(annexes)
        if annex.file is not None and annex.file.is_missing
    ]
    others = CharterVersion.objects.filter(charter=charter).exclude(pk=version.pk)
    if others.filter(state=VersionState.SUBMITTED).exists():
        detail = _("Une autre version est soumise aux instances : retirez-la ou attendez son issue.")
        found.append(Violation("another_version_submitted", detail))
    if version.decision is not None and version.decision.state == DecisionState.WITHDRAWN:
        found.append(
            Violation("decision_withdrawn", _("La décision qui porte cette version a été retirée."), "/decision")
        )
    try:
        rule = EntryRule.from_dict(charter.entry_rule, pointer="/entry_rule")
        found += entry_rule_violations(rule, parties_of(parties))
    except InvalidInput as unusable:
        found += unusable.violations
    return found + _amendment_violations(locked, others, articles)


def _amendment_violations(locked: Locked, others: QuerySet[CharterVersion], articles: list[Article]) -> list[Violation]:
    """Why what changed since the text in force is more than this kind of amendment may change."""
    version = locked.version
    kind = AmendmentKind(version.amendment_type)
    former = others.filter(state=VersionState.IN_FORCE).first()
    if former is None:
        if kind is not AmendmentKind.EDITORIAL:
            return []
        detail = _("Une correction rédactionnelle suppose un texte en vigueur.")
        return [Violation("nothing_in_force", detail, "/amendment_type")]
    old = article_texts(former.articles.order_by("position"))
    found = list(
        amendment_violations(
            kind,
            old_articles=old,
            new_articles=article_texts(articles),
            old_annexes=annex_texts(annexes_of(former)),
            new_annexes=annex_texts(annexes_of(version)),
        )
    )
    if kind in (AmendmentKind.EDITORIAL, AmendmentKind.ANNEX_ONLY):
        found += frame_violations(json.loads(former.content), frozen_content(locked.charter, version, articles, []))
    return found
