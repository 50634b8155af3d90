"""`journal` and `consultation-regimes`: read by those concerned, written by nobody through the API."""

import pytest

from coopproject.models import new_id
from governance import journal
from governance.actor import Actor
from governance.enums import Confidentiality
from governance.models import JournalEntry, JournalHead
from tests.cast import Cast

URL = "/api/v1/journal/"
REGIMES = "/api/v1/consultation-regimes/"


def _record(cast: Cast, level: Confidentiality, cooperation: object = None) -> JournalEntry:
    return journal.record(
        "cooperation.looked_at",
        cooperation or cast.cooperation,
        actor=Actor.system("test"),
        on_behalf_of=cast.alpha.pk,
        confidentiality=level,
    )


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("coordinator", {"public", "network", "active", "core", "board"}),
        ("chair_alpha", {"public", "network", "active", "core", "board", "restricted"}),
        ("pilot_beta", {"public", "network", "active", "core"}),
        ("chair_gamma", {"public", "network", "active"}),
        ("observer", {"public", "network"}),
        ("former_chair", set()),
        ("yesterday_chair_alpha", set()),
        ("foreign_coordinator", set()),
        ("stranger", set()),
    ],
)
def test_each_reads_the_journal_up_to_their_level(cast: Cast, name: str, levels: set[str]) -> None:
    entries = {level: _record(cast, level) for level in Confidentiality}
    client = cast.api(cast.everyone[name])
    listed = client.get(f"{URL}?cooperation={cast.cooperation.pk}&count=exact").json()
    assert {row["confidentiality"] for row in listed["results"]} == levels
    assert listed["count"] == len(levels)
    for level, entry in entries.items():
        assert client.get(f"{URL}{entry.pk}/").status_code == (200 if level in levels else 404)


def test_the_journal_is_filtered_by_what_was_done_to_what(cast: Cast) -> None:
    cast.api(cast.coordinator).patch(f"/api/v1/cooperations/{cast.cooperation.pk}/", {"purpose": "Mutualiser"})
    _record(cast, Confidentiality.NETWORK)
    client = cast.api(cast.observer)

    def acts(query: str) -> list[str]:
        return [row["act"] for row in client.get(f"{URL}?{query}").json()["results"]]

    assert acts("") == ["cooperation.looked_at", "cooperation.updated"]
    assert acts("act=cooperation.updated") == ["cooperation.updated"]
    assert acts(f"object_id={cast.cooperation.pk}&object_type=governance.cooperation&ordering=sequence") == [
        "cooperation.updated",
        "cooperation.looked_at",
    ]
    assert acts(f"object_id={new_id()}") == []
    assert acts("updated_since=2100-01-01T00:00:00Z") == []
    assert acts(f"actor=person:{cast.coordinator.pk}") == ["cooperation.updated"]
    entry = client.get(f"{URL}?act=cooperation.updated").json()["results"][0]
    assert entry["payload"] == {"before": {"purpose": ""}, "after": {"purpose": "Mutualiser"}}


def test_nobody_writes_the_journal_through_the_api(cast: Cast) -> None:
    entry = _record(cast, Confidentiality.NETWORK)
    client = cast.api(cast.coordinator)
    assert client.post(URL, {}).status_code == 405
    assert client.patch(f"{URL}{entry.pk}/", {}).status_code == 405
    assert client.delete(f"{URL}{entry.pk}/").status_code == 405
    assert journal.verify_all() == []


def test_the_heads_of_my_chains_are_published_to_me(cast: Cast) -> None:
    _record(cast, Confidentiality.RESTRICTED)
    _record(cast, Confidentiality.NETWORK, cast.foreign_cooperation)
    head = JournalHead.objects.get(chain=str(cast.cooperation.pk))
    rows = cast.api(cast.observer).get(f"{URL}heads/").json()["results"]
    assert rows == [{"cooperation": str(cast.cooperation.pk), "sequence": 1, "hash": head.hash}]
    assert cast.api(cast.stranger).get(f"{URL}heads/").json()["results"] == []
    assert cast.api(cast.observer).get(f"{URL}heads/?cooperation=x").status_code == 400
    assert cast.api(None).get(f"{URL}heads/").status_code == 401


def test_the_regimes_are_served_as_the_rules_read_them(cast: Cast) -> None:
    client = cast.api(cast.stranger)
    rows = {row["id"]: row for row in client.get(REGIMES).json()["results"]}
    assert rows["CSE_2018"]["months"] == {"standard": 1, "expert": 2, "expert_both_levels": 3}
    assert rows["CSE_2018"]["confidence"] == "A"
    assert (rows["CE_2013"]["valid_to"], rows["CSE_2018"]["valid_to"]) == ("2015-12-31", None)
    assert client.get(f"{REGIMES}CE_2013/").json() == rows["CE_2013"]
    assert client.get(f"{REGIMES}CSE_1900/").status_code == 404
    assert client.get(f"{REGIMES}?body=cse").status_code == 400
    assert client.post(REGIMES, {}).status_code == 405
    assert cast.api(None).get(REGIMES).status_code == 401
