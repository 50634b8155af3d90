"""Playing a live vote through the API: a board of named directors, convened, open, cast, closed."""

from typing import Any

from charters.models import BoardDeliberation, CharterVersion
from governance.enums import RoleKind
from governance.models import Organisation, Person, VotingRule
from tests.cast import PLAIN_RULE, Cast
from tests.requests import act

URL = "/api/v1/board-deliberations/"
NO_PROXY = {"allowed": False}
ANY_PROXY = {"allowed": True, "max_per_holder": 2, "written": False, "same_body_only": True}


def rule(**changes: Any) -> dict[str, Any]:
    """Plain statutes, but for these."""
    return {**PLAIN_RULE, **changes}


def with_rule(organisation: Organisation, **changes: Any) -> None:
    VotingRule.objects.filter(board__organisation=organisation).update(definition=rule(**changes))


def directors(cast: Cast, organisation: Organisation, count: int) -> list[Person]:
    """So many members of the board, beside its chair."""
    return [cast.person(f"Membre{i}", "Conseil", RoleKind.BOARD_MEMBER, organisation) for i in range(count)]


class LiveVote:
    """One deliberation of Gamma's board (no employee, nine seats) and the people who sit on it: `board[0]` chairs."""

    def __init__(self, cast: Cast, version: CharterVersion, *, others: int = 5, **fields: Any) -> None:
        self.cast, self.version = cast, version
        self.chair = cast.chair_gamma
        self.board = [self.chair, *directors(cast, cast.gamma, others)]
        response = act(cast.api(self.chair), URL, convening(cast, version, cast.gamma, **fields))
        assert response.status_code == 201, response.content
        self.id: str = response.json()["id"]

    @property
    def row(self) -> BoardDeliberation:
        return BoardDeliberation.objects.get(pk=self.id)

    def do(self, who: Person, name: str, **body: Any) -> Any:
        headers = {key: body.pop(key) for key in ("Idempotency-Key", "If-Match") if key in body}
        return act(self.cast.api(who), f"{URL}{self.id}/{name}/", body, **headers)

    def ok(self, who: Person, name: str, **body: Any) -> dict[str, Any]:
        response = self.do(who, name, **body)
        assert response.status_code == 200, response.content
        answer: dict[str, Any] = response.json()
        return answer

    def open(self) -> dict[str, Any]:
        return self.ok(self.chair, "open")

    def cast_all(self, *choices: str) -> None:
        """The first members of the board vote so, one each."""
        for person, choice in zip(self.board, choices, strict=False):
            self.ok(person, "cast", choice=choice)

    def close(self, **body: Any) -> dict[str, Any]:
        return self.ok(self.chair, "close", **body)

    def seen_by(self, who: Person) -> dict[str, Any]:
        answer: dict[str, Any] = self.cast.api(who).get(f"{URL}{self.id}/").json()
        return answer


def convening(cast: Cast, version: CharterVersion, organisation: Organisation, **fields: Any) -> dict[str, Any]:
    """The body that convenes the board of this organisation today."""
    return {
        "mode": "live",
        "charter_version": str(version.pk),
        "board": str(organisation.boards.get().pk),
        "content_hash": version.content_hash,
        "held_on": cast.today.isoformat(),
        "ballot": "named",
        **fields,
    }
