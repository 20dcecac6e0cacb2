CREATE TABLE identity.person (
    id UUID NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    position TEXT DEFAULT '' NOT NULL,
    epoch INTEGER DEFAULT 1 NOT NULL,
    is_operator BOOLEAN DEFAULT false NOT NULL,
    disabled_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX person_email ON identity.person (lower(email));

CREATE INDEX person_operator ON identity.person (disabled_at) WHERE is_operator;

CREATE TABLE identity.sign_in_attempt (
    key BYTEA NOT NULL,
    failures INTEGER NOT NULL,
    window_ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (key)
);

CREATE INDEX ix_identity_sign_in_attempt_window_ends_at ON identity.sign_in_attempt (window_ends_at);

CREATE TABLE identity.tenant (
    id UUID NOT NULL,
    region TEXT NOT NULL,
    slug TEXT NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    name TEXT NOT NULL,
    parent_id UUID,
    recipient_id UUID,
    portal_host TEXT,
    zone TEXT DEFAULT 'Asia/Jakarta' NOT NULL,
    sessions_from TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    disabled_at TIMESTAMP WITH TIME ZONE,
    settings JSONB NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (region, slug),
    FOREIGN KEY(parent_id) REFERENCES identity.tenant (id),
    FOREIGN KEY(recipient_id) REFERENCES identity.tenant (id)
);

CREATE INDEX ix_identity_tenant_parent_id ON identity.tenant (parent_id);

CREATE INDEX ix_identity_tenant_recipient_id ON identity.tenant (recipient_id);

CREATE TABLE identity.api_key (
    hash BYTEA NOT NULL,
    tenant_id UUID NOT NULL,
    person_id UUID NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (hash),
    FOREIGN KEY(tenant_id) REFERENCES identity.tenant (id),
    FOREIGN KEY(person_id) REFERENCES identity.person (id)
);

CREATE INDEX ix_identity_api_key_tenant_id ON identity.api_key (tenant_id);

CREATE TABLE identity.credential (
    person_id UUID NOT NULL,
    kind TEXT NOT NULL,
    secret TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (person_id, kind),
    FOREIGN KEY(person_id) REFERENCES identity.person (id)
);

CREATE TABLE identity.invitation (
    hash BYTEA NOT NULL,
    person_id UUID NOT NULL,
    tenant_id UUID NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (hash),
    FOREIGN KEY(person_id) REFERENCES identity.person (id),
    FOREIGN KEY(tenant_id) REFERENCES identity.tenant (id)
);

CREATE INDEX ix_identity_invitation_person_id ON identity.invitation (person_id);

CREATE TABLE identity.membership (
    person_id UUID NOT NULL,
    tenant_id UUID NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (person_id, tenant_id, role),
    FOREIGN KEY(person_id) REFERENCES identity.person (id),
    FOREIGN KEY(tenant_id) REFERENCES identity.tenant (id)
);

CREATE INDEX membership_tenant ON identity.membership (tenant_id);

CREATE TABLE identity.session (
    hash BYTEA NOT NULL,
    person_id UUID,
    person_epoch INTEGER DEFAULT 0 NOT NULL,
    data JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    fresh_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (hash),
    FOREIGN KEY(person_id) REFERENCES identity.person (id)
);

CREATE INDEX ix_identity_session_expires_at ON identity.session (expires_at);

CREATE INDEX ix_identity_session_person_id ON identity.session (person_id);

CREATE TABLE identity.files_pass (
    hash BYTEA NOT NULL,
    session_hash BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (hash),
    FOREIGN KEY(session_hash) REFERENCES identity.session (hash) ON DELETE CASCADE
);

CREATE INDEX ix_identity_files_pass_session_hash ON identity.files_pass (session_hash);

CREATE TABLE exchange.collection (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    id UUID NOT NULL,
    title TEXT NOT NULL,
    opens_on DATE NOT NULL,
    due_on DATE NOT NULL,
    sop TEXT NOT NULL,
    sop_version INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, id)
);

CREATE INDEX collection_reader ON exchange.collection (reader_id, writer_id, id);

CREATE TABLE exchange.column_offer (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    id UUID NOT NULL,
    filename TEXT NOT NULL,
    columns JSONB NOT NULL,
    given_by TEXT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, id)
);

CREATE INDEX column_offer_reader ON exchange.column_offer (reader_id, writer_id, id);

CREATE TABLE exchange.determination_copy (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    id UUID NOT NULL,
    determination_id UUID NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    signatory TEXT NOT NULL,
    signatory_position TEXT NOT NULL,
    place TEXT NOT NULL,
    dated_on DATE NOT NULL,
    code TEXT NOT NULL,
    style JSONB NOT NULL,
    item_count INTEGER NOT NULL,
    given_by TEXT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, id)
);

CREATE INDEX determination_copy_reader ON exchange.determination_copy (reader_id, writer_id, id);

CREATE TABLE exchange.dispute_word (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    dispute_id UUID NOT NULL,
    item_id UUID NOT NULL,
    n INTEGER NOT NULL,
    number TEXT NOT NULL,
    forum TEXT NOT NULL,
    is_open BOOLEAN NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, dispute_id, item_id, n)
);

CREATE INDEX dispute_word_reader ON exchange.dispute_word (reader_id, item_id, dispute_id, n);

CREATE TABLE exchange.handover (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    id UUID NOT NULL,
    split_id UUID NOT NULL,
    title TEXT NOT NULL,
    item_count INTEGER NOT NULL,
    hash TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, id)
);

CREATE INDEX handover_reader ON exchange.handover (reader_id, writer_id, id);

CREATE TABLE exchange.kpu_grant (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    id UUID NOT NULL,
    number TEXT NOT NULL,
    dated_on DATE NOT NULL,
    title TEXT NOT NULL,
    items JSONB NOT NULL,
    letter_sha256 TEXT DEFAULT '' NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, id)
);

CREATE INDEX kpu_grant_reader ON exchange.kpu_grant (reader_id, writer_id);

CREATE TABLE exchange.room_request (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    id UUID NOT NULL,
    bytes BIGINT NOT NULL,
    reason TEXT NOT NULL,
    cap BIGINT NOT NULL,
    used BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, id)
);

CREATE INDEX room_request_reader ON exchange.room_request (reader_id, writer_id, id);

CREATE TABLE exchange.status (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    item_id UUID NOT NULL,
    n INTEGER NOT NULL,
    state TEXT NOT NULL,
    turn TEXT NOT NULL,
    due_on DATE,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, item_id, n)
);

CREATE INDEX status_reader ON exchange.status (reader_id, item_id, n);

CREATE TABLE exchange.submission (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    id UUID NOT NULL,
    number TEXT NOT NULL,
    collection_id UUID NOT NULL,
    round INTEGER NOT NULL,
    is_nil BOOLEAN NOT NULL,
    item_count INTEGER NOT NULL,
    hash TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    submitted_by TEXT NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    is_whole BOOLEAN DEFAULT true NOT NULL,
    file_count INTEGER DEFAULT 0 NOT NULL,
    confirmed_by TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (writer_id, reader_id, id),
    UNIQUE (writer_id, reader_id, number),
    UNIQUE (writer_id, reader_id, collection_id, round)
);

CREATE INDEX submission_reader ON exchange.submission (reader_id, writer_id, id);

CREATE TABLE keys.tenant_key (
    tenant_id UUID NOT NULL,
    n INTEGER NOT NULL,
    public BYTEA NOT NULL,
    wrapped BYTEA NOT NULL,
    root TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    destroyed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, n)
);

CREATE TABLE ops.calendar (
    version TEXT NOT NULL,
    decree TEXT NOT NULL,
    decreed_through INTEGER NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (version)
);

CREATE TABLE ops.calendar_feed (
    tenant_id UUID NOT NULL,
    person_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, person_id)
);

CREATE INDEX calendar_feed_hash ON ops.calendar_feed (hash);

CREATE TABLE ops.calendar_override (
    tenant_id UUID NOT NULL,
    day DATE NOT NULL,
    working BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (tenant_id, day)
);

CREATE TABLE ops.effect (
    tenant_id UUID NOT NULL,
    event_id UUID NOT NULL,
    handler TEXT NOT NULL,
    source_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    claimed_until TIMESTAMP WITH TIME ZONE,
    attempt INTEGER DEFAULT 0 NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    parked_at TIMESTAMP WITH TIME ZONE,
    error TEXT,
    PRIMARY KEY (tenant_id, event_id, handler)
);

CREATE INDEX effect_due ON ops.effect (lease_until) WHERE done_at is null and parked_at is null;

CREATE INDEX effect_open ON ops.effect (created_at) WHERE done_at is null;

CREATE TABLE ops.event (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    reader_id UUID,
    kind TEXT NOT NULL,
    subject UUID,
    actor UUID,
    actor_name TEXT DEFAULT '' NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    data JSONB NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX event_reader ON ops.event (reader_id, tenant_id, id) WHERE reader_id is not null;

CREATE INDEX event_subject ON ops.event (tenant_id, subject, id);

CREATE TABLE ops.fixity (
    tenant_id UUID NOT NULL,
    object_id UUID NOT NULL,
    state TEXT NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    told BOOLEAN DEFAULT false NOT NULL,
    PRIMARY KEY (tenant_id, object_id)
);

CREATE INDEX fixity_damaged ON ops.fixity (tenant_id) WHERE state <> 'whole';

CREATE TABLE ops.idempotency (
    tenant_id UUID NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    answer JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, key)
);

CREATE TABLE ops.job (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    state TEXT DEFAULT 'queued' NOT NULL,
    step TEXT DEFAULT '' NOT NULL,
    done INTEGER DEFAULT 0 NOT NULL,
    total INTEGER DEFAULT 0 NOT NULL,
    cancel BOOLEAN DEFAULT false NOT NULL,
    subject UUID,
    next_path TEXT DEFAULT '' NOT NULL,
    error TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX job_created ON ops.job (created_at);

CREATE TABLE ops.ledger (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    delta BIGINT NOT NULL,
    cause TEXT NOT NULL,
    object_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE ops.link (
    tenant_id UUID NOT NULL,
    code TEXT NOT NULL,
    path TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, code),
    UNIQUE (tenant_id, path)
);

CREATE TABLE ops.obligation (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject UUID,
    case_id UUID,
    starts_on DATE NOT NULL,
    n INTEGER NOT NULL,
    due_on DATE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    calendar_version TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    counted TEXT DEFAULT 'forward' NOT NULL,
    anchor DATE,
    held INTEGER DEFAULT 0 NOT NULL,
    paused_on DATE,
    paused_by TEXT DEFAULT '' NOT NULL,
    pause_reason TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX obligation_due ON ops.obligation (due_at) WHERE state = 'open';

CREATE INDEX obligation_subject ON ops.obligation (tenant_id, subject);

CREATE TABLE ops.obligation_effect (
    tenant_id UUID NOT NULL,
    obligation_id UUID NOT NULL,
    kind TEXT NOT NULL,
    due_on DATE NOT NULL,
    PRIMARY KEY (tenant_id, obligation_id, kind)
);

CREATE TABLE ops.quota (
    tenant_id UUID NOT NULL,
    cap BIGINT NOT NULL,
    used BIGINT DEFAULT 0 NOT NULL,
    reserved BIGINT DEFAULT 0 NOT NULL,
    own BOOLEAN DEFAULT false NOT NULL,
    unit_cap BIGINT,
    pool BIGINT,
    told INTEGER DEFAULT 0 NOT NULL,
    check_at TIMESTAMP WITH TIME ZONE DEFAULT now() + interval '1 day' NOT NULL,
    check_open BOOLEAN DEFAULT false NOT NULL,
    allowed INTEGER DEFAULT 0 NOT NULL,
    upkeep_at TIMESTAMP WITH TIME ZONE DEFAULT now() + interval '1 day' * (0.5 + random()) NOT NULL,
    upkeep_open BOOLEAN DEFAULT false NOT NULL,
    PRIMARY KEY (tenant_id),
    CONSTRAINT quota_within_cap CHECK (used >= 0 and reserved >= 0 and used + reserved <= cap)
);

CREATE INDEX quota_check ON ops.quota (check_at);

CREATE INDEX quota_upkeep ON ops.quota (upkeep_at);

CREATE TABLE ops.reservation (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    bytes BIGINT NOT NULL,
    bucket TEXT NOT NULL,
    object_id UUID NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX reservation_expiry ON ops.reservation (expires_at);

CREATE TABLE ops.seal (
    tenant_id UUID NOT NULL,
    seq INTEGER NOT NULL,
    event_id UUID NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (tenant_id, seq)
);

CREATE UNIQUE INDEX seal_event ON ops.seal (tenant_id, event_id);

CREATE TABLE ops.stocktake (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    state TEXT NOT NULL,
    objects INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    differing INTEGER NOT NULL,
    uncharged INTEGER NOT NULL,
    unheld INTEGER NOT NULL,
    strays INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    drift BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE ops.stray (
    tenant_id UUID NOT NULL,
    bucket TEXT NOT NULL,
    object_id UUID NOT NULL,
    size BIGINT NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    PRIMARY KEY (tenant_id, bucket, object_id)
);

CREATE TABLE publication.change (
    central_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    op TEXT NOT NULL,
    code TEXT NOT NULL,
    edition_n INTEGER,
    digest TEXT,
    body JSONB,
    reason TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (central_id, seq)
);

CREATE TABLE publication.code (
    central_id UUID NOT NULL,
    code TEXT NOT NULL,
    item_id UUID NOT NULL,
    PRIMARY KEY (central_id, code),
    UNIQUE (central_id, item_id)
);

CREATE TABLE publication.edition (
    central_id UUID NOT NULL,
    n INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    previous_sha256 TEXT,
    determination JSONB NOT NULL,
    item_count INTEGER NOT NULL,
    published_on DATE NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    retracted_at TIMESTAMP WITH TIME ZONE,
    retraction_reason TEXT,
    PRIMARY KEY (central_id, n)
);

CREATE TABLE publication.list (
    central_id UUID NOT NULL,
    slug TEXT NOT NULL,
    host TEXT,
    name TEXT NOT NULL,
    region_name TEXT NOT NULL,
    zone TEXT NOT NULL,
    next_seq BIGINT DEFAULT 1 NOT NULL,
    next_code INTEGER DEFAULT 1 NOT NULL,
    next_edition INTEGER DEFAULT 1 NOT NULL,
    edition_in_force INTEGER,
    PRIMARY KEY (central_id),
    UNIQUE (slug)
);

CREATE TABLE publication.live_item (
    central_id UUID NOT NULL,
    code TEXT NOT NULL,
    seq BIGINT NOT NULL,
    unit TEXT NOT NULL,
    title TEXT NOT NULL,
    letters TEXT[] NOT NULL,
    ends_on DATE,
    edition_n INTEGER NOT NULL,
    digest TEXT NOT NULL,
    body JSONB NOT NULL,
    tsv TSVECTOR GENERATED ALWAYS AS (to_tsvector('indonesian'::regconfig, coalesce(title, '') || ' ' || coalesce(code, '') || ' ' || coalesce(body ->> 'unit_name', ''))) STORED NOT NULL,
    PRIMARY KEY (central_id, code)
);

CREATE INDEX live_item_by_end ON publication.live_item (central_id, ends_on, code);

CREATE INDEX live_item_tsv ON publication.live_item USING gin (tsv);

CREATE TABLE publication.opened (
    central_id UUID NOT NULL,
    code TEXT NOT NULL,
    how TEXT NOT NULL,
    opens_on DATE NOT NULL,
    basis TEXT NOT NULL,
    body JSONB NOT NULL,
    dip JSONB NOT NULL,
    PRIMARY KEY (central_id, code)
);

CREATE INDEX opened_by_day ON publication.opened (central_id, opens_on, code);

CREATE TABLE publication.unit (
    central_id UUID NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    is_nil BOOLEAN DEFAULT false NOT NULL,
    PRIMARY KEY (central_id, slug)
);

CREATE TABLE work."case" (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    sop TEXT NOT NULL,
    sop_version INTEGER NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    state TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, subject_kind, subject_id)
);

CREATE TABLE work.confirmation (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    collection_id UUID NOT NULL,
    round INTEGER NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer TEXT,
    note TEXT NOT NULL,
    answered_by TEXT,
    answered_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX confirmation_window ON work.confirmation (tenant_id, collection_id);

CREATE TABLE work.contact (
    tenant_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    person_id UUID NOT NULL,
    name TEXT NOT NULL,
    position TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    invited_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, unit_id, person_id)
);

CREATE TABLE work.counter (
    tenant_id UUID NOT NULL,
    name TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, name)
);

CREATE TABLE work.determination (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    signatory TEXT NOT NULL,
    signatory_position TEXT NOT NULL,
    place TEXT NOT NULL,
    dated_on DATE NOT NULL,
    document_id UUID,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    code TEXT DEFAULT '' NOT NULL,
    tests TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    links JSONB DEFAULT '[]' NOT NULL,
    style JSONB DEFAULT '{}' NOT NULL,
    draft_id UUID,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number)
);

CREATE TABLE work.determination_draft (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    signatory TEXT NOT NULL,
    signatory_position TEXT NOT NULL,
    place TEXT NOT NULL,
    tests TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    created_by_name TEXT NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    sent_by_name TEXT DEFAULT '' NOT NULL,
    due_on DATE,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by_name TEXT DEFAULT '' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    mark TEXT DEFAULT '' NOT NULL,
    determination_id UUID,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX determination_draft_state ON work.determination_draft (tenant_id, state);

CREATE TABLE work.dispute (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    number TEXT NOT NULL,
    forum TEXT NOT NULL,
    opened_on DATE NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    retest_on DATE,
    closed_on DATE,
    outcome TEXT DEFAULT '' NOT NULL,
    ruling TEXT DEFAULT '' NOT NULL,
    document_id UUID,
    noted_by TEXT NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, forum, number)
);

CREATE TABLE work.document (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    security_class TEXT DEFAULT '' NOT NULL,
    kept_from DATE,
    active_years INTEGER,
    inactive_years INTEGER,
    fate TEXT DEFAULT '' NOT NULL,
    destroyed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE work.edition_draft (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    n INTEGER,
    state TEXT NOT NULL,
    determination_id UUID NOT NULL,
    keep_others BOOLEAN NOT NULL,
    items JSONB NOT NULL,
    sha256 TEXT NOT NULL,
    files JSONB NOT NULL,
    job_id UUID,
    prepared_by UUID,
    prepared_by_name TEXT NOT NULL,
    prepared_at TIMESTAMP WITH TIME ZONE NOT NULL,
    published_by UUID,
    published_by_name TEXT,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE work.elsewhere (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    edition_n INTEGER NOT NULL,
    medium TEXT NOT NULL,
    place TEXT NOT NULL,
    published_on DATE NOT NULL,
    published_by TEXT NOT NULL,
    url TEXT NOT NULL,
    document_id UUID,
    noted_by TEXT NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    withdrawn_by TEXT,
    withdrawn_why TEXT,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX elsewhere_edition ON work.elsewhere (tenant_id, edition_n, id);

CREATE TABLE work.entry (
    tenant_id UUID NOT NULL,
    item_id UUID NOT NULL,
    sender_id UUID NOT NULL,
    sender_slug TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    submission_id UUID NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,
    title TEXT NOT NULL,
    body JSONB NOT NULL,
    state TEXT NOT NULL,
    ends_on DATE,
    review_on DATE,
    sort_on DATE NOT NULL,
    determination_id UUID,
    code TEXT,
    internal_note TEXT DEFAULT '' NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    period_kind TEXT GENERATED ALWAYS AS (body -> 'period' ->> 'kind') STORED,
    codes JSONB GENERATED ALWAYS AS (jsonb_path_query_array(body, '$.grounds[*].code ? (@ != null)'::jsonpath)) STORED NOT NULL,
    before JSONB,
    PRIMARY KEY (tenant_id, item_id)
);

CREATE INDEX entry_by_end ON work.entry (tenant_id, sort_on, item_id) INCLUDE (ends_on, sender_slug, state, period_kind, codes);

CREATE INDEX entry_state ON work.entry (tenant_id, state);

CREATE INDEX entry_submission ON work.entry (tenant_id, submission_id);

CREATE TABLE work.import_batch (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    document_id UUID,
    job_id UUID,
    filename TEXT NOT NULL,
    state TEXT NOT NULL,
    sheet TEXT DEFAULT '' NOT NULL,
    header_top INTEGER DEFAULT 0 NOT NULL,
    header_depth INTEGER DEFAULT 1 NOT NULL,
    columns JSONB NOT NULL,
    preview JSONB NOT NULL,
    problem TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE work.item (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    ref INTEGER NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    body JSONB NOT NULL,
    ends_on DATE,
    review_on DATE,
    sort_on DATE NOT NULL,
    done_fields INTEGER NOT NULL,
    missing TEXT[] DEFAULT '{}' NOT NULL,
    batch_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    codes JSONB GENERATED ALWAYS AS (jsonb_path_query_array(body, '$.grounds[*].code ? (@ != null)'::jsonpath)) STORED NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, ref)
);

CREATE INDEX item_by_end ON work.item (tenant_id, sort_on, ref) WHERE deleted_at is null;

CREATE TABLE work.item_draft (
    tenant_id UUID NOT NULL,
    person_id UUID NOT NULL,
    ref INTEGER NOT NULL,
    version INTEGER NOT NULL,
    fields JSONB NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, person_id, ref)
);

CREATE TABLE work.kpu_round (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    title TEXT NOT NULL,
    opens_on DATE NOT NULL,
    due_on DATE NOT NULL,
    opened_by TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sha256 TEXT DEFAULT '' NOT NULL,
    link TEXT DEFAULT '' NOT NULL,
    published_on DATE,
    published_by TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE work.letter_style (
    tenant_id UUID NOT NULL,
    said JSONB NOT NULL,
    set_by TEXT NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id)
);

CREATE TABLE work.mailing (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    event_id UUID NOT NULL,
    person_id UUID NOT NULL,
    is_digest BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER DEFAULT 0 NOT NULL,
    code INTEGER,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    again_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, event_id, person_id)
);

CREATE INDEX mailing_state ON work.mailing (tenant_id, state, id);

CREATE TABLE work.match (
    tenant_id UUID NOT NULL,
    item_a UUID NOT NULL,
    item_b UUID NOT NULL,
    hash_a TEXT NOT NULL,
    hash_b TEXT NOT NULL,
    score INTEGER NOT NULL,
    kinds TEXT[] NOT NULL,
    reasons JSONB NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE NOT NULL,
    verdict TEXT,
    model_id UUID,
    sent_back UUID,
    note TEXT DEFAULT '' NOT NULL,
    decided_by TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    earlier JSONB DEFAULT '[]' NOT NULL,
    PRIMARY KEY (tenant_id, item_a, item_b)
);

CREATE INDEX match_other ON work.match (tenant_id, item_b);

CREATE TABLE work.match_item (
    tenant_id UUID NOT NULL,
    item_id UUID NOT NULL,
    hash TEXT NOT NULL,
    keys BIGINT[] NOT NULL,
    PRIMARY KEY (tenant_id, item_id)
);

CREATE TABLE work.match_key (
    tenant_id UUID NOT NULL,
    key BIGINT NOT NULL,
    item_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, key, item_id)
);

CREATE TABLE work.notice (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    data JSONB NOT NULL,
    page TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    waits BOOLEAN DEFAULT false NOT NULL,
    mailing_id UUID,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, person_id, key)
);

CREATE INDEX notice_of_person ON work.notice (tenant_id, person_id, id);

CREATE INDEX notice_unread ON work.notice (tenant_id, person_id) WHERE read_at is null;

CREATE INDEX notice_waiting ON work.notice (tenant_id) WHERE waits;

CREATE TABLE work.notice_choice (
    tenant_id UUID NOT NULL,
    person_id UUID NOT NULL,
    topic TEXT NOT NULL,
    mail TEXT NOT NULL,
    PRIMARY KEY (tenant_id, person_id, topic)
);

CREATE TABLE work.opened (
    tenant_id UUID NOT NULL,
    item_id UUID NOT NULL,
    how TEXT NOT NULL,
    opens_on DATE NOT NULL,
    ended_on DATE,
    decide_by DATE,
    determination_id UUID,
    basis TEXT DEFAULT '' NOT NULL,
    opinion TEXT DEFAULT '' NOT NULL,
    document_id UUID,
    opinion_id UUID,
    dip JSONB NOT NULL,
    decided_by TEXT DEFAULT '' NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, item_id)
);

CREATE INDEX opened_by_day ON work.opened (tenant_id, opens_on, item_id);

CREATE TABLE work.past_row (
    tenant_id UUID NOT NULL,
    source TEXT NOT NULL,
    n INTEGER NOT NULL,
    row JSONB NOT NULL,
    PRIMARY KEY (tenant_id, source, n)
);

CREATE TABLE work.place (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    parent_id UUID,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, parent_id) REFERENCES work.place (tenant_id, id),
    UNIQUE (tenant_id, label)
);

CREATE UNIQUE INDEX place_code ON work.place (tenant_id, code) WHERE removed_at is null;

CREATE TABLE work.received_key (
    tenant_id UUID NOT NULL,
    writer_id UUID NOT NULL,
    object_id UUID NOT NULL,
    key BYTEA NOT NULL,
    key_n INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, writer_id, object_id)
);

CREATE TABLE work.reopening_note (
    tenant_id UUID NOT NULL,
    item_id UUID NOT NULL,
    requests INTEGER DEFAULT 0 NOT NULL,
    matters BOOLEAN DEFAULT false NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (tenant_id, item_id)
);

CREATE TABLE work.review_line (
    tenant_id UUID NOT NULL,
    submission_id UUID NOT NULL,
    item_id UUID NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    hash TEXT NOT NULL,
    base_id UUID,
    base_on DATE,
    base_accepted BOOLEAN DEFAULT false NOT NULL,
    was TEXT,
    attention BOOLEAN NOT NULL,
    verdict TEXT,
    note TEXT DEFAULT '' NOT NULL,
    field TEXT DEFAULT '' NOT NULL,
    decided_by TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    action_id UUID,
    PRIMARY KEY (tenant_id, submission_id, item_id)
);

CREATE INDEX review_line_order ON work.review_line (tenant_id, submission_id, position);

CREATE TABLE work.review_mark (
    tenant_id UUID NOT NULL,
    person_id UUID NOT NULL,
    item_id UUID NOT NULL,
    hash TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, person_id, item_id)
);

CREATE TABLE work.review_reason (
    tenant_id UUID NOT NULL,
    n INTEGER NOT NULL,
    label TEXT NOT NULL,
    sentence TEXT NOT NULL,
    PRIMARY KEY (tenant_id, n)
);

CREATE TABLE work.review_turn (
    tenant_id UUID NOT NULL,
    submission_id UUID NOT NULL,
    n INTEGER NOT NULL,
    person_id UUID NOT NULL,
    person_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, submission_id, n)
);

CREATE TABLE work.sending_rule (
    tenant_id UUID NOT NULL,
    needs_head BOOLEAN NOT NULL,
    set_by TEXT NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id)
);

CREATE TABLE work.sitting (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    n INTEGER NOT NULL,
    title TEXT NOT NULL,
    held_on DATE NOT NULL,
    begins TEXT NOT NULL,
    place TEXT NOT NULL,
    chair TEXT NOT NULL,
    minutes_number TEXT DEFAULT '' NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    minutes_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, n)
);

CREATE TABLE work.split (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    filename TEXT NOT NULL,
    names JSONB NOT NULL,
    row_count INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE work.test_round (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    title TEXT NOT NULL,
    submission_id UUID,
    trigger TEXT NOT NULL,
    trigger_note TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_by TEXT NOT NULL,
    quorum INTEGER DEFAULT 0 NOT NULL,
    members INTEGER DEFAULT 0 NOT NULL,
    passed_at TIMESTAMP WITH TIME ZONE,
    advised_at TIMESTAMP WITH TIME ZONE,
    advice_number TEXT DEFAULT '' NOT NULL,
    advice_note TEXT DEFAULT '' NOT NULL,
    advice_document_id UUID,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX test_round_open ON work.test_round (tenant_id, advised_at);

CREATE TABLE work.upload (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    received BIGINT NOT NULL,
    room UUID NOT NULL,
    key BYTEA NOT NULL,
    key_n INTEGER NOT NULL,
    state TEXT NOT NULL,
    refusal TEXT,
    document_id UUID,
    created_by UUID,
    created_by_name TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE INDEX upload_state ON work.upload (tenant_id, state, expires_at);

CREATE TABLE exchange.decision (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    id UUID NOT NULL,
    submission_id UUID NOT NULL,
    item_id UUID NOT NULL,
    verdict TEXT NOT NULL,
    field TEXT DEFAULT '' NOT NULL,
    note TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, id),
    CONSTRAINT decision_submission_fkey FOREIGN KEY(reader_id, writer_id, submission_id) REFERENCES exchange.submission (writer_id, reader_id, id),
    UNIQUE (writer_id, reader_id, submission_id, item_id)
);

CREATE INDEX decision_reader ON exchange.decision (reader_id, submission_id);

CREATE TABLE exchange.determination_copy_file (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    copy_id UUID NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    object_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha_plain TEXT NOT NULL,
    sha_cipher TEXT NOT NULL,
    key_reader BYTEA NOT NULL,
    key_reader_n INTEGER NOT NULL,
    PRIMARY KEY (writer_id, reader_id, copy_id, n),
    FOREIGN KEY(writer_id, reader_id, copy_id) REFERENCES exchange.determination_copy (writer_id, reader_id, id)
);

CREATE INDEX determination_copy_file_reader ON exchange.determination_copy_file (reader_id, copy_id);

CREATE TABLE exchange.determination_copy_item (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    copy_id UUID NOT NULL,
    item_id UUID NOT NULL,
    body JSONB NOT NULL,
    ends_on DATE,
    note TEXT NOT NULL,
    PRIMARY KEY (writer_id, reader_id, copy_id, item_id),
    FOREIGN KEY(writer_id, reader_id, copy_id) REFERENCES exchange.determination_copy (writer_id, reader_id, id)
);

CREATE INDEX determination_copy_item_reader ON exchange.determination_copy_item (reader_id, copy_id);

CREATE TABLE exchange.determination_receipt (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    copy_id UUID NOT NULL,
    received_by TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, copy_id),
    CONSTRAINT determination_receipt_copy_fkey FOREIGN KEY(reader_id, writer_id, copy_id) REFERENCES exchange.determination_copy (writer_id, reader_id, id)
);

CREATE INDEX determination_receipt_reader ON exchange.determination_receipt (reader_id, copy_id);

CREATE TABLE exchange.handover_row (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    handover_id UUID NOT NULL,
    n INTEGER NOT NULL,
    cells JSONB NOT NULL,
    PRIMARY KEY (writer_id, reader_id, handover_id, n),
    FOREIGN KEY(writer_id, reader_id, handover_id) REFERENCES exchange.handover (writer_id, reader_id, id)
);

CREATE INDEX handover_row_reader ON exchange.handover_row (reader_id, handover_id);

CREATE TABLE exchange.room_answer (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    request_id UUID NOT NULL,
    granted BIGINT NOT NULL,
    note TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, request_id),
    FOREIGN KEY(reader_id, writer_id, request_id) REFERENCES exchange.room_request (writer_id, reader_id, id)
);

CREATE INDEX room_answer_reader ON exchange.room_answer (reader_id, request_id);

CREATE TABLE exchange.submission_file (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    submission_id UUID NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    object_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha_plain TEXT NOT NULL,
    sha_cipher TEXT NOT NULL,
    key_reader BYTEA NOT NULL,
    key_reader_n INTEGER NOT NULL,
    PRIMARY KEY (writer_id, reader_id, submission_id, n),
    FOREIGN KEY(writer_id, reader_id, submission_id) REFERENCES exchange.submission (writer_id, reader_id, id)
);

CREATE INDEX submission_file_reader ON exchange.submission_file (reader_id, submission_id);

CREATE TABLE exchange.submission_item (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    submission_id UUID NOT NULL,
    item_id UUID NOT NULL,
    position INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body JSONB NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (writer_id, reader_id, submission_id, item_id),
    FOREIGN KEY(writer_id, reader_id, submission_id) REFERENCES exchange.submission (writer_id, reader_id, id)
);

CREATE INDEX submission_item_reader ON exchange.submission_item (reader_id, submission_id);

CREATE TABLE exchange.withdrawal (
    writer_id UUID NOT NULL,
    reader_id UUID NOT NULL,
    submission_id UUID NOT NULL,
    reason TEXT NOT NULL,
    withdrawn_by TEXT NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (writer_id, reader_id, submission_id),
    FOREIGN KEY(writer_id, reader_id, submission_id) REFERENCES exchange.submission (writer_id, reader_id, id)
);

CREATE INDEX withdrawal_reader ON exchange.withdrawal (reader_id, submission_id);

CREATE TABLE ops.calendar_day (
    version TEXT NOT NULL,
    day DATE NOT NULL,
    category TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (version, day),
    FOREIGN KEY(version) REFERENCES ops.calendar (version)
);

CREATE TABLE publication.edition_item (
    central_id UUID NOT NULL,
    n INTEGER NOT NULL,
    code TEXT NOT NULL,
    position INTEGER NOT NULL,
    unit TEXT NOT NULL,
    body JSONB NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (central_id, n, code),
    FOREIGN KEY(central_id, n) REFERENCES publication.edition (central_id, n),
    UNIQUE (central_id, n, position)
);

CREATE TABLE publication.file (
    central_id UUID NOT NULL,
    n INTEGER NOT NULL,
    format TEXT NOT NULL,
    object_id UUID NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (central_id, n, format),
    FOREIGN KEY(central_id, n) REFERENCES publication.edition (central_id, n)
);

CREATE TABLE work.determination_draft_item (
    tenant_id UUID NOT NULL,
    draft_id UUID NOT NULL,
    item_id UUID NOT NULL,
    was TEXT NOT NULL,
    PRIMARY KEY (tenant_id, draft_id, item_id),
    FOREIGN KEY(tenant_id, draft_id) REFERENCES work.determination_draft (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX determination_draft_item_entry ON work.determination_draft_item (tenant_id, item_id);

CREATE TABLE work.determination_file (
    tenant_id UUID NOT NULL,
    determination_id UUID NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    document_id UUID NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    findings JSONB DEFAULT '{}' NOT NULL,
    added_by_name TEXT NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, determination_id, n),
    FOREIGN KEY(tenant_id, determination_id) REFERENCES work.determination (tenant_id, id)
);

CREATE TABLE work.determination_item (
    tenant_id UUID NOT NULL,
    determination_id UUID NOT NULL,
    item_id UUID NOT NULL,
    body JSONB NOT NULL,
    hash TEXT NOT NULL,
    ends_on DATE,
    note TEXT DEFAULT '' NOT NULL,
    earlier_id UUID,
    PRIMARY KEY (tenant_id, determination_id, item_id),
    FOREIGN KEY(tenant_id, determination_id) REFERENCES work.determination (tenant_id, id)
);

CREATE TABLE work.disposal (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    document_id UUID NOT NULL,
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    asked_by UUID,
    asked_by_name TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by UUID,
    decided_by_name TEXT DEFAULT '' NOT NULL,
    minutes TEXT DEFAULT '' NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    versions JSONB NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, document_id) REFERENCES work.document (tenant_id, id)
);

CREATE INDEX disposal_document ON work.disposal (tenant_id, document_id);

CREATE TABLE work.dispute_item (
    tenant_id UUID NOT NULL,
    dispute_id UUID NOT NULL,
    item_id UUID NOT NULL,
    PRIMARY KEY (tenant_id, dispute_id, item_id),
    FOREIGN KEY(tenant_id, dispute_id) REFERENCES work.dispute (tenant_id, id)
);

CREATE INDEX dispute_item_item ON work.dispute_item (tenant_id, item_id);

CREATE TABLE work.document_hold (
    tenant_id UUID NOT NULL,
    document_id UUID NOT NULL,
    n INTEGER NOT NULL,
    number TEXT NOT NULL,
    forum TEXT NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    noted_by TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (tenant_id, document_id, n),
    FOREIGN KEY(tenant_id, document_id) REFERENCES work.document (tenant_id, id)
);

CREATE TABLE work.document_version (
    tenant_id UUID NOT NULL,
    document_id UUID NOT NULL,
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    object_id UUID NOT NULL,
    bucket TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    stored_size BIGINT NOT NULL,
    sha_plain TEXT NOT NULL,
    sha_cipher TEXT NOT NULL,
    key BYTEA NOT NULL,
    key_n INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, document_id, n),
    FOREIGN KEY(tenant_id, document_id) REFERENCES work.document (tenant_id, id)
);

CREATE INDEX document_version_content ON work.document_version (tenant_id, sha_plain);

CREATE TABLE work.enclosure (
    tenant_id UUID NOT NULL,
    document_id UUID NOT NULL,
    collection_id UUID NOT NULL,
    kind TEXT NOT NULL,
    key_reader BYTEA NOT NULL,
    key_reader_n INTEGER NOT NULL,
    detached_at TIMESTAMP WITH TIME ZONE,
    submission_id UUID,
    PRIMARY KEY (tenant_id, document_id),
    FOREIGN KEY(tenant_id, document_id) REFERENCES work.document (tenant_id, id)
);

CREATE INDEX enclosure_window ON work.enclosure (tenant_id, collection_id);

CREATE TABLE work.holding (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    n INTEGER NOT NULL,
    item_id UUID NOT NULL,
    title TEXT NOT NULL,
    sheets INTEGER,
    label TEXT NOT NULL,
    place_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, item_id) REFERENCES work.item (tenant_id, id),
    FOREIGN KEY(tenant_id, place_id) REFERENCES work.place (tenant_id, id),
    UNIQUE (tenant_id, n),
    UNIQUE (tenant_id, label)
);

CREATE INDEX holding_item ON work.holding (tenant_id, item_id);

CREATE INDEX holding_place ON work.holding (tenant_id, place_id);

CREATE TABLE work.import_row (
    tenant_id UUID NOT NULL,
    batch_id UUID NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    cells JSONB NOT NULL,
    problems JSONB NOT NULL,
    fate TEXT DEFAULT 'new' NOT NULL,
    match JSONB DEFAULT '{}' NOT NULL,
    take BOOLEAN DEFAULT true NOT NULL,
    item_id UUID,
    PRIMARY KEY (tenant_id, batch_id, n),
    FOREIGN KEY(tenant_id, batch_id) REFERENCES work.import_batch (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE work.inventory (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    place_id UUID,
    begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
    begun_by TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    result JSONB,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, place_id) REFERENCES work.place (tenant_id, id)
);

CREATE TABLE work.item_document (
    tenant_id UUID NOT NULL,
    item_id UUID NOT NULL,
    document_id UUID NOT NULL,
    exempt_part TEXT NOT NULL,
    linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    linked_by TEXT NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, item_id, document_id),
    FOREIGN KEY(tenant_id, item_id) REFERENCES work.item (tenant_id, id),
    FOREIGN KEY(tenant_id, document_id) REFERENCES work.document (tenant_id, id)
);

CREATE INDEX item_document_document ON work.item_document (tenant_id, document_id);

CREATE TABLE work.item_version (
    tenant_id UUID NOT NULL,
    item_id UUID NOT NULL,
    version INTEGER NOT NULL,
    body JSONB NOT NULL,
    hash TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor UUID,
    PRIMARY KEY (tenant_id, item_id, version),
    FOREIGN KEY(tenant_id, item_id) REFERENCES work.item (tenant_id, id)
);

CREATE TABLE work.kpu_approval (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    round_id UUID NOT NULL,
    authority TEXT NOT NULL,
    verdict TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    number TEXT DEFAULT '' NOT NULL,
    dated_on DATE,
    document_id UUID,
    by_name TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, round_id) REFERENCES work.kpu_round (tenant_id, id)
);

CREATE INDEX kpu_approval_round ON work.kpu_approval (tenant_id, round_id);

CREATE TABLE work.kpu_item (
    tenant_id UUID NOT NULL,
    round_id UUID NOT NULL,
    item_id UUID NOT NULL,
    position INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,
    title TEXT NOT NULL,
    body JSONB NOT NULL,
    doc_type TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (tenant_id, round_id, item_id),
    FOREIGN KEY(tenant_id, round_id) REFERENCES work.kpu_round (tenant_id, id)
);

CREATE TABLE work.opinion (
    tenant_id UUID NOT NULL,
    round_id UUID NOT NULL,
    item_id UUID NOT NULL,
    person_id UUID NOT NULL,
    person_name TEXT NOT NULL,
    view TEXT NOT NULL,
    reason TEXT NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, round_id, item_id, person_id),
    FOREIGN KEY(tenant_id, round_id) REFERENCES work.test_round (tenant_id, id)
);

CREATE TABLE work.sitting_item (
    tenant_id UUID NOT NULL,
    sitting_id UUID NOT NULL,
    item_id UUID NOT NULL,
    round_id UUID NOT NULL,
    position INTEGER NOT NULL,
    why TEXT[] DEFAULT '{}' NOT NULL,
    notes TEXT DEFAULT '' NOT NULL,
    outcome TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    dissent TEXT DEFAULT '' NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    decided_by TEXT DEFAULT '' NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, sitting_id, item_id),
    FOREIGN KEY(tenant_id, sitting_id) REFERENCES work.sitting (tenant_id, id),
    FOREIGN KEY(tenant_id, round_id) REFERENCES work.test_round (tenant_id, id)
);

CREATE TABLE work.sitting_person (
    tenant_id UUID NOT NULL,
    sitting_id UUID NOT NULL,
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    position TEXT NOT NULL,
    body TEXT NOT NULL,
    person_id UUID,
    present BOOLEAN DEFAULT false NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (tenant_id, sitting_id, n),
    FOREIGN KEY(tenant_id, sitting_id) REFERENCES work.sitting (tenant_id, id)
);

CREATE TABLE work.split_row (
    tenant_id UUID NOT NULL,
    split_id UUID NOT NULL,
    n INTEGER NOT NULL,
    unit TEXT NOT NULL,
    cells JSONB NOT NULL,
    PRIMARY KEY (tenant_id, split_id, n),
    FOREIGN KEY(tenant_id, split_id) REFERENCES work.split (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE work.test (
    tenant_id UUID NOT NULL,
    round_id UUID NOT NULL,
    item_id UUID NOT NULL,
    version INTEGER NOT NULL,
    stage TEXT NOT NULL,
    hash TEXT NOT NULL,
    body JSONB NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, round_id, item_id, version),
    FOREIGN KEY(tenant_id, round_id) REFERENCES work.test_round (tenant_id, id)
);

CREATE INDEX test_of_item ON work.test (tenant_id, item_id);

CREATE TABLE work.upload_piece (
    tenant_id UUID NOT NULL,
    upload_id UUID NOT NULL,
    start BIGINT NOT NULL,
    size INTEGER NOT NULL,
    name UUID NOT NULL,
    PRIMARY KEY (tenant_id, upload_id, start),
    FOREIGN KEY(tenant_id, upload_id) REFERENCES work.upload (tenant_id, id) ON DELETE CASCADE
);

CREATE TABLE work.loan (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    holding_id UUID NOT NULL,
    borrower TEXT NOT NULL,
    due_on DATE NOT NULL,
    lent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    lent_by TEXT NOT NULL,
    returned_at TIMESTAMP WITH TIME ZONE,
    returned_by TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, holding_id) REFERENCES work.holding (tenant_id, id)
);

CREATE INDEX loan_holding ON work.loan (tenant_id, holding_id);

CREATE UNIQUE INDEX loan_open ON work.loan (tenant_id, holding_id) WHERE returned_at is null;

CREATE TABLE work."placing" (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    holding_id UUID NOT NULL,
    place_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY(tenant_id, holding_id) REFERENCES work.holding (tenant_id, id),
    FOREIGN KEY(tenant_id, place_id) REFERENCES work.place (tenant_id, id)
);

CREATE INDEX placing_holding ON work."placing" (tenant_id, holding_id);

CREATE TABLE work.redaction (
    tenant_id UUID NOT NULL,
    document_id UUID NOT NULL,
    original_id UUID NOT NULL,
    original_n INTEGER NOT NULL,
    state TEXT NOT NULL,
    n INTEGER,
    made_by UUID,
    made_by_name TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID,
    decided_by_name TEXT DEFAULT '' NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    note TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (tenant_id, document_id),
    FOREIGN KEY(tenant_id, document_id) REFERENCES work.document (tenant_id, id),
    FOREIGN KEY(tenant_id, original_id, original_n) REFERENCES work.document_version (tenant_id, document_id, n)
);

CREATE INDEX redaction_original ON work.redaction (tenant_id, original_id);

CREATE TABLE work.sighting (
    tenant_id UUID NOT NULL,
    inventory_id UUID NOT NULL,
    holding_id UUID NOT NULL,
    place_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, inventory_id, holding_id),
    FOREIGN KEY(tenant_id, inventory_id) REFERENCES work.inventory (tenant_id, id),
    FOREIGN KEY(tenant_id, holding_id) REFERENCES work.holding (tenant_id, id),
    FOREIGN KEY(tenant_id, place_id) REFERENCES work.place (tenant_id, id)
);
