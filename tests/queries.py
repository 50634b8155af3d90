"""Lists cost the same number of queries for 2 rows and for 40: one helper for every app."""

from collections import Counter
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient


def assert_constant_queries(client: APIClient, url: str, make_rows: Callable[[int], object]) -> None:
    """GET `url` with 2 rows more, then 38 more: the same number of queries, and the rows are really served.

    `make_rows(n)` makes n more rows that the client may see at this address. Fails with the statements that repeat.
    """
    make_rows(2)
    client.get(_paged(url))  # the token's last use is written at most every five minutes
    few_rows, few = _count(client, url)
    make_rows(38)
    many_rows, many = _count(client, url)
    assert many_rows >= few_rows + 38, f"{url} serves {few_rows} then {many_rows} rows: make_rows makes others"
    assert len(many) == len(few), f"{url}: {len(few)} then {len(many)} queries; more often: {_more(few, many)}"


def _count(client: APIClient, url: str) -> tuple[int, list[str]]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(_paged(url))
    assert response.status_code == 200, response.content
    return len(response.json()["results"]), [query["sql"] for query in captured.captured_queries]


def _more(few: list[str], many: list[str]) -> list[str]:
    """The beginnings of the statements that the longer list runs more often."""
    difference = Counter(sql[:120] for sql in many) - Counter(sql[:120] for sql in few)
    return [f"{count} × {sql}" for sql, count in difference.most_common(5)]


def _paged(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}page_size=200"
