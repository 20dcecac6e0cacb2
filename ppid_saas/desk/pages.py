"""First pages of units and of the central."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ppid_saas.desk import queries
from ppid_saas.desk.frame import space_root
from tenants import context

bp = Blueprint("desk", __name__)


@bp.get("/<region>/u/<unit>/beranda")
def unit_home(region: str, unit: str) -> ResponseReturnValue:  # noqa: ARG001
    return _home(queries.unit_home)


@bp.get("/<region>/pusat/beranda")
def central_home(region: str) -> ResponseReturnValue:  # noqa: ARG001
    return _home(queries.central_home)


def _home(of: queries.Reader) -> ResponseReturnValue:
    binding = context.current_binding()
    return render_template(
        "desk/home.html", home=of(space_root(binding)), name=binding.name, person=binding.person_name
    )
