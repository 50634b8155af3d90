"""Valid charters, made by the services that people use."""

import datetime as dt
from typing import Any
from uuid import uuid4

from charters import services
from charters.enums import AmendmentType
from charters.models import (
    Agreement,
    ArticleComment,
    BoardDeliberation,
    Charter,
    CharterAnnex,
    CharterVersion,
    ExpectedEffect,
    Motivation,
)
from governance.actor import Actor
from governance.models import Organisation, Person
from governance.services import files
from tests.cast import Cast

ALL_MEMBERS: dict[str, Any] = {"kind": "all_members"}
# Of nine in office: six present, five for.
ADOPTED: dict[str, Any] = {"present": 6, "votes_for": 5, "votes_against": 1, "votes_abstain": 0}
REJECTED: dict[str, Any] = {"present": 6, "votes_for": 1, "votes_against": 5, "votes_abstain": 0}
NO_QUORUM: dict[str, Any] = {"present": 4, "votes_for": 4, "votes_against": 0, "votes_abstain": 0}


def actor_of(person: Person) -> Actor:
    return Actor.for_user(person.account)


def make_charter(cast: Cast, **fields: Any) -> Charter:
    values = {"title": "Charte de la Belle Équipe", "entry_rule": ALL_MEMBERS, **fields}
    return services.charter_create(actor=actor_of(cast.coordinator), cooperation=cast.cooperation, **values)


def make_draft(cast: Cast, *, charter: Charter | None = None, articles: int = 2, **fields: Any) -> CharterVersion:
    """A first draft with that many articles."""
    actor = actor_of(cast.coordinator)
    version = services.charter_version_create(actor=actor, charter=charter or make_charter(cast), **fields)
    for number in range(1, articles + 1):
        services.article_create(
            actor=actor,
            charter_version=version,
            key=f"article-{number}",
            section="shared_intentions",
            title=f"Article {number}",
            body=f"Nous voulons la chose numéro {number}.",
        )
    version.refresh_from_db()
    return version


def make_submitted(cast: Cast, **fields: Any) -> CharterVersion:
    draft = make_draft(cast, **fields)
    return services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))


def make_annex(cast: Cast, version: CharterVersion, *, content: bytes | None = None, **fields: Any) -> CharterAnnex:
    """An annex of a draft: a text, or a file when `content` is given."""
    values: dict[str, Any] = {"title": "Clé de répartition", **fields}
    if content is not None:
        values["file"] = files.keep(
            name="parts.csv", media_type="text/csv", content=content, uploaded_by_id=cast.coordinator.pk
        )
    elif "body" not in values:
        values["body"] = "Chacun à parts égales."
    return services.annex_create(actor=actor_of(cast.coordinator), charter_version=version, **values)


def chair_of(cast: Cast, organisation: Organisation) -> Person:
    return {
        cast.alpha.pk: cast.chair_alpha,
        cast.beta.pk: cast.chair_beta,
        cast.gamma.pk: cast.chair_gamma,
        cast.delta.pk: cast.chair_delta,
    }[organisation.pk]


def vote(
    cast: Cast,
    version: CharterVersion,
    organisation: Organisation,
    figures: dict[str, Any] | None = None,
    **fields: Any,
) -> BoardDeliberation:
    """The organisation's chair records a vote of today on the frozen text; adopted unless other figures are given."""
    version.refresh_from_db()
    values: dict[str, Any] = {
        "content_hash": version.content_hash,
        "held_on": cast.today,
        "minutes_reference": "PV 2026-11",
        **(figures or ADOPTED),
        **fields,
    }
    return services.board_deliberation_record(
        actor=actor_of(chair_of(cast, organisation)),
        charter_version=version,
        board=organisation.boards.get(),
        **values,
    )


def make_in_force(cast: Cast, **fields: Any) -> CharterVersion:
    """A version that alpha, beta and gamma approved."""
    version = make_submitted(cast, **fields)
    for organisation in (cast.alpha, cast.beta, cast.gamma):
        vote(cast, version, organisation)
    version.refresh_from_db()
    return version


def make_comment(cast: Cast, version: CharterVersion, person: Person, **fields: Any) -> ArticleComment:
    """A thread on the first article, unless told otherwise."""
    values = {"article_key": "article-1", "body": "Est-ce bien cela ?", **fields}
    return services.article_comment_create(actor=actor_of(person), charter_version=version, **values)


def make_correction(cast: Cast, former: CharterVersion | None = None, **fields: Any) -> CharterVersion:
    """A submitted version that only changes the punctuation of the text in force."""
    actor = actor_of(cast.coordinator)
    base = former or make_in_force(cast)
    draft = services.charter_version_amend(pk=base.pk, actor=actor, amendment_type=AmendmentType.EDITORIAL, **fields)
    article = draft.articles.order_by("position")[0]
    changes = {"body": article.body.replace(".", " !")}
    services.article_update(pk=article.pk, actor=actor, expected_version=None, changes=changes)
    return services.charter_version_submit(pk=draft.pk, actor=actor)


def make_motivation(cast: Cast, charter: Charter, *, code: str | None = None, **fields: Any) -> Motivation:
    values = {"label": "Répondre ensemble aux appels d’offres", **fields}
    return services.motivation_create(
        actor=actor_of(cast.coordinator), charter=charter, code=code or f"m-{uuid4().hex[:8]}", **values
    )


def make_effect(cast: Cast, motivation: Motivation, **fields: Any) -> ExpectedEffect:
    values = {"label": "Trois marchés obtenus par an", "due_on": cast.today + dt.timedelta(days=365), **fields}
    return services.expected_effect_create(actor=actor_of(cast.coordinator), motivation=motivation, **values)


def minutes(version: CharterVersion, organisation: Organisation, day: dt.date, **fields: Any) -> dict[str, Any]:
    """The body of `POST /board-deliberations/`: an adopted vote on the frozen text, unless told otherwise."""
    return {
        "charter_version": str(version.pk),
        "board": str(organisation.boards.get().pk),
        "content_hash": version.content_hash,
        "held_on": day.isoformat(),
        "minutes_reference": "PV 2026-11",
        **ADOPTED,
        **fields,
    }


# A year, renewed year by year unless notice is given three months before.
TACIT_YEAR: dict[str, Any] = {"renewal": "tacit", "renewal_months": 12, "notice_months": 3}


def make_agreement(
    cast: Cast, *organisations: Organisation, starts: int = -10, days: int | None = 365, **fields: Any
) -> Agreement:
    """A draft between alpha and beta (or others) that takes effect `starts` days from today and lasts `days` days."""
    starts_on = cast.today + dt.timedelta(days=starts)
    values: dict[str, Any] = {
        "title": "Convention de mutualisation du minibus",
        "scope": "Un minibus de neuf places, son entretien et son assurance.",
        "starts_on": starts_on,
        "ends_on": None if days is None else starts_on + dt.timedelta(days=days - 1),
        **fields,
    }
    return services.agreement_create(
        actor=actor_of(cast.coordinator),
        cooperation=cast.cooperation,
        parties=[{"organisation": organisation} for organisation in organisations or (cast.alpha, cast.beta)],
        **values,
    )


def make_proposed(cast: Cast, *organisations: Organisation, **fields: Any) -> Agreement:
    draft = make_agreement(cast, *organisations, **fields)
    return services.agreement_propose(pk=draft.pk, actor=actor_of(cast.coordinator))


def sign(cast: Cast, agreement: Agreement, organisation: Organisation, **fields: Any) -> Agreement:
    """The organisation's chair signs the frozen text today."""
    signed = services.agreement_sign(
        pk=agreement.pk,
        actor=actor_of(chair_of(cast, organisation)),
        content_hash=agreement.content_hash,
        organisation=organisation,
        **fields,
    )
    agreement.refresh_from_db()
    return signed


def make_agreed(cast: Cast, *organisations: Organisation, **fields: Any) -> Agreement:
    """Signed by all: in force when its day has come."""
    agreement = make_proposed(cast, *organisations, **fields)
    for organisation in organisations or (cast.alpha, cast.beta):
        sign(cast, agreement, organisation)
    return agreement
