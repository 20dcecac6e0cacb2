"""The loaded demo as its people meet it: every state that exists, nothing twice, nothing secret, and a future to look at."""

import json
import re
import urllib.error

import pytest

from ppid_saas.demo import content
from ppid_saas.law.checks import check_item
from ppid_saas.publication.rules import find_leaks
from tenants import clock
from tests.demo.regency import ACCOUNT, Regency
from tests.embedded.installation import until

SHOWN = [person for person in content.people() if person.shown]
STANDINGS = """
    select t.slug, s.round, s.is_nil, s.item_count,
      (select count(l.verdict) from work.review_line l where l.submission_id = s.id),
      (select count(*) from work.review_line l where l.submission_id = s.id and l.verdict = 'returned'),
      exists (select from ops.event e where e.subject = s.id and e.kind = 'review.finished')
    from exchange.submission s join identity.tenant t on t.id = s.writer_id
    join exchange.collection c on c.id = s.collection_id and c.reader_id = s.writer_id
    where c.title = %s
"""
EXEMPT_UNTIL_SOON = "Rincian HPS pekerjaan jalan sebelum penetapan pemenang"


def standings(regency: Regency, scene: str) -> dict[tuple[str, int], tuple[int, int, int, bool]]:
    title = content.regency()["scene"][scene]["title"]
    return {(row[0], row[1]): row[3:] for row in regency.rows(STANDINGS, [title])}


def test_what_was_killed_half_way_is_whole_and_nothing_is_there_twice(regency: Regency) -> None:
    assert (
        regency.rows(
            "select count(*), count(distinct (tenant_id, title)) from work.item where deleted_at is null"
        )[0][0]
        >= 160
    )
    assert not regency.rows("select tenant_id, title from work.item group by 1, 2 having count(*) > 1")
    assert regency.rows("select count(distinct id) from exchange.collection") == [(2,)]
    assert regency.rows("select count(*) from work.determination") == [(2,)]
    assert regency.rows("select count(*) from publication.edition") == [(1,)]
    assert regency.column("select state from work.import_batch") == {"understood"}
    until(lambda: not regency.rows("select * from ops.effect where done_at is null"), 600)
    assert regency.column("select settings->>'demo' from identity.tenant") == {"loaded"}


def test_every_state_that_exists_occurs(regency: Regency) -> None:
    assert regency.column("select state from work.item") == {"draft", "submitted", "returned"}
    assert regency.column("select state from work.entry") == {
        "received", "in_review", "returned", "accepted", "determined", "published", "revoked", "reopening",
        "opened_by_law",
    }  # fmt: skip
    assert regency.column("select state from work.edition_draft") == {"published", "ready"}
    assert regency.column('select state from work."case"') >= {"collecting", "published"}


def test_the_running_collection_is_in_the_middle_of_its_work(regency: Regency) -> None:
    found = standings(regency, "second")
    done = {place for place, (_, _, returned, finished) in found.items() if finished and not returned}
    assert done == {("inspektorat", 1), ("diskominfosatik", 1), ("disdukcapil", 2)}
    assert found["dinkes", 1][1] == 5 < found["dinkes", 1][0]
    assert found["dpupr", 1][1:] == (13, 3, True)
    assert found["bkpsdm", 2] == (2, 0, 0, False)
    assert {slug for slug, _ in found} == {
        "inspektorat", "diskominfosatik", "disdukcapil", "dinkes", "dpupr", "bkpsdm", "dindikbud", "bapenda", "bpr",
    }  # fmt: skip
    assert standings(regency, "first")["dpk", 1][0] == 0


def test_what_is_published_keeps_the_law_and_names_nobody(regency: Regency) -> None:
    frozen = regency.rows(
        "select i.body, d.dated_on from work.determination_item i join work.determination d on d.id = i.determination_id"
    )
    assert len(frozen) > 130
    assert not [body["title"] for body, day in frozen for f in check_item(body, day) if f.severity == "block"]
    public = [row[0] for row in regency.rows("select body from publication.live_item")]
    drafted = [
        row["body"] for (rows,) in regency.rows("select items from work.edition_draft") for row in rows
    ]
    assert list(find_leaks([*public, *drafted])) == []
    assert regency.column("select signatory from work.determination") == {"Atasan PPID"}
    assert regency.column("select name from identity.person") == {p.position for p in content.people()}


def test_everything_happened_before_today_on_working_days(regency: Regency) -> None:
    days = regency.column(
        "select (at at time zone 'Asia/Jakarta')::date from ops.event"
        " where kind ~ '^(item|import|submission|collection|review|determination|edition|case)'"
    )
    assert max(days) < clock.today("Asia/Jakarta")
    assert {day.isoweekday() for day in days} <= {1, 2, 3, 4, 5}


def test_the_portal_shows_the_edition_in_force(regency: Regency) -> None:
    home = regency.page("portal", "/serang/")
    assert "Edisi 1" in home
    assert "Edisi 2" not in home
    assert EXEMPT_UNTIL_SOON in regency.page("portal", "/serang/dik?q=rincian+HPS")
    feed = json.loads(regency.page("portal", "/api/v1/lists/serang/changes?cursor=0"))
    assert len(feed["changes"]) > 100


def test_passwords_are_printed_at_the_first_start_and_are_random(regency: Regency) -> None:
    printed = dict(ACCOUNT.findall(regency.said[0]))
    assert list(printed) == [person.email for person in SHOWN]
    assert len(set(printed.values())) == len(printed)
    assert min(map(len, printed.values())) >= 12
    logs = "".join(path.read_text(errors="replace") for path in regency.settings.log_dir.glob("*.log"))
    kept = [*regency.settings.demo_dir.iterdir()]
    assert not [password for password in printed.values() if password in logs]
    assert not any(path.read_bytes() for path in kept)
    [key] = re.findall(r"Kunci API.*: (ppid_\S+)", regency.said[0])
    assert key not in logs


def test_each_of_the_seven_things_is_there_for_whom_it_names(regency: Regency) -> None:
    guide = regency.page("office", "/coba")
    assert 'href="/coba"' in regency.page("office", "/masuk")
    steps = re.findall(r'<a href="([^"]+)">(\d)\. .*?(?=<a href="[^"]+">\d\. |</ol>)', guide, re.DOTALL)
    assert [n for _, n in steps] == list("1234567")
    parts = re.split(r'(?=<a href="[^"]+">\d\. )', guide)[1:]
    for part in parts:
        address = re.match(r'<a href="([^"]+)"', part)[1].replace("&amp;", "&")
        who = re.search(r"<strong>(\S+@serang\.test)</strong>", part)
        if who:
            visitor = regency.sign_in(who[1], regency.passwords[who[1]])
            assert "<title>Galat" not in regency.page("office", address, visitor)
        else:
            assert regency.page("portal", address.removeprefix(regency.settings.origins["portal"]))
    with pytest.raises(urllib.error.HTTPError, match="401"):
        regency.page("office", "/serang/pusat/edisi")


def test_new_passwords_replace_the_old_ones(regency: Regency) -> None:
    old = regency.passwords["tim@serang.test"]
    assert "/serang/pusat" in regency.sign_in("tim@serang.test", old).landed
    new = dict(ACCOUNT.findall(regency.call("demo", "passwords").stdout))
    assert "/serang/pusat" in regency.sign_in("tim@serang.test", new["tim@serang.test"]).landed
    with pytest.raises(urllib.error.HTTPError, match="422"):
        regency.sign_in("tim@serang.test", old)
    regency.passwords |= new


def test_the_clock_moves_what_is_due_and_what_is_open(regency: Regency) -> None:
    page = re.search(
        r'href="(/serang/dik/[^"?]+)[^"]*">[^<]*Rincian HPS',
        regency.page("portal", "/serang/dik?q=rincian+HPS"),
    )[1]
    assert "Terbuka sejak" not in regency.page("portal", page)
    moved = regency.call("demo", "clock", "+30")
    assert "30 hari di depan" in moved.stdout
    assert "Terbuka sejak" in regency.page("portal", page)
    lapsed = "select kind from ops.obligation where state = 'lapsed' and settled_at is null"
    until(lambda: regency.column(lapsed) >= {"review.due", "submission.due", "collection.due"}, 600)
    assert "25 hari di depan" in regency.call("demo", "clock", "-5").stdout
    assert "sebenarnya" in regency.call("demo", "clock", "off").stdout
    assert "Terbuka sejak" not in regency.page("portal", page)


def test_a_later_start_prints_no_password_and_a_reachable_one_is_refused(regency: Regency) -> None:
    regency.stop()
    refused = regency.call("up", PPID_BIND="0.0.0.0")  # noqa: S104  # to be refused
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "PPID_BIND=127.0.0.1" in refused.stderr
    regency.start()
    assert not ACCOUNT.findall(regency.said[-1])
    assert "/coba" in regency.said[-1]
    assert "pertama kali" not in regency.said[-1]
