"""The example of ten training bodies, imported, and the words in which its story is told."""

import datetime as dt
import uuid
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from rest_framework.test import APIClient

from coopproject import clock
from governance.actor import Actor
from governance.dossier import reading
from governance.enums import TokenScope
from governance.models import ApiToken, Person, User
from governance.services import dossiers
from governance.token_secrets import hash_secret, new_token

FILE = Path(settings.BASE_DIR) / "examples" / "plateforme-vae.yaml"
API = "/api/v1"


class Plateforme:
    """The cooperation, its organisations by short name and its people by family name; each acts by their own token."""

    def __init__(self) -> None:
        document = reading.read(FILE.read_bytes())
        cooperation = dossiers.dossier_import(actor=Actor.system("test"), document=document).cooperation
        self.id, self.today = str(cooperation.pk), clock.today(cooperation.zone)
        self._clients: dict[str, APIClient] = {}
        self.people: dict[str, str] = {}
        self.people["Carpentier"] = str(Person.objects.get(family_name="Carpentier").pk)
        for row in self.list("Carpentier", f"/people/?cooperation={self.id}&page_size=100"):
            self.people[row["family_name"]] = row["id"]
        rows = self.list("Carpentier", f"/memberships/?cooperation={self.id}&expand=organisation&page_size=100")
        self.memberships = {row["organisation"]["name"]: row for row in rows}
        self.organisations = {name: row["organisation"]["id"] for name, row in self.memberships.items()}

    def client(self, who: str) -> APIClient:
        """The API with a token of this person, to whom an account is given the first time."""
        if who not in self._clients:
            person = self.people[who]
            call_command("create_account", person, stdout=StringIO())
            key, secret, full = new_token()
            ApiToken.objects.create(
                key=key,
                user=User.objects.get(person=uuid.UUID(person)),
                name="histoire",
                secret_hash=hash_secret(secret),
                scopes=list(TokenScope),
                expires_at=clock.now() + dt.timedelta(days=365),
            )
            client = APIClient(raise_request_exception=False)
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {full}")
            self._clients[who] = client
        return self._clients[who]

    def get(self, who: str, path: str) -> Any:
        response = self.client(who).get(f"{API}{path}")
        assert response.status_code == 200, response.content
        return response.json()

    def list(self, who: str, path: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.get(who, path)["results"]
        return rows

    def try_(self, who: str, path: str, body: dict[str, Any] | None = None, *, method: str = "post") -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4()), "If-Match": "*"}
        return getattr(self.client(who), method)(f"{API}{path}", body or {}, format="json", headers=headers)

    def do(self, who: str, path: str, body: dict[str, Any] | None = None, *, method: str = "post") -> dict[str, Any]:
        """An act that succeeds; its answer."""
        response = self.try_(who, path, body, method=method)
        assert response.status_code in (200, 201), (path, response.status_code, response.content.decode())
        answer: dict[str, Any] = response.json()
        return answer

    def day(self, days: int) -> str:
        return (self.today + dt.timedelta(days=days)).isoformat()

    def organisation(self, name: str) -> str:
        return next(id_ for known, id_ in self.organisations.items() if name in known)

    def board(self, who: str, organisation: str) -> dict[str, Any]:
        return self.list(who, f"/boards/?organisation={self.organisation(organisation)}")[0]

    def appoint(self, organisation: str, kind: str, *family_names: str) -> None:
        """The coordination makes people known, each with a role for an organisation."""
        for name in family_names:
            self.people[name] = self.do(
                "Carpentier",
                "/people/",
                {
                    "cooperation": self.id,
                    "organisation": self.organisation(organisation),
                    "kind": kind,
                    "given_name": "Camille",
                    "family_name": name,
                    "email": f"membre{len(self.people)}@vae.example",
                },
            )["id"]
