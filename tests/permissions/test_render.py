"""The page that people read is the matrix that the tests execute."""

from tests.permissions.render import PAGE, page


def test_the_page_of_permissions_is_the_matrix() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.permissions.render"
