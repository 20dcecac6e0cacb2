"""What must be true when a step of the outages is over: nothing lost, nothing twice, nothing half."""

from collections.abc import Callable

from tests.prove._faults_cases import ROWS, Case
from tests.prove._faults_checks import Violations, _facts, _same
from tests.prove._outages_cases import NUMBER

ONCE = {"valkey emptied", "valkey back", "s3 broken", "s3 silent", "web"}
TIMES_AT_MOST = 3


def _decide(case: Case) -> Violations:
    unit, central, items = case.tenant("dinkes"), case.tenant("pusat"), sorted(case.known["items"])
    answers = "select item_id, verdict from exchange.decision where writer_id = %s order by item_id"
    yield from _same("answers", case.rows(answers, central), [(item, "accepted") for item in items])
    yield from _entries(case, "accepted")
    yield from _told(case, ("received", "accepted"))
    yield from _facts(case, "pusat", review__decided=1, review__finished=1)
    duties = "select state from ops.obligation where tenant_id = %s and kind = 'review.due'"
    yield from _same("review due", case.rows(duties, central), [("settled",)])
    states = case.rows("select distinct state from work.item where tenant_id = %s", unit)
    yield from _same("items at the unit", states, [("submitted",)])
    told = (
        "select person_id from work.notice where tenant_id = %s and kind like 'review.accepted%%' order by 1"
    )
    people = sorted(case.world.people[f"{role}.dinkes@{case.region}"] for role in ("petugas", "kepala"))
    yield from _same("noticed, with the morning's mail", [row[0] for row in case.rows(told, unit)], people)


def _entries(case: Case, state: str) -> Violations:
    found = case.rows(
        "select item_id, state from work.entry where tenant_id = %s order by item_id", case.tenant("pusat")
    )
    yield from _same("entries", found, [(item, state) for item in sorted(case.known["items"])])


def _told(case: Case, states: tuple[str, ...]) -> Violations:
    found = case.rows(
        "select item_id, array_agg(state order by n), array_agg(n order by n) from exchange.status"
        " where writer_id = %s group by item_id order by item_id",
        case.tenant("pusat"),
    )
    numbers = list(range(1, len(states) + 1))
    wanted = [(item, list(states), numbers) for item in sorted(case.known["items"])]
    yield from _same("told to the unit", found, wanted)


def _determine(case: Case) -> Violations:
    central = case.tenant("pusat")
    made = case.rows("select number, document_id from work.determination where tenant_id = %s", central)
    yield from _same("determinations", [row[0] for row in made], [NUMBER])
    covered = "select item_id from work.determination_item where tenant_id = %s order by item_id"
    yield from _same("covered", [r[0] for r in case.rows(covered, central)], sorted(case.known["items"]))
    kept = case.rows("select id from work.document where tenant_id = %s", central)
    yield from _same("letters kept", [row[0] for row in kept], [row[1] for row in made])
    yield from _entries(case, "determined")
    yield from _told(case, ("received", "accepted", "determined"))
    yield from _facts(case, "pusat", determination__made=1, document__stored=1)


def _mail(case: Case) -> Violations:
    yield from _facts(case, "pusat", collection__reminded=5)
    yield from _letters(case, "collection.reminded")


def _letters(case: Case, kind: str) -> Violations:
    """Each person who may send got the letter; again only where it could not be known that the first had gone out."""
    letters = case.known["letters"]
    wanted = [
        f"<{event}.{case.world.people[f'{role}.{slug}@{case.region}']}.{slug}@ppid.invalid>"
        for event, reader in case.rows(
            "select id, reader_id from ops.event where tenant_id = %s and kind = %s",
            case.tenant("pusat"),
            kind,
        )
        for (_, slug), tenant in case.world.tenants.items()
        if tenant == reader
        for role in ("petugas", "kepala")
    ]
    often = [letters[name] for name in wanted]
    most = 1 if case.known["fault"] in ONCE else TIMES_AT_MOST
    yield from _same(f"letters {often}", all(1 <= times <= most for times in often), True)
    case.known["repeated"] = sum(times - 1 for times in often)


def _sign_in(case: Case) -> Violations:
    """Every session has its fact, every acknowledged one is there, and one can sign in afterwards."""
    person = case.world.people[f"kepala.dinkes@{case.region}"]
    sessions = case.one("select count(*) from identity.session where person_id = %s", person)
    yield from _same("at least the acknowledged", sessions >= case.known["acknowledged"] >= 1, True)
    yield from _facts(case, "dinkes", account__signed_in=sessions)
    yield from _same("counted as failures", case.rows("select failures from identity.sign_in_attempt"), [])


def _uploaded(case: Case) -> Violations:
    unit = case.tenant("dinkes")
    batches = case.rows("select id::text, state from work.import_batch where tenant_id = %s", unit)
    yield from _same("batches", batches, [(case.known["batch"], "understood")])
    rows = "select count(*) from work.import_row where tenant_id = %s and kind = 'data'"
    yield from _same("rows", case.one(rows, unit), ROWS)
    yield from _facts(case, "dinkes", document__stored=1, import__uploaded=1, import__understood=1)


def _sweep(case: Case) -> Violations:
    yield from _uploaded(case)
    unit = case.tenant("dinkes")
    duties = "select id, state from ops.obligation where tenant_id = %s and kind <> 'notices.morning'"
    found = case.rows(duties, unit)
    yield from _same("duties", [row[1] for row in found], ["lapsed"])
    mine = [row[0] for row in found]
    effects = (
        "select obligation_id from ops.obligation_effect where tenant_id = %s and obligation_id = any(%s)"
    )
    yield from _same("lapsed once", case.rows(effects, unit, mine), [(one,) for one in mine])
    told = (
        "select count(*) from ops.event where tenant_id = %s and kind = 'obligation.due'"
        " and data->>'kind' <> 'notices.morning'"
    )
    yield from _same("facts obligation.due", case.one(told, unit), 1)


CHECKS: dict[str, Callable[[Case], Violations]] = {
    "decide": _decide,
    "determine": _determine,
    "mail": _mail,
    "sign-in": _sign_in,
    "upload": _uploaded,
    "sweep": _sweep,
}
