"""The cast: people and organisations with names, so that a test reads as the policy it proves.

One cooperation, « La Belle Équipe », three circles:

- alpha (core, 64 employees, elected CSE), beta (core, 32 employees, elected CSE);
- gamma (active, 8 employees), delta (network, no employee);
- omega, a former member that left last month;
- and a foreign cooperation of zeta, of which none of the others may know anything.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from rest_framework.test import APIClient

from coopproject import clock
from governance.api.authentication import hash_secret, new_token
from governance.enums import CircleKind, CseStatus, RoleKind, TokenScope
from governance.models import (
    ApiToken,
    Board,
    CircleStay,
    Cooperation,
    Membership,
    MonthlyHeadcount,
    Organisation,
    Person,
    Role,
    User,
    VotingRule,
)

# Simple majority of the votes expressed, half of the seats present: the plainest statutes.
PLAIN_RULE: dict[str, Any] = {
    "body": "CA",
    "quorum": {"base": "in_office", "min": "1/2", "compare": ">=", "counts": "present"},
    "second_call": {"allowed": True, "quorum": "none", "min_days": 8},
    "majority": {"kind": "simple", "base": "expressed"},
    "abstention": "neutral",
    "blank_or_void": "neutral",
    "tie": "rejected",
    "proxy": {"allowed": True, "max_per_holder": 2, "written": True, "same_body_only": True},
    "remote": {"allowed": False},
    "recusal": {"removes_from": "base"},
}


def luhn_siren(seed: int) -> str:
    """The `seed`-th invented SIREN that passes Luhn."""
    body = f"9{seed:07d}"
    total = sum(sum(divmod(int(digit) * (2 if index % 2 else 1), 10)) for index, digit in enumerate(body))
    return f"{body}{(10 - total % 10) % 10}"


class Cast:
    """Everybody, made at once. `today` is the domain's day when the cast was made."""

    def __init__(self) -> None:
        self.today = clock.today()
        self.since = self.today - dt.timedelta(days=800)
        self.cooperation = Cooperation.objects.create(name="La Belle Équipe", started_on=self.since)
        self.foreign_cooperation = Cooperation.objects.create(name="Ailleurs", started_on=self.since)
        self._number = 0
        self._tokens: dict[Any, str] = {}
        # Written together at the end: a cast is made for most tests, and each statement costs a millisecond.
        self._waiting: list[Any] | None = []

        self.alpha = self.organisation("Alpha", headcount="64.00", cse=CseStatus.ELECTED, circle=CircleKind.CORE)
        self.beta = self.organisation("Bêta", headcount="32.00", cse=CseStatus.ELECTED, circle=CircleKind.CORE)
        self.gamma = self.organisation("Gamma", headcount="8.00", circle=CircleKind.ACTIVE)
        self.delta = self.organisation("Delta", headcount="0.00", circle=CircleKind.NETWORK)
        self.omega = self.organisation("Oméga", headcount="12.00", circle=CircleKind.CORE, left_days_ago=30)
        self.zeta = self.organisation(
            "Zêta", headcount="70.00", circle=CircleKind.CORE, cooperation=self.foreign_cooperation
        )

        self.coordinator = self.person("Camille", "Coordinatrice", RoleKind.COORDINATION)
        self.facilitator = self.person("Fanny", "Animatrice", RoleKind.FACILITATION)
        self.chair_alpha = self.person("Alice", "Présidente", RoleKind.BOARD_CHAIR, self.alpha)
        self.member_alpha = self.person("Adam", "Administrateur", RoleKind.BOARD_MEMBER, self.alpha)
        self.director_alpha = self.person("Agnès", "Directrice", RoleKind.DIRECTOR, self.alpha)
        self.employees_alpha = self.person("Anouk", "Référente", RoleKind.EMPLOYEES_CONTACT, self.alpha)
        self.chair_beta = self.person("Basile", "Président", RoleKind.BOARD_CHAIR, self.beta)
        self.director_beta = self.person("Berthe", "Directrice", RoleKind.DIRECTOR, self.beta)
        self.pilot_beta = self.person("Boris", "Pilote", RoleKind.PILOT, self.beta)
        self.chair_gamma = self.person("Gaël", "Président", RoleKind.BOARD_CHAIR, self.gamma)
        self.chair_delta = self.person("Diane", "Présidente", RoleKind.BOARD_CHAIR, self.delta)
        self.funder = self.person("Félix", "Financeur", RoleKind.FUNDER)
        self.observer = self.person("Odile", "Observatrice", RoleKind.OBSERVER)
        # Near misses: everything right but one thing.
        self.former_chair = self.person("Oscar", "Ancien", RoleKind.BOARD_CHAIR, self.omega)
        self.yesterday_chair_alpha = self.person("Yves", "Hier", RoleKind.BOARD_CHAIR, self.alpha, ended_days_ago=1)
        self.foreign_coordinator = self.person(
            "Zoé", "Ailleurs", RoleKind.COORDINATION, cooperation=self.foreign_cooperation
        )
        self.foreign_chair = self.person(
            "Zacharie", "Ailleurs", RoleKind.BOARD_CHAIR, self.zeta, cooperation=self.foreign_cooperation
        )
        self.stranger = self.person("Solène", "Inconnue")
        self._write_what_waits()

    def _write(self, *rows: Any) -> None:
        if self._waiting is None:
            type(rows[0]).objects.bulk_create(rows)
        else:
            self._waiting += rows

    def _write_what_waits(self) -> None:
        waiting, self._waiting = self._waiting or [], None
        for model in (Organisation, MonthlyHeadcount, Board, VotingRule, Membership, CircleStay, Person, User, Role):
            manager: Any = model.objects
            manager.bulk_create([obj for obj in waiting if type(obj) is model])

    @property
    def everyone(self) -> dict[str, Person]:
        """Name in the cast -> person."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Person)}

    def organisation(
        self,
        name: str,
        *,
        headcount: str = "5.00",
        cse: CseStatus = CseStatus.NONE,
        circle: CircleKind | None = None,
        cooperation: Cooperation | None = None,
        left_days_ago: int | None = None,
    ) -> Organisation:
        """An organisation with 24 months of headcount, a board with plain statutes and, in a circle, a membership."""
        self._number += 1
        organisation = Organisation(
            name=name,
            siren=luhn_siren(self._number),
            cse_status=cse,
            cse_first_elected_on=dt.date(2019, 6, 3) if cse == CseStatus.ELECTED else None,
            is_fictitious=True,
        )
        self._write(organisation)
        month = self.today.replace(day=1)
        months = []
        for _index in range(24):
            months.append(MonthlyHeadcount(organisation=organisation, month=month, value=Decimal(headcount)))
            month = (month - dt.timedelta(days=1)).replace(day=1)
        self._write(*months)
        board = Board(organisation=organisation, seats_in_office=9)
        self._write(board)
        self._write(VotingRule(board=board, valid_from=self.since, definition=PLAIN_RULE))
        if circle is not None:
            self.member(organisation, circle, cooperation=cooperation, left_days_ago=left_days_ago)
        return organisation

    def member(
        self,
        organisation: Organisation,
        circle: CircleKind,
        *,
        cooperation: Cooperation | None = None,
        left_days_ago: int | None = None,
    ) -> Membership:
        left = None if left_days_ago is None else self.today - dt.timedelta(days=left_days_ago)
        where = cooperation or self.cooperation
        membership = Membership(cooperation=where, organisation=organisation, joined_on=self.since, left_on=left)
        self._write(membership)
        self._write(CircleStay(cooperation=where, membership=membership, circle=circle, since=self.since, until=left))
        return membership

    def person(
        self,
        given_name: str,
        family_name: str,
        kind: RoleKind | None = None,
        organisation: Organisation | None = None,
        *,
        cooperation: Cooperation | None = None,
        ended_days_ago: int | None = None,
    ) -> Person:
        """A person with an account and, given a kind, a role in the cooperation."""
        self._number += 1
        email = f"personne{self._number}@coopproject.example"
        person = Person(given_name=given_name, family_name=family_name, email=email)
        self._write(person)
        self._write(User(email=email, person=person, password="!"))
        if kind is not None:
            until = None if ended_days_ago is None else self.today - dt.timedelta(days=ended_days_ago)
            self._write(
                Role(
                    cooperation=cooperation or self.cooperation,
                    person=person,
                    organisation=organisation,
                    kind=kind,
                    since=self.since,
                    until=until,
                )
            )
        return person

    def token(self, person: Person, *scopes: TokenScope) -> str:
        """A real API token of this person, with every scope unless some are named."""
        cache_key = (person.pk, scopes)
        if cache_key not in self._tokens:
            key, secret, full = new_token()
            ApiToken.objects.create(
                key=key,
                user=person.account,
                name="test",
                secret_hash=hash_secret(secret),
                scopes=list(scopes or TokenScope),
                expires_at=clock.now() + dt.timedelta(days=3650),
            )
            self._tokens[cache_key] = full
        return self._tokens[cache_key]

    def api(self, person: Person | None, *scopes: TokenScope) -> APIClient:
        """A client of the API with this person's token; anonymous for None."""
        client = APIClient(raise_request_exception=False)
        if person is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.token(person, *scopes)}")
        return client
