"""What a request would cost without the house: Flask, the driver, the same statements, the same template, nothing else."""

from collections.abc import Callable
from typing import Any

import psycopg
from flask import Flask, Response, g, jsonify, render_template

from tests.bench._office import Notes, Statement

Notebook = dict[tuple[str, str], Notes]
ITEM = (
    "select i.*, v.body, v.hash, v.at from work.item i join work.item_version v on v.tenant_id = i.tenant_id"
    " and v.item_id = i.id where i.tenant_id = %s and i.ref = %s order by v.version desc limit 30"
)


def repeat(connection: psycopg.Connection[Any], statements: list[Statement]) -> list[list[Any]]:
    """Run the statements of a request in one transaction and return all their rows."""
    answers = [connection.execute(statement, values).fetchall() for statement, values in statements]  # type: ignore[arg-type]
    connection.commit()
    return answers


def list_api(connection: psycopg.Connection[Any], notebook: Notebook) -> Flask:
    """Return an app whose one view answers the list as JSON from the rows of the office's own statements."""
    app = Flask("bare")

    @app.get("/api/v1/<region>/u/<unit>/items")
    def items(region: str, unit: str) -> Response:
        rows = repeat(connection, notebook[region, unit].statements)[-1]
        lines = [
            {
                "id": str(row[1]), "ref": row[2], "title": row[3], "state": row[4], "version": row[5],
                "grounds": row[0], "ends_on": row[6] and row[6].isoformat(),
                "review_on": row[7] and row[7].isoformat(), "done": row[8], "updated_at": row[9].isoformat(),
            }
            for row in rows[:40]
        ]  # fmt: skip
        return jsonify({"items": lines, "next": lines[-1]["ref"] if len(rows) > len(lines) else None})

    return app


def list_as_json(connection: psycopg.Connection[Any], notebook: Notebook) -> Flask:
    """Return an app that runs the statements of the list page and answers its lines as JSON, with no template."""
    app = Flask("bare")

    @app.get("/<region>/u/<unit>/butir")
    def items(region: str, unit: str) -> Response:
        notes = notebook[region, unit]
        repeat(connection, notes.statements)
        return jsonify([
            {"ref": line.ref, "title": line.title, "state": line.state, "codes": line.codes, "ends_on": line.ends_on}
            for line in notes.values["lines"]
        ])  # fmt: skip

    return app


def list_page(office: Flask, connection: psycopg.Connection[Any], notebook: Notebook) -> Flask:
    """Return an app that runs the statements of the list page and renders its template with the values noted."""

    def items(region: str, unit: str) -> str:
        notes = notebook[region, unit]
        repeat(connection, notes.statements)
        return _render(notes)

    return _with_templates(office, {"register_pages.items": items})


def item_page(
    office: Flask, connection: psycopg.Connection[Any], notebook: Notebook, ids: dict[tuple[str, str], Any]
) -> Flask:
    """Return an app whose one view selects an item with its versions past every wall and renders the item's template."""

    def item(region: str, unit: str, ref: int) -> str:
        connection.execute(ITEM, (ids[region, unit], ref)).fetchall()
        return _render(notebook[region, unit])

    return _with_templates(office, {"register_pages.item": item})


def _render(notes: Notes) -> str:
    g.csrf_token = "0" * 91
    return render_template(notes.template, **notes.values)


def _with_templates(office: Flask, views: dict[str, Callable[..., str]]) -> Flask:
    """Lend a bare app the office's templates, words and addresses, but none of its doors."""
    app = Flask("bare", static_folder=None)
    app.config.update(SECRET_KEY="bare", PROPAGATE_EXCEPTIONS=True)
    app.url_map, app.extensions, app.__dict__["jinja_env"] = (
        office.url_map,
        office.extensions,
        office.jinja_env,
    )
    app.url_default_functions = office.url_default_functions
    app.view_functions.update(views)
    return app
