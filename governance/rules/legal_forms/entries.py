"""What is said of a legal form: its entry in the catalogue, statement by statement."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from governance.rules.orientation import Family, Form
from governance.rules.regimes import Confidence


class FormCode(StrEnum):
    """In the order in which they are shown: from the lightest tie to the merger."""

    INFORMAL_NETWORK = "informal_network"
    MEMBERSHIP = "membership"
    POOLING_AGREEMENT = "pooling_agreement"
    COPRODUCTION_AGREEMENT = "coproduction_agreement"
    AGREEMENT_WITH_MANDATE = "agreement_with_mandate"
    JOINT_TENDER = "joint_tender"
    JOINT_SEVERAL_TENDER = "joint_several_tender"
    CLUSTER = "cluster"
    COMPETITIVENESS_CLUSTER = "competitiveness_cluster"
    PTCE = "ptce"
    GES = "ges"
    ASSOCIATION = "association"
    UNION = "union"
    FEDERATION = "federation"
    GE = "ge"
    GIE = "gie"
    GCS = "gcs"
    GCSMS = "gcsms"
    GIP = "gip"
    SCIC = "scic"
    SCOP = "scop"
    CAE = "cae"
    AGRI_COOP = "agri_coop"
    SCE = "sce"
    COMMON_FUND = "common_fund"
    MERGER = "merger"


class PublicBodies(StrEnum):
    """Whether public-law bodies may join, as far as the sources say."""

    YES = "yes"
    UNDER_CONDITIONS = "under_conditions"
    NOT_STATED = "not_stated"


@dataclass(frozen=True)
class Constraint:
    """One statement about a form. `legal_ref` empty: the guides say it and quote no text."""

    statement: str | Promise
    confidence: Confidence
    legal_ref: str = ""

    @property
    def configurable(self) -> bool:
        """Not established well enough to be shown as law."""
        return not self.confidence.settled


@dataclass(frozen=True, kw_only=True)
class LegalFormEntry:
    """One form. `new_legal_person` None: it depends (a merger by absorption makes none). `confidence`: of the row
    itself; each constraint has its own. `orientation`: the column of the guide's table, None when it has none.
    `valid_from`: since when the law knows it, None when not looked up."""

    code: FormCode
    name: str | Promise
    family: Family
    new_legal_person: bool | None
    public_bodies: PublicBodies
    who: str | Promise
    used_for: str | Promise
    confidence: Confidence
    constraints: tuple[Constraint, ...] = ()
    legal_refs: tuple[str, ...] = ()
    legal_status: bool = True
    valid_from: dt.date | None = None
    orientation: Form | None = None

    @property
    def configurable(self) -> bool:
        """The row itself, or one of its statements, is to be checked before it is shown as law."""
        return not self.confidence.settled or any(found.configurable for found in self.constraints)


def functional(code: FormCode, name: str | Promise, **rest: Any) -> LegalFormEntry:
    """A form that creates no legal person."""
    given: dict[str, Any] = {
        "public_bodies": PublicBodies.NOT_STATED,
        "new_legal_person": False,
        "family": Family.FUNCTIONAL,
    } | rest
    return LegalFormEntry(code=code, name=name, **given)


def organic(code: FormCode, name: str | Promise, **rest: Any) -> LegalFormEntry:
    """A form that creates one."""
    given: dict[str, Any] = {
        "public_bodies": PublicBodies.NOT_STATED,
        "new_legal_person": True,
        "family": Family.ORGANIC,
    } | rest
    return LegalFormEntry(code=code, name=name, **given)
