"""The charter, its numbered versions and their articles. A version that left the draft never changes its text again."""

import datetime as dt

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils.translation import gettext_lazy as _

from charters.enums import AmendmentType, ApprovalsExpire, ArticleSection, VersionState
from charters.rules.amendments import CONTEST_DAYS
from coopproject.models import new_id
from coopproject.text import folded_column
from governance.enums import Confidentiality
from governance.models import Decision, TenantModel


@pghistory.track(exclude=["search_title"])
class Charter(TenantModel):
    """What the members of a cooperation commit to. Its text lives in numbered versions.

    `entry_rule` says when a version enters into force (`charters.rules.entry_into_force`); the one that binds a version
    is the copy frozen in its content, so that changing the rule here concerns the next version only. So it is with
    `approvals_expire` (`charters.rules.staleness`) with the months between two reviews that it counts, with
    `editorial_contest_days`, the time that members have to contest a correction that no board votes, and with
    `exit_notice_months`, the notice that a member gives before it leaves (null: the charter says nothing).
    """

    confidentiality_lookup = "confidentiality"

    title = models.CharField(_("titre"), max_length=200)
    purpose = models.TextField(_("objet"), blank=True)
    entry_rule = models.JSONField(_("règle d’entrée en vigueur"))
    review_every_months = models.PositiveSmallIntegerField(
        _("révision tous les (mois)"), default=12, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    approvals_expire = models.CharField(
        _("péremption des approbations"), max_length=10, choices=ApprovalsExpire, default=ApprovalsExpire.NEVER
    )
    editorial_contest_days = models.PositiveSmallIntegerField(
        _("délai de contestation d’une correction (jours)"),
        default=CONTEST_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    exit_notice_months = models.PositiveSmallIntegerField(
        _("préavis de sortie (mois)"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    last_reviewed_on = models.DateField(_("dernière révision le"), null=True, blank=True)
    earlier_reviews = ArrayField(models.DateField(), default=list, blank=True, verbose_name=_("révisions antérieures"))
    motivations_confirmed_on = models.DateField(_("motivations relues le"), null=True, blank=True)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.NETWORK
    )
    archived_on = models.DateField(_("archivée le"), null=True, blank=True)
    search_title = folded_column("title")

    class Meta:
        verbose_name = _("charte")
        verbose_name_plural = _("chartes")
        ordering = ["search_title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(review_every_months__gte=1, review_every_months__lte=120),
                name="charters_charter_is_reviewed",
                violation_error_message=_("Une charte se révise au moins tous les dix ans."),
            ),
            models.CheckConstraint(
                condition=Q(editorial_contest_days__gte=1, editorial_contest_days__lte=90),
                name="charters_charter_corrections_can_be_contested",
                violation_error_message=_("Une correction se conteste pendant un jour au moins, trois mois au plus."),
            ),
            models.CheckConstraint(
                condition=Q(exit_notice_months__isnull=True) | Q(exit_notice_months__lte=120),
                name="charters_charter_lets_members_leave",
                violation_error_message=_("Un préavis de sortie ne dépasse pas dix ans."),
            ),
            # Its members could be told of it by no role: `restricted` names one organisation, a charter has several.
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="charters_charter_not_restricted_to_one",
                violation_error_message=_("Une charte ne se limite pas à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reviews(self) -> list[dt.date]:
        """The days of the reviews held, oldest first."""
        return [*self.earlier_reviews, *([self.last_reviewed_on] if self.last_reviewed_on else [])]


@pghistory.track()
class CharterVersion(TenantModel):
    """One numbered text of a charter, frozen with its SHA-256 when it leaves the draft.

    `content` is the RFC 8785 canonical JSON that the boards vote on, `content_hash` its SHA-256: both are there for
    every version but a draft. Triggers (migration 0002) refuse any change of a frozen text, whoever asks.
    """

    confidentiality_lookup = "charter__confidentiality"

    charter = models.ForeignKey(Charter, models.PROTECT, related_name="versions", verbose_name=_("charte"))
    number = models.PositiveIntegerField(_("numéro"))
    state = models.CharField(_("état"), max_length=12, choices=VersionState, default=VersionState.DRAFT)
    amendment_type = models.CharField(_("nature"), max_length=12, choices=AmendmentType, default=AmendmentType.INITIAL)
    change_summary = models.TextField(_("résumé des changements"), blank=True)
    stated_on = models.DateField(_("date d’effet indiquée"), null=True, blank=True)
    # The decision whose requirements must hold before a board votes: the vote is itself a decision (domain.md 1.2 C07).
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="charter_versions", verbose_name=_("décision")
    )
    submitted_at = models.DateTimeField(_("soumise le"), null=True, blank=True)
    content = models.TextField(_("contenu figé"), blank=True)
    content_hash = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    in_force_on = models.DateField(_("en vigueur le"), null=True, blank=True)
    superseded_on = models.DateField(_("remplacée le"), null=True, blank=True)
    withdrawn_on = models.DateField(_("retirée ou rejetée le"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("motif du retrait ou du rejet"), blank=True)

    class Meta:
        verbose_name = _("version de charte")
        verbose_name_plural = _("versions de charte")
        ordering = ["charter", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["charter", "number"], name="charters_one_version_per_number"),
            models.UniqueConstraint(
                fields=["charter"],
                condition=Q(state="draft"),
                name="charters_one_draft_per_charter",
                violation_error_message=_("Un brouillon existe déjà pour cette charte."),
            ),
            models.UniqueConstraint(
                fields=["charter"],
                condition=Q(state="submitted"),
                name="charters_one_submitted_version_per_charter",
                violation_error_message=_("Une version est déjà soumise aux instances."),
            ),
            models.UniqueConstraint(
                fields=["charter"],
                condition=Q(state="in_force"),
                name="charters_one_version_in_force_per_charter",
                violation_error_message=_("Une version est déjà en vigueur."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", content_hash="", content="")
                | (~Q(state="draft") & Q(content_hash__regex=r"^[0-9a-f]{64}$") & ~Q(content="")),
                name="charters_version_hashed_when_not_draft",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="charters_version_submitted_before_the_rest",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["in_force", "superseded"], in_force_on__isnull=False)
                | (~Q(state__in=["in_force", "superseded"]) & Q(in_force_on__isnull=True)),
                name="charters_version_in_force_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state="superseded", superseded_on__isnull=False, superseded_on__gte=F("in_force_on"))
                | (~Q(state="superseded") & Q(superseded_on__isnull=True)),
                name="charters_version_superseded_after_in_force",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["withdrawn", "rejected"], withdrawn_on__isnull=False) & ~Q(withdrawn_reason="")
                | (~Q(state__in=["withdrawn", "rejected"]) & Q(withdrawn_on__isnull=True, withdrawn_reason="")),
                name="charters_version_withdrawn_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charter_id} v{self.number}"


def new_key() -> str:
    """A key of its own for an article that continues no earlier one."""
    return new_id().hex


@pghistory.track()
class Article(TenantModel):
    """One article of a version, in Markdown. `key` follows the article from one version to the next, for the diff."""

    confidentiality_lookup = "charter_version__charter__confidentiality"

    # Not `version`: that is the integer that every entity carries for its ETag.
    charter_version = models.ForeignKey(
        CharterVersion, models.PROTECT, related_name="articles", verbose_name=_("version de charte")
    )
    key = models.CharField(_("clé"), max_length=64, default=new_key)
    position = models.PositiveSmallIntegerField(_("rang"), validators=[MinValueValidator(1)])
    section = models.CharField(_("partie"), max_length=30, choices=ArticleSection, default=ArticleSection.FREE)
    title = models.CharField(_("titre"), max_length=200)
    body = models.TextField(_("texte (Markdown)"), blank=True)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["charter_version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["charter_version", "key"], name="charters_one_article_per_key"),
            models.UniqueConstraint(
                fields=["charter_version", "position"],
                deferrable=Deferrable.DEFERRED,
                name="charters_one_article_per_position",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="charters_article_position_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"
