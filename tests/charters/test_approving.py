"""From a submitted text to a charter in force: the services, on a real database."""

import datetime as dt
import hashlib
import json

import pytest
import rfc8785

from charters import services
from charters.enums import AmendmentType, DeliberationResult, VersionState
from charters.models import Approval, Article, BoardDeliberation, CharterVersion
from charters.selectors import entry_of
from coopproject.exceptions import InvalidInput, RuleViolated
from governance.models import CircleStay, JournalEntry, Membership
from tests.cast import Cast
from tests.charters.factories import (
    ADOPTED,
    NO_QUORUM,
    REJECTED,
    actor_of,
    make_charter,
    make_draft,
    make_effect,
    make_in_force,
    make_motivation,
    make_submitted,
    vote,
)
from tests.clock import set_clock


def codes(refused: pytest.ExceptionInfo[RuleViolated] | pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    return sorted(violation.code for violation in refused.value.violations)


def acts(version: CharterVersion) -> list[str]:
    entries = JournalEntry.objects.filter(object_id=str(version.pk)).order_by("sequence")
    return list(entries.values_list("act", flat=True))


def test_submitting_freezes_a_text_whose_hash_anybody_can_compute_again(cast: Cast) -> None:
    charter = make_charter(cast)
    motivation = make_motivation(cast, charter, code="m1", organisation=cast.alpha)
    make_effect(cast, motivation)
    version = make_submitted(cast, charter=charter, stated_on=dt.date(2030, 1, 1))
    content = json.loads(version.content)
    assert rfc8785.dumps(content).decode() == version.content
    assert hashlib.sha256(version.content.encode()).hexdigest() == version.content_hash
    assert [article["title"] for article in content["articles"]] == ["Article 1", "Article 2"]
    assert content["entry_rule"] == {"kind": "all_members"}
    assert content["stated_on"] == "2030-01-01"
    facts = content["frozen_facts"]
    assert facts["number"] == 1
    assert facts["motivations"][0]["organisation"] == str(cast.alpha.pk)
    assert facts["motivations"][0]["effects"][0]["label"] == "Trois marchés obtenus par an"
    assert {row["organisation"]: row["circle"] for row in facts["parties"]} == {
        str(cast.alpha.pk): "core",
        str(cast.beta.pk): "core",
        str(cast.gamma.pk): "active",
    }


def test_the_last_board_puts_the_charter_in_force(cast: Cast) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    vote(cast, version, cast.beta)
    version.refresh_from_db()
    assert version.state == VersionState.SUBMITTED
    last = vote(cast, version, cast.gamma)
    version.refresh_from_db()
    assert (version.state, version.in_force_on) == (VersionState.IN_FORCE, cast.today)
    assert last.result == DeliberationResult.ADOPTED
    assert last.capacity == "board_chair"
    assert last.recorded_by == cast.chair_gamma
    assert last.explanation == "5 pour > 1 contre"
    assert Approval.objects.filter(charter_version=version, content_hash=version.content_hash).count() == 3
    assert acts(version).count("charter_version.entered_into_force") == 1


@pytest.mark.parametrize(
    ("rule", "voters", "state"),
    [
        ({"kind": "all_core_circle"}, "ab", VersionState.IN_FORCE),
        ({"kind": "all_core_circle"}, "ac", VersionState.SUBMITTED),
        ({"kind": "n_of_m", "n": 2}, "ac", VersionState.IN_FORCE),
        ({"kind": "n_of_m", "n": 2}, "a", VersionState.SUBMITTED),
        ({"kind": "all_members"}, "ab", VersionState.SUBMITTED),
    ],
)
def test_a_charter_enters_into_force_by_its_own_rule(cast: Cast, rule: dict, voters: str, state: str) -> None:  # type: ignore[type-arg]
    version = make_submitted(cast, charter=make_charter(cast, entry_rule=rule))
    for letter in voters:
        vote(cast, version, {"a": cast.alpha, "b": cast.beta, "c": cast.gamma}[letter])
    version.refresh_from_db()
    assert version.state == state


def test_weights_decide_where_the_rule_weighs(cast: Cast) -> None:
    weights = {str(cast.alpha.pk): 60, str(cast.beta.pk): 20, str(cast.gamma.pk): 20}
    rule = {"kind": "weight_threshold", "weights": weights, "threshold": "2/3"}
    version = make_submitted(cast, charter=make_charter(cast, entry_rule=rule))
    vote(cast, version, cast.alpha)
    version.refresh_from_db()
    assert version.state == VersionState.SUBMITTED
    vote(cast, version, cast.beta)
    version.refresh_from_db()
    assert version.state == VersionState.IN_FORCE


def test_changing_the_rule_of_the_charter_does_not_touch_a_submitted_text(cast: Cast) -> None:
    version = make_submitted(cast)
    services.charter_update(
        pk=version.charter_id,
        actor=actor_of(cast.coordinator),
        expected_version=None,
        changes={"entry_rule": {"kind": "n_of_m", "n": 1}},
    )
    vote(cast, version, cast.alpha)
    version.refresh_from_db()
    assert version.state == VersionState.SUBMITTED


def test_a_stated_date_to_come_is_waited_for_by_the_tick(cast: Cast) -> None:
    stated = cast.today + dt.timedelta(days=10)
    version = make_in_force(cast, stated_on=stated)
    assert version.state == VersionState.SUBMITTED
    assert services.entry_tick() == 0
    set_clock(stated)
    assert services.entry_tick() == 1
    assert services.entry_tick() == 0
    version.refresh_from_db()
    assert (version.state, version.in_force_on) == (VersionState.IN_FORCE, stated)


def test_a_new_text_supersedes_the_former_only_once_it_is_in_force(cast: Cast) -> None:
    former = make_in_force(cast)
    draft = services.charter_version_amend(pk=former.pk, actor=actor_of(cast.coordinator), change_summary="Ajout")
    assert (draft.number, draft.state, draft.amendment_type) == (2, "draft", "substantial")
    assert list(draft.articles.values_list("key", "title", "body")) == list(
        former.articles.values_list("key", "title", "body")
    )
    services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
    for organisation in (cast.alpha, cast.beta):
        vote(cast, draft, organisation)
        former.refresh_from_db()
        assert former.state == VersionState.IN_FORCE
    vote(cast, draft, cast.gamma)
    former.refresh_from_db()
    draft.refresh_from_db()
    assert (former.state, former.superseded_on) == (VersionState.SUPERSEDED, cast.today)
    assert draft.state == VersionState.IN_FORCE


def test_a_correction_of_form_enters_into_force_without_a_vote_once_it_could_be_contested(cast: Cast) -> None:
    former = make_in_force(cast)
    actor = actor_of(cast.coordinator)
    draft = services.charter_version_amend(pk=former.pk, actor=actor, amendment_type=AmendmentType.EDITORIAL)
    article = draft.articles.get(position=1)
    services.article_update(
        pk=article.pk, actor=actor, expected_version=None, changes={"body": "Nous voulons, la chose numéro 1 !"}
    )
    services.charter_version_submit(pk=draft.pk, actor=actor)
    for days, entered in ((0, 0), (15, 0), (16, 1), (16, 0)):
        set_clock(cast.today + dt.timedelta(days=days))
        assert services.entry_tick() == entered
    former.refresh_from_db()
    draft.refresh_from_db()
    assert (former.state, draft.state) == (VersionState.SUPERSEDED, VersionState.IN_FORCE)
    assert draft.in_force_on == cast.today + dt.timedelta(days=16)
    rows = entry_of(draft, cast.today).parties
    assert {row.status for row in rows} == {"in_force"}


def test_a_correction_that_adds_an_article_is_refused(cast: Cast) -> None:
    former = make_in_force(cast)
    actor = actor_of(cast.coordinator)
    draft = services.charter_version_amend(pk=former.pk, actor=actor, amendment_type=AmendmentType.EDITORIAL)
    services.article_create(actor=actor, charter_version=draft, title="De plus", body="Un engagement nouveau.")
    with pytest.raises(RuleViolated) as refused:
        services.charter_version_submit(pk=draft.pk, actor=actor)
    assert codes(refused) == ["substance_changed"]
    draft.refresh_from_db()
    assert (draft.state, draft.content_hash) == (VersionState.DRAFT, "")


def test_a_vote_without_quorum_settles_nothing_and_may_be_held_again(cast: Cast) -> None:
    version = make_submitted(cast)
    first = vote(cast, version, cast.alpha, NO_QUORUM)
    assert first.result == DeliberationResult.NO_QUORUM
    assert not Approval.objects.exists()
    assert vote(cast, version, cast.alpha).result == DeliberationResult.ADOPTED
    assert Approval.objects.count() == 1


def test_a_board_that_refused_may_vote_again_and_approve(cast: Cast) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.alpha, REJECTED)
    situation = {row.organisation_id: row for row in entry_of(version, cast.today).parties}
    assert situation[cast.alpha.pk].waits_for == "rejected_by_own_board"
    for organisation in (cast.alpha, cast.beta, cast.gamma):
        vote(cast, version, organisation)
    version.refresh_from_db()
    assert version.state == VersionState.IN_FORCE


def test_a_rejection_is_stated_only_when_the_rule_is_out_of_reach(cast: Cast) -> None:
    version = make_submitted(cast, charter=make_charter(cast, entry_rule={"kind": "n_of_m", "n": 2}))
    coordinator = actor_of(cast.coordinator)
    vote(cast, version, cast.alpha, REJECTED)
    with pytest.raises(RuleViolated) as refused:
        services.charter_version_reject(pk=version.pk, actor=coordinator, reason="Refus")
    assert codes(refused) == ["still_reachable"]
    vote(cast, version, cast.beta, REJECTED)
    services.charter_version_reject(pk=version.pk, actor=coordinator, reason="Deux refus")
    version.refresh_from_db()
    assert (version.state, version.withdrawn_reason) == (VersionState.REJECTED, "Deux refus")


def test_a_party_that_leaves_is_no_longer_waited_for(cast: Cast) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    vote(cast, version, cast.beta)
    tomorrow = cast.today + dt.timedelta(days=1)
    Membership.objects.filter(organisation=cast.gamma).update(left_on=cast.today)
    CircleStay.objects.filter(membership__organisation=cast.gamma).update(until=cast.today)
    assert services.entry_tick() == 0
    set_clock(tomorrow)
    assert services.entry_tick() == 1
    version.refresh_from_db()
    assert version.in_force_on == tomorrow


def test_whoever_joins_later_approves_the_text_in_force(cast: Cast) -> None:
    version = make_in_force(cast)
    newcomer = cast.organisation("Epsilon", circle="active")  # type: ignore[arg-type]
    chair = cast.person("Éva", "Présidente", "board_chair", newcomer)  # type: ignore[arg-type]
    rows = {row.organisation_id: row for row in entry_of(version, cast.today).parties}
    assert (rows[newcomer.pk].status, rows[newcomer.pk].waits_for) == ("pending", "own_board")
    services.board_deliberation_record(
        actor=actor_of(chair),
        charter_version=version,
        board=newcomer.boards.get(),
        content_hash=version.content_hash,
        held_on=cast.today,
        minutes_reference="PV",
        **ADOPTED,
    )
    rows = {row.organisation_id: row for row in entry_of(version, cast.today).parties}
    assert (rows[newcomer.pk].status, rows[newcomer.pk].in_force_from) == ("in_force", cast.today)


def test_a_version_is_refused_with_every_reason_at_once(cast: Cast) -> None:
    draft = make_draft(cast, articles=0, charter=make_charter(cast, entry_rule={"kind": "n_of_m", "n": 9}))
    with pytest.raises(RuleViolated) as refused:
        services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
    assert codes(refused) == ["n_out_of_range", "no_article"]
    draft.refresh_from_db()
    assert (draft.state, draft.content, draft.submitted_at) == (VersionState.DRAFT, "", None)


def test_two_texts_are_never_before_the_boards_together(cast: Cast) -> None:
    version = make_submitted(cast)
    draft = services.charter_version_amend(pk=version.pk, actor=actor_of(cast.coordinator))
    with pytest.raises(RuleViolated) as refused:
        services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
    assert codes(refused) == ["another_version_submitted"]


def test_a_withdrawn_draft_keeps_its_text_and_its_hash(cast: Cast) -> None:
    draft = make_draft(cast)
    services.charter_version_withdraw(pk=draft.pk, actor=actor_of(cast.coordinator), reason="Autre voie")
    draft.refresh_from_db()
    assert (draft.state, len(draft.content_hash), draft.submitted_at) == (VersionState.WITHDRAWN, 64, None)
    assert Article.objects.filter(charter_version=draft).count() == 2


def test_votes_on_a_withdrawn_text_stay_and_count_for_no_other(cast: Cast) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Faute")
    draft = services.charter_version_amend(pk=version.pk, actor=actor_of(cast.coordinator))
    services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
    draft.refresh_from_db()
    assert draft.content_hash != version.content_hash
    assert {row.status for row in entry_of(draft, cast.today).parties} == {"pending"}
    assert BoardDeliberation.objects.filter(charter_version=version).count() == 1


@pytest.mark.parametrize(
    ("figures", "pointer", "code"),
    [
        ({"present": 10}, "/present", "more_members_than_in_office"),
        ({"votes_for": 9}, "/votes_for", "more_votes_than_voters"),
        ({"votes_for": 1}, "/votes_abstain", "votes_missing"),
        ({"votes_blank": 3}, "/votes_for", "more_votes_than_voters"),
        ({"declared_result": "rejected"}, "/declared_result", "outcome_mismatch"),
        ({"represented": 3, "votes_for": 8, "proxies_by_holder": [3]}, "/proxies_by_holder/0", "proxy_limit_exceeded"),
    ],
)
def test_figures_that_do_not_add_up_are_pointed_at(cast: Cast, figures: dict, pointer: str, code: str) -> None:  # type: ignore[type-arg]
    version = make_submitted(cast)
    with pytest.raises(InvalidInput) as refused:
        vote(cast, version, cast.alpha, {**ADOPTED, **figures})
    assert (code, pointer) in [(violation.code, violation.pointer) for violation in refused.value.violations]
    assert not BoardDeliberation.objects.exists()


def test_a_correction_brings_no_other_motivation_past_the_boards(cast: Cast) -> None:
    former = make_in_force(cast)
    actor = actor_of(cast.coordinator)
    make_motivation(cast, former.charter)
    draft = services.charter_version_amend(pk=former.pk, actor=actor, amendment_type=AmendmentType.EDITORIAL)
    with pytest.raises(RuleViolated) as refused:
        services.charter_version_submit(pk=draft.pk, actor=actor)
    assert codes(refused) == ["frame_changed"]


def test_only_a_text_in_force_is_corrected_without_vote(cast: Cast) -> None:
    version = make_submitted(cast)
    with pytest.raises(RuleViolated) as refused:
        services.charter_version_amend(
            pk=version.pk, actor=actor_of(cast.coordinator), amendment_type=AmendmentType.EDITORIAL
        )
    assert codes(refused) == ["nothing_in_force"]
    assert CharterVersion.objects.count() == 1
