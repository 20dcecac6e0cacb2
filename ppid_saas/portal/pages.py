"""The public site: one list or many, search, the answer to one item, editions and their files. Sets no cookie.

Every page works without JavaScript and says what the clock says. What is shown comes from plane publication alone.
"""

from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from jinja2_fragments.flask import render_block
from werkzeug.exceptions import HTTPException

from ppid_saas.access.sayings import say
from ppid_saas.portal.caching import FILES, cached, fresh, tag
from ppid_saas.portal.filters import FILTER_WORDS, address_but, filters, marks, word
from ppid_saas.portal.search import PER_PAGE, STATUSES, Wanted, ending, read_wanted, search, totals, ways_in
from ppid_saas.portal.structured import dataset
from ppid_saas.publication import queries
from ppid_saas.publication.differences import differences
from ppid_saas.publication.models import Edition, EditionFile
from ppid_saas.publication.queries import ListFacts
from ppid_saas.publication.rules import reason_words
from ppid_saas.publication.showing import DIP_WORDS, HOW_OPENED, LABELS, shown
from ppid_saas.web import charts
from ppid_saas.web.errors import answer, wants_json
from ppid_saas.web.marks import public
from tenants import clock, vault

bp = Blueprint("portal", __name__)

HOME_OPENED = 5


@bp.get("/")
@public
def regions() -> ResponseReturnValue:
    found = queries.lists()
    host = request.host.partition(":")[0]
    own = [facts for facts in found if facts.host and facts.host == host]
    if len(own or found) == 1:
        return redirect(url_for("portal.home", wilayah=(own or found)[0].slug), 303)
    etag = tag(*((facts.slug, facts.edition_in_force, facts.region_name) for facts in found))
    return fresh(etag) or cached(render_template("portal/regions.html", lists=found, frame={}), etag)


@bp.get("/<wilayah>/")
@public
def home(wilayah: str) -> ResponseReturnValue:
    facts, today, etag = _open(wilayah)
    if same := fresh(etag):
        return same
    edition = _in_force(facts)
    files = queries.edition_files(facts.central_id, edition.n) if edition else ()
    return _page(
        "home", facts, etag, edition=edition, totals=totals(facts.central_id, today), files=files,
        soon=[shown(body, today) for body in ending(facts.central_id, today, opened=False)],
        opened=[shown(body, today) for body in ending(facts.central_id, today, opened=True)],
        opened_rows=queries.opened_items(facts.central_id, 0, HOME_OPENED),
        ways_in=_ways_in(facts, today), structured=dataset(_origin(), facts, edition, files),
    )  # fmt: skip


def _ways_in(facts: ListFacts, today: date) -> dict[str, list[tuple[str, str, int]]]:
    """Value, words and count of everything the first page offers to browse by; the fullest unit first."""
    names = {unit.slug: unit.name for unit in queries.units(facts.central_id)}
    found = ways_in(facts.central_id, today)
    worded = {
        kind: [(value, word(kind, value, names), count) for value, count in rows]
        for kind, rows in found.items()
    }
    return worded | {"unit": sorted(worded["unit"], key=lambda row: (-row[2], row[1]))}


@bp.get("/<wilayah>/dik")
@public
def results(wilayah: str) -> ResponseReturnValue:
    facts, today, etag = _open(wilayah)
    if same := fresh(etag):
        return same
    units = {unit.slug: unit.name for unit in queries.units(facts.central_id)}
    wanted, ignored = read_wanted(request.args, list(units))
    found = search(facts.central_id, wanted, today)
    if wanted.page > found.pages:
        abort(404)
    return _page(
        "results", facts, etag, block="results" if "HX-Request" in request.headers else "", wanted=wanted, found=found,
        items=[shown(body, today) for body in found.bodies], per_page=PER_PAGE,
        ignored=[FILTER_WORDS[name] for name in ignored], filters=filters(wanted, found.facets, units),
        marks=marks(wanted, units), page_url=address_but(wanted, "") + "&hal={hal}",
        clear_url=address_but(Wanted(q=wanted.q), ""),
    )  # fmt: skip


@bp.get("/<wilayah>/dik/<code>")
@public
def item(wilayah: str, code: str) -> ResponseReturnValue:
    facts, today, etag = _open(wilayah)
    steps = queries.history(facts.central_id, code)
    if not steps:
        abort(404)
    live = queries.find_live(facts.central_id, code)
    opened = queries.find_opened(facts.central_id, code) if live is None else None
    if opened is not None:
        told = tag(facts.seq, today, opened.dip)
        return fresh(told) or _page(
            "opened_item", facts, told, one=opened, steps=steps, how=HOW_OPENED, dip_words=DIP_WORDS
        )
    if live is None:
        return fresh(etag) or _page("withdrawn", facts, etag, code=code, step=steps[-1])
    if same := fresh(etag):
        return same
    found = shown(live.body, today)
    passed = charts.share(found.dated_on, found.ends_on, today) if found.ends_on else None
    return _page(
        "item", facts, etag, item=found, passed=passed, edition_n=live.edition_n, steps=steps, today=today
    )


@bp.get("/<wilayah>/dibuka")
@public
def opened_list(wilayah: str) -> ResponseReturnValue:
    facts, today, _ = _open(wilayah)
    total, page = queries.count_opened(facts.central_id), request.args.get("hal", 1, int)
    pages = max(1, -(-total // PER_PAGE))
    if not 1 <= page <= pages:
        abort(404)
    rows = queries.opened_items(facts.central_id, (page - 1) * PER_PAGE, PER_PAGE)
    etag = tag(facts.seq, today, *(row.dip for row in rows))
    return fresh(etag) or _page(
        "opened",
        facts,
        etag,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        per_page=PER_PAGE,
        how=HOW_OPENED,
    )


@bp.get("/<wilayah>/edisi")
@public
def editions(wilayah: str) -> ResponseReturnValue:
    facts, _, etag = _open(wilayah)
    return fresh(etag) or _page("editions", facts, etag, editions=queries.editions(facts.central_id))


@bp.get("/<wilayah>/edisi/<int:n>")
@public
def edition(wilayah: str, n: int) -> ResponseReturnValue:
    facts, today, etag = _open(wilayah)
    found = _edition(facts, n)
    if same := fresh(etag):
        return same
    page = request.args.get("hal", 1, int)
    pages = max(1, -(-found.item_count // PER_PAGE))
    if not 1 <= page <= pages:
        abort(404)
    bodies = queries.edition_bodies(facts.central_id, n, (page - 1) * PER_PAGE, PER_PAGE)
    files = queries.edition_files(facts.central_id, n)
    return _page(
        "edition", facts, etag, edition=found, items=[shown(body, today) for body in bodies], page=page, pages=pages,
        dated_on=date.fromisoformat(found.determination["dated_on"]), files=files,
        structured=dataset(_origin(), facts, found, () if found.retracted_at else files),
    )  # fmt: skip


@bp.get("/<wilayah>/edisi/<int:a>/banding/<int:b>")
@public
def compare(wilayah: str, a: int, b: int) -> ResponseReturnValue:
    facts, _, etag = _open(wilayah)
    if a > b:
        return redirect(url_for("portal.compare", wilayah=wilayah, a=b, b=a), 303)
    before, after = _edition(facts, a), _edition(facts, b)
    if same := fresh(etag):
        return same
    bodies = [queries.edition_bodies(facts.central_id, one.n) for one in (before, after)]
    withheld = bool(before.retracted_at or after.retracted_at)
    return _page(
        "compare", facts, etag, before=before, after=after, withheld=withheld, changes=differences(*bodies)
    )


@bp.get("/<wilayah>/edisi/<int:n>/berkas/<format>")
@public
def file(wilayah: str, n: int, format: str) -> ResponseReturnValue:  # noqa: A002  # the word of the address
    facts = _list(wilayah)
    found = _edition(facts, n)
    if found.retracted_at:
        abort(410)
    row = next((row for row in queries.edition_files(facts.central_id, n) if row.format == format), None)
    if row is None:
        abort(404)
    response = Response(status=304) if request.if_none_match.contains(row.sha256) else _download(facts, row)
    response.set_etag(row.sha256)
    response.headers["Cache-Control"] = FILES
    return response


def _download(facts: ListFacts, row: EditionFile) -> Response:
    kind, _, volume = row.format.partition("-")
    name = f"dik-{facts.slug}-edisi-{row.n}{'-' if volume else ''}{volume}.{kind}"
    data = vault.open_public(facts.central_id, row.object_id, size=row.size, sha=row.sha256)
    return send_file(
        data, mimetype=row.media_type, as_attachment=True, download_name=name, etag=False, conditional=False
    )


@bp.get("/<wilayah>/unit/<slug>")
@public
def unit(wilayah: str, slug: str) -> ResponseReturnValue:
    facts, today, etag = _open(wilayah)
    known = {row.slug: row for row in queries.units(facts.central_id)}
    if slug not in known:
        abort(404)
    if same := fresh(etag):
        return same
    page = request.args.get("hal", "1")
    wanted = Wanted(unit=slug, page=int(page) if page.isdigit() and 0 < len(page) < 6 else 1)
    found = search(facts.central_id, wanted, today)
    return _page(
        "unit", facts, etag, unit=known[slug], found=found, page=wanted.page, per_page=PER_PAGE,
        items=[shown(body, today) for body in found.bodies],
    )  # fmt: skip


@bp.get("/<wilayah>/data")
@public
def data(wilayah: str) -> ResponseReturnValue:
    facts, _, etag = _open(wilayah)
    edition_in_force = _in_force(facts)
    files = queries.edition_files(facts.central_id, edition_in_force.n) if edition_in_force else ()
    structured = dataset(_origin(), facts, edition_in_force, files)
    return fresh(etag) or _page(
        "data", facts, etag, edition=edition_in_force, files=files, structured=structured
    )


@bp.get("/<wilayah>/keberatan")
@public
def objection(wilayah: str) -> ResponseReturnValue:
    facts, _, etag = _open(wilayah)
    return fresh(etag) or _page("objection", facts, etag)


@bp.get("/api/v1/docs")
@public
def api_docs() -> ResponseReturnValue:
    etag = tag()
    if same := fresh(etag):
        return same
    spec = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return cached(render_template("portal/api_docs.html", spec=spec, frame={}), etag)


@bp.app_errorhandler(404)
@bp.app_errorhandler(410)
def _gone(error: HTTPException) -> Any:
    """Answer people in the portal's own words; programs get what every API gives."""
    status = error.code or 404
    if wants_json():
        return answer(status)
    slug = (request.view_args or {}).get("wilayah", "")
    facts = queries.find_list(slug) if slug else None
    return render_template(
        "portal/gone.html", status=status, facts=facts, frame=_frame(facts) if facts else {}
    ), status


@bp.errorhandler(vault.StoreAwayError)
@bp.errorhandler(vault.UnreadableObjectError)
def _away(_: Exception) -> Any:
    """A file that cannot be fetched, or is not the one that was published, is not sent."""
    return answer(503)


def _list(wilayah: str) -> ListFacts:
    facts = queries.find_list(wilayah)
    if facts is None:
        abort(404)
    return facts


def _open(wilayah: str) -> tuple[ListFacts, date, str]:
    """The list, its today, and the tag of whatever this address answers from them."""
    facts = _list(wilayah)
    today = clock.today(facts.zone)
    return facts, today, tag(facts.seq, facts.edition_in_force, today, facts.name, facts.region_name)


def _edition(facts: ListFacts, n: int) -> Edition:
    found = queries.find_edition(facts.central_id, n)
    if found is None:
        abort(404)
    return found


def _in_force(facts: ListFacts) -> Edition | None:
    return queries.find_edition(facts.central_id, facts.edition_in_force) if facts.edition_in_force else None


def _origin() -> str:
    return str(current_app.extensions["ppid"]["settings"].origins["portal"])


def _page(name: str, facts: ListFacts, etag: str, *, block: str = "", **values: Any) -> Response:
    values |= {
        "facts": facts,
        "frame": _frame(facts),
        "labels": LABELS,
        "statuses": STATUSES,
        "reason_words": reason_words,
    }
    template = f"portal/{name}.html"
    body = render_block(template, block, **values) if block else render_template(template, **values)
    return cached(body, etag)


def _frame(facts: ListFacts) -> dict[str, Any]:
    places = (
        ("home", say("Beranda")),
        ("results", say("Cari")),
        ("opened_list", say("Dibuka")),
        ("editions", say("Edisi")),
        ("data", say("Data")),
        ("objection", say("Keberatan")),
    )
    return {
        "region": facts.region_name,
        "home_url": url_for("portal.home", wilayah=facts.slug),
        "nav": [
            {
                "label": label,
                "url": url_for(f"portal.{name}", wilayah=facts.slug),
                "current": request.endpoint == f"portal.{name}",
            }
            for name, label in places
        ],
    }
