"""A decree in the console: what it changes is shown, what contradicts itself is refused, once in force every tenant follows."""

from flask.testing import FlaskClient

from ppid_saas.cases import recounting
from tests.console.test_pages import operator
from tests.fixtures.forms import post
from tests.fixtures.world import World
from tests.workdays.test_decrees import WHOLE

__all__ = ["operator"]
PATH = "/platform/kalender"


def test_a_decree_is_shown_refused_and_put_in_force(world: World, operator: FlaskClient) -> None:
    form = {"number": "SKB uji 1", "year": "2058", "days": WHOLE.replace("2028", "2058")}
    assert "hari berubah" in post(operator, PATH, form).get_data(as_text=True)
    assert post(operator, PATH, form | {"days": WHOLE}).status_code == 422
    assert post(operator, PATH, form | {"year": "lama"}).status_code == 422
    assert post(operator, PATH, form | {"yakin": "1"}).status_code == 303
    assert post(operator, PATH, form | {"yakin": "1"}).status_code == 409
    with world.acting("pusat@sana"):
        recounting.recount()
        assert not recounting.is_behind()


def test_nobody_else_finds_it(world: World) -> None:
    assert world.client("pusat@sana", "console").get(PATH).status_code == 404
