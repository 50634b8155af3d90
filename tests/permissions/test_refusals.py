"""A refusal says whom the act belongs to: capacities, in the reader's language, and never who they are."""

import pytest
from drf_spectacular.generators import SchemaGenerator

from governance.models import Role
from tests.cast import PLAIN_RULE, Cast
from tests.permissions.routes import routes


@pytest.mark.django_db
def test_whoever_may_not_act_is_told_whom_the_act_belongs_to(cast: Cast) -> None:
    rule = {"cooperation": str(cast.cooperation.pk), "valid_from": cast.since.isoformat(), "definition": PLAIN_RULE}
    mandate = Role.objects.get(cooperation=cast.cooperation, person=cast.coordinator)
    told = {}
    for language in ("fr", "en"):
        client = cast.api(cast.chair_alpha)
        refused = client.post("/api/v1/assembly-rules/", rule, format="json", headers={"Accept-Language": language})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        told[language] = refused.json()["detail"]
        other = client.patch(
            f"/api/v1/roles/{mandate.pk}/",
            {"since": cast.since.isoformat()},
            format="json",
            headers={"Accept-Language": language, "If-Match": "*"},
        )
        assert (other.status_code, other.json()["detail"]) == (403, told[language])
    assert told == {
        "fr": "Vous pouvez connaître cet objet, mais cet acte revient à : coordination.",
        "en": "You may know of this object, but this act belongs to: coordination.",
    }


def test_every_act_that_a_policy_opens_says_to_whom_in_the_document_of_the_api() -> None:
    operations = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    silent = []
    for route in routes().values():
        policy = getattr(getattr(route.viewset, "serializer_class", None), "policy", None)
        if policy is None or route.method == "GET":
            continue
        said = operations[f"/api/v1/{route.path}"][route.method.lower()].get("description", "")
        silent += [] if "Revient à : " in said else [f"{route.method} {route.path}"]
    assert not silent
