"""One valid object of each resource in a cooperation, and the same in another one, of which nobody may know."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from charters import services as charters
from charters.models import BoardDeliberation
from coopproject import clock
from governance import journal, signing
from governance.actor import Actor
from governance.api.authentication import new_token
from governance.enums import ImpactFlag, RoleKind
from governance.models import ApiToken, Decision, JournalEntry, Person, Role, YearlyTurnover
from governance.rules.regimes import load_regimes
from governance.services import files
from tests.cast import Cast
from tests.charters import factories as charter_factories
from tests.files import pdf
from tests.governance import factories as governance_factories
from tests.governance import path_factories as path
from tests.milestones import factories
from tests.permissions.matrix import PEOPLE
from worker.models import Reminder, ReminderRule


class Place:
    """A cooperation with its organisation Alpha and one object of each resource.

    `who` has the attributes of the cast that the factories read: the cast itself, or a stand-in elsewhere.
    """

    def __init__(self, who: Any) -> None:
        self.who = who
        self.objects: dict[str, Any] = {}
        self._governance()
        self._charters()
        self._milestones()
        self._reminders()
        self.ids = {collection: str(obj.pk) for collection, obj in self.objects.items()}
        self.ids |= {"consultation-regimes": load_regimes()[0].id, "problems": "not_found", "legal-forms": "gip"}
        self.ids |= {"signing-keys": signing.key_id(signing.public_key()), "motivation-codes": "common_voice"}
        self.ids |= {"mission-templates": "coorace"}

    def id(self, name: str) -> str:
        return str(self.objects[name].pk)

    def _governance(self) -> None:
        who, alpha = self.who, self.who.alpha
        decision = governance_factories.decision(who, alpha, state="draft", submitted_on=None)
        # Another one, whose consultation is still to be prepared; and a member of old, who could come back.
        self.undecided = governance_factories.decision(who, alpha, impact_flags=[ImpactFlag.ORG_OR_MANAGEMENT])
        # A third one waits for the board of Alpha; and a vote on the first was held too early, whose minutes are kept.
        self.voted = governance_factories.decision(who, alpha, decided_by="each_board", no_impact_reason="Aucun effet")
        minutes = files.keep(name="pv.pdf", media_type="application/pdf", content=pdf())
        Decision.objects.filter(pk=decision.pk).update(minutes_file=minutes)
        journal.record("decision.looked_at", decision, actor=Actor.system("scene"))
        self.objects |= {
            "cooperations": who.cooperation,
            "people": who.chair_alpha,
            "organisations": alpha,
            "headcounts": alpha.headcounts.order_by("month")[0],
            "turnovers": YearlyTurnover.objects.create(organisation=alpha, year=2020, amount=Decimal("1200.00")),
            "memberships": alpha.memberships.get(cooperation=who.cooperation),
            "onboarding-steps": governance_factories.onboarding_step(who, "core"),
            "roles": who.member_alpha.roles.get(cooperation=who.cooperation),
            "boards": alpha.boards.get(),
            "voting-rules": alpha.boards.get().voting_rules.get(),
            "tokens": ApiToken.objects.create(
                key=new_token()[0],
                user=who.chair_alpha.account,
                name="Tableau de bord",
                secret_hash="0" * 64,
                scopes=["read"],
                expires_at=clock.now() + dt.timedelta(days=30),
            ),
            "files": files.keep(
                name="pv.txt", media_type="text/plain", content=b"Fait.", uploaded_by_id=who.chair_alpha.pk
            ),
            "decisions": decision,
            "decision-votes": governance_factories.board_vote(
                who, decision, alpha, minutes_file=minutes, irregular=True, irregular_codes=["consultation_missing"]
            ),
            "delegations": governance_factories.delegation(who),
            "assembly-rules": governance_factories.assembly_rule(who),
            "decision-circuits": governance_factories.circuit(who),
            "consultations": (heard := governance_factories.consultation(who, decision, alpha)),
            "consultation-documents": governance_factories.document(who, heard, handed_on=who.today),
            "consultation-meetings": governance_factories.meeting(who, heard),
            "working-groups": governance_factories.group(who, decision=decision, consultation=heard, delivered=True),
            "communication-actions": governance_factories.communication(who, alpha, decision=decision),
            "readiness-assessments": governance_factories.readiness(who, alpha),
            "stakeholders": governance_factories.stakeholder(who),
            "arbitration-grids": governance_factories.grid(who, alpha),
            "journey-entries": path.journey_entry(who, alpha),
            "structure-scenarios": path.scenario(who),
            **self._path(),
            "confidentiality-clauses": governance_factories.clause(
                who, covering=alpha.memberships.get(cooperation=who.cooperation), fields=["leave_reason"]
            ),
            "journal": JournalEntry.objects.get(act="decision.looked_at", cooperation=who.cooperation),
        }

    def _path(self) -> dict[str, Any]:
        """An accompaniment and the creation of a structure, each with a proof that is kept as a file."""
        who = self.who
        mission, project = path.mission(who), path.project(who)
        proof = files.keep(name="preuve.txt", media_type="text/plain", content=b"Remis.")
        return {
            "support-missions": mission,
            "mission-phases": path.phase(mission),
            "mission-deliverables": path.deliverable(mission, delivered_on=who.today, file=proof),
            "structure-projects": project,
            "project-steps": path.step(project, owner=who.director_alpha, state="done", file=proof),
        }

    def _charters(self) -> None:
        """A version that one board has approved, and the draft of another charter for what drafts alone allow."""
        who = self.who
        version = charter_factories.make_submitted(who)
        deliberation = charters.board_deliberation_record(
            actor=charter_factories.actor_of(who.chair_beta),
            charter_version=version,
            board=who.beta.boards.get(),
            content_hash=version.content_hash,
            held_on=who.today,
            minutes_reference="PV 1",
            **charter_factories.ADOPTED,
        )
        self.draft = charter_factories.make_draft(who, charter=charter_factories.make_charter(who, title="Annexe"))
        self.unwritten = charter_factories.make_charter(who, title="Charte à écrire")
        self.live = self._live_vote()
        # Open, it may still be given its minutes.
        minutes = files.keep(name="pv.pdf", media_type="application/pdf", content=pdf())
        BoardDeliberation.objects.filter(pk=self.live.pk).update(minutes_file=minutes)
        motivation = charter_factories.make_motivation(who, self.draft.charter, organisation=who.alpha)
        agreement = charter_factories.make_agreement(
            who, *dict.fromkeys((who.alpha, who.beta)), charter=version.charter, renewal="none"
        )
        if who.alpha != who.beta:
            agreement = charters.agreement_propose(pk=agreement.pk, actor=charter_factories.actor_of(who.coordinator))
        self.objects |= {
            "agreements": agreement,
            "charters": version.charter,
            "charter-versions": version,
            "articles": self.draft.articles.order_by("position")[0],
            "annexes": charter_factories.make_annex(who, self.draft, content=b"Membre;Part\nAlpha;60\n"),
            "article-comments": charter_factories.make_comment(who, version, who.chair_alpha),
            "motivations": motivation,
            "expected-effects": charter_factories.make_effect(who, motivation),
            "board-deliberations": self.live,
            "approvals": deliberation.approval,
        }

    def _live_vote(self) -> BoardDeliberation:
        """The board of alpha votes on the text of a third charter, since its chair opened the vote."""
        who = self.who
        charter = charter_factories.make_charter(who, title="Charte du temps partagé")
        version = charter_factories.make_submitted(who, charter=charter)
        chair = charter_factories.actor_of(who.chair_alpha)
        convened = charters.board_deliberation_convene(
            actor=chair,
            charter_version=version,
            board=who.alpha.boards.get(),
            content_hash=version.content_hash,
            held_on=who.today,
            ballot="named",
        )
        return charters.board_deliberation_open(pk=convened.pk, actor=chair)

    def _milestones(self) -> None:
        who = self.who
        activity = factories.activity(who, charter=self.objects["charters"])
        activity.organisations.add(who.beta)
        # Where a new mandate is proposed: nobody pilots it yet.
        self.unpiloted = factories.activity(who, charter=self.objects["charters"])
        mandate = factories.mandate(who, activity, who.pilot_beta, who.beta)
        milestone = factories.milestone(who, activity)
        line = factories.budget_line(who, activity, milestone=milestone)
        indicator = factories.indicator(who, activity, effect=self.objects["expected-effects"], milestone=milestone)
        measurement = factories.measurement(who, indicator, entered_by=who.pilot_beta)
        evaluation = factories.evaluation(who)
        gap = factories.gap(who, factories.evaluation(who, state="open"), milestone)
        self.objects |= {
            "activities": activity,
            "mandates": mandate,
            "milestones": milestone,
            "budget-lines": line,
            "budget-entries": factories.budget_entry(who, line, "12.00", mandate=mandate, entered_by=who.pilot_beta),
            "indicators": indicator,
            "indicator-targets": factories.target(indicator, who.today, "100"),
            "measurements": measurement,
            "evaluations": evaluation,
            "evaluation-gaps": gap,
            "corrective-actions": factories.corrective_action(who, who.director_alpha, gap=gap),
        }

    def _reminders(self) -> None:
        who, milestone = self.who, self.objects["milestones"]
        self.objects |= {
            "reminder-rules": ReminderRule.objects.create(
                cooperation=who.cooperation, kind="milestone_due", days_before=[7, 0]
            ),
            "reminders": Reminder.objects.create(
                cooperation=who.cooperation,
                kind="milestone_due",
                subject_type="milestones",
                subject_id=milestone.pk,
                recipient=who.chair_alpha,
                occurrence=f"{milestone.due_on}/7",
                due_on=milestone.due_on,
                days_before=7,
                due_at=clock.now() + dt.timedelta(days=50),
                confidentiality="active",
                source="scene",
                message_id=f"<{milestone.pk}@coopproject.example>",
            ),
        }


class Scene:
    """The cast, the two places, and a client of the API for each person."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.operator = cast.person("Omar", "Opérateur")
        self.operator.account.is_staff = True
        self.operator.account.save()
        self.here = Place(cast)
        elsewhere = cast.foreign_chair
        member = cast.person(
            "Zelda", "Ailleurs", RoleKind.BOARD_MEMBER, cast.zeta, cooperation=cast.foreign_cooperation
        )
        self.there = Place(
            SimpleNamespace(
                cooperation=cast.foreign_cooperation,
                today=cast.today,
                since=cast.since,
                alpha=cast.zeta,
                beta=cast.zeta,
                omega=cast.zeta,
                coordinator=cast.foreign_coordinator,
                chair_alpha=elsewhere,
                chair_beta=elsewhere,
                pilot_beta=elsewhere,
                director_alpha=elsewhere,
                employees_alpha=elsewhere,
                member_alpha=member,
            )
        )
        self._clients: dict[tuple[str, Any], Any] = {}
        for code in PEOPLE:
            self.client(code)

    def person(self, name: str) -> Person | None:
        """A person by name in the cast, or by the code of a column."""
        name = PEOPLE[name].name if name in PEOPLE else name
        if name == "anonymous":
            return None
        found: Person = self.operator if name == "operator" else getattr(self.cast, name)
        return found

    def client(self, name: str, *scopes: Any) -> Any:
        """The client of this person, whose use of it is written before, and not again while a slow test lasts."""
        if (name, scopes) not in self._clients:
            client = self.cast.api(self.person(name), *scopes)
            client.get("/api/v1/consultation-regimes/")
            ApiToken.objects.update(last_used_at=clock.now() + dt.timedelta(days=1))
            self._clients[name, scopes] = client
        return self._clients[name, scopes]

    def double_agent(self) -> Any:
        """The client of a person who coordinates here and answers to a works council there: who may know of both."""
        person = self.cast.person("Dora", "Double", RoleKind.COORDINATION)
        Role.objects.create(
            cooperation=self.cast.foreign_cooperation,
            person=person,
            organisation=self.cast.zeta,
            kind=RoleKind.EMPLOYEES_CONTACT,
            since=self.cast.since,
        )
        client = self.cast.api(person)
        client.get("/api/v1/consultation-regimes/")
        return client
