"""The planes, their tables, the doors, and the protection of every table.

Revision ID: 0001
Revises:
"""

from pathlib import Path

from alembic import op

from tenants.ddl import let_through, protect_exchange, protect_publication, protect_table

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HERE = Path(__file__).parent
PLANES = ("identity", "keys", "work", "exchange", "publication", "ops")

OWNED = (
    "item", "item_version", "item_draft", "counter", "import_batch", "import_row", '"case"', "document",
    "document_version", "entry", "determination", "determination_item", "edition_draft",
    "review_line", "review_turn", "review_mark", "review_reason", "match_item", "match_key", "match", "enclosure", "confirmation", "sending_rule", "split", "split_row", "contact",
    "place", "holding", "inventory", "sighting", "upload", "upload_piece",
    "received_key", "item_document", "document_hold", "opened", "reopening_note", "dispute", "dispute_item",
    "kpu_round", "kpu_item", "kpu_approval",
    "determination_draft", "determination_draft_item", "determination_file", "letter_style",
    "test_round", "opinion", "sitting", "sitting_item", "sitting_person",
    "notice", "notice_choice", "mailing", "elsewhere",
)  # fmt: skip
EXCHANGED = (
    "collection", "submission", "submission_item", "submission_file", "decision", "status",
    "withdrawal", "handover", "handover_row", "column_offer", "room_request", "room_answer", "kpu_grant", "dispute_word",
    "determination_copy", "determination_copy_item", "determination_copy_file", "determination_receipt",
)  # fmt: skip
PUBLIC = {
    "list": "central_id, slug, host, name, region_name, zone, edition_in_force, next_seq",
    "unit": "central_id, slug, name, is_nil",
    "code": "",
    "edition": "central_id, n, sha256, previous_sha256, determination, item_count, published_on, published_at,"
    " retracted_at, retraction_reason",
    "file": "central_id, n, format, object_id, media_type, size, sha256",
    "change": "central_id, seq, op, code, edition_n, digest, body, reason, at",
    "opened": "central_id, code, how, opens_on, basis, body, dip",
    "live_item": "central_id, code, seq, unit, title, letters, ends_on, edition_n, digest, body, tsv",
}
# A value, not "exists": the planner would read all editions of all regions to answer that for one.
NOT_RETRACTED = (
    "(select e.retracted_at is null from publication.edition e where e.central_id = edition_item.central_id"
    " and e.n = edition_item.n)"
)


def upgrade() -> None:
    for plane in PLANES:
        op.execute(f"create schema {plane}")
    op.execute((HERE / "0001_tables.sql").read_text())
    op.execute("create schema door authorization door")
    op.execute("grant usage on schema identity, keys, ops to door")
    op.execute("grant select on all tables in schema identity to door")
    op.execute("set local role door")
    op.execute((HERE / "0001_doors.sql").read_text())
    op.execute("grant usage on schema door to app_tenant, app_identity, platform, owner")
    op.execute("reset role")
    _protect()
    _let_special_roles_through()


def _protect() -> None:
    op.execute("grant usage on schema keys, work, exchange, publication, ops to app_tenant")
    op.execute("grant usage on schema identity to app_identity")
    op.execute("grant select, insert, update, delete on all tables in schema identity to app_identity")
    for table in OWNED:
        protect_table(f"work.{table}")
    # Where a paper lay and who had it is history: a placing is only added, a loan is closed once.
    protect_table("work.placing", grants="select, insert")
    protect_table("work.loan", grants="select, insert, update")
    # Every version of a test sheet stays.
    protect_table("work.test", grants="select, insert")
    # What came along from another installation is read, never changed.
    protect_table("work.past_row", grants="select, insert")
    # What was destroyed, and what was approved for the public, is told for ever.
    protect_table("work.disposal", grants="select, insert, update")
    protect_table("work.redaction", grants="select, insert, update")
    for table in EXCHANGED:
        protect_exchange(f"exchange.{table}")
    for table, columns in PUBLIC.items():
        protect_publication(f"publication.{table}", public_columns=columns)
    protect_publication("publication.edition_item")
    op.execute(
        "grant select (central_id, n, code, position, unit, body, hash) on publication.edition_item to app_public"
    )
    op.execute(
        f"create policy public_reads on publication.edition_item for select to app_public using ({NOT_RETRACTED})"
    )
    op.execute("grant usage on schema publication to app_public")
    protect_table("keys.tenant_key", grants="select")
    for table, grants in {
        "event": "select, insert", "effect": "select, insert, update", "seal": "select, insert",
        "job": "select, insert, update", "idempotency": "select, insert", "obligation": "select, insert, update",
        "obligation_effect": "select, insert", "calendar_feed": "select, insert, update, delete", "calendar_override": "select, insert, update, delete",
        "link": "select, insert", "quota": "select, update (used, reserved, told, check_at, check_open, allowed, upkeep_at, upkeep_open)", "reservation": "select, insert, update (expires_at), delete", "ledger": "select, insert",
        "stray": "select, insert, delete", "stocktake": "select, insert",
        "fixity": "select, insert, update, delete",
    }.items():  # fmt: skip
        protect_table(f"ops.{table}", grants=grants)
    op.execute(
        "create policy reader_row on ops.event for select to app_tenant using (reader_id = (select door.tenant()))"
    )
    op.execute("grant select on ops.calendar, ops.calendar_day to app_tenant")


def _let_special_roles_through() -> None:
    op.execute("grant usage on schema ops to app_clock")
    let_through(
        "ops.effect", "app_clock",
        "select (tenant_id, event_id, handler, lease_until, attempt, done_at, parked_at),"
        " update (lease_until, attempt, parked_at)",
    )  # fmt: skip
    let_through("ops.obligation", "app_clock", "select (tenant_id, id, state, due_at)")
    let_through("ops.reservation", "app_clock", "select (tenant_id, object_id, expires_at)")
    let_through(
        "ops.quota",
        "app_clock",
        "select (tenant_id, check_at, check_open, upkeep_at, upkeep_open), update (check_at, check_open, upkeep_at, upkeep_open)",
    )
    let_through("ops.effect", "door", "select, insert")
    let_through("ops.event", "door", "select, insert")
    let_through("ops.obligation", "door", "select")
    let_through("ops.reservation", "door", "select")
    let_through("ops.link", "door", "select")
    let_through("ops.calendar_feed", "door", "select")
    let_through("ops.calendar_override", "door", "select")
    let_through("ops.quota", "door", "select, insert, update (cap, own, unit_cap, told)")
    let_through("keys.tenant_key", "door", "select, insert, update (wrapped, root, destroyed_at), delete")
    op.execute("grant insert on identity.tenant to door")
    op.execute("grant usage on schema identity, ops, keys, publication to platform")
    op.execute(
        "grant select, insert, update on identity.tenant, identity.person, identity.membership, identity.invitation,"
        " identity.api_key to platform"
    )
    op.execute("grant delete on identity.membership to platform")
    let_through(
        "ops.quota",
        "platform",
        "select, insert, update (cap, own, unit_cap, pool, told, check_at, allowed, upkeep_at)",
    )
    let_through("ops.stocktake", "platform", "select")
    let_through("ops.obligation", "platform", "select (state, due_at)")
    let_through("ops.fixity", "platform", "select (tenant_id, state, checked_at)")
    let_through(
        "keys.tenant_key", "platform", "select (tenant_id, n, root, created_at, destroyed_at), insert"
    )
    let_through("publication.list", "platform", "select, insert, update (host, name, region_name, zone)")
    let_through(
        "ops.effect", "platform",
        "select (tenant_id, event_id, handler, source_id, created_at, lease_until, attempt, done_at, parked_at),"
        " update (parked_at, lease_until, attempt)",
    )  # fmt: skip
    let_through(
        "ops.job", "platform", "select (tenant_id, id, kind, state, done, total, created_at, finished_at)"
    )
    op.execute("grant select, insert on ops.calendar, ops.calendar_day to platform")


def downgrade() -> None:
    for plane in reversed(PLANES):
        op.execute(f"drop schema {plane} cascade")
    op.execute("drop schema door cascade")
