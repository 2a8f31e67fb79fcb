SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.access (
    number integer NOT NULL,
    at_ms bigint NOT NULL,
    by character varying NOT NULL,
    what character varying(32) NOT NULL,
    subject character varying NOT NULL,
    address character varying(64) NOT NULL
);
CREATE SEQUENCE public.access_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.access_number_seq OWNED BY public.access.number;
CREATE TABLE public.account (
    id character varying(32) NOT NULL,
    name character varying(64) NOT NULL,
    password character varying NOT NULL,
    second_key character varying(64) NOT NULL,
    second_used bigint NOT NULL,
    made_ms bigint NOT NULL,
    ended_ms bigint,
    person character varying(32) DEFAULT ''::character varying NOT NULL,
    subject character varying(64) DEFAULT ''::character varying NOT NULL
);
CREATE TABLE public.accounts_edition (
    id integer NOT NULL,
    number integer NOT NULL
);
CREATE TABLE public.alarm (
    number integer NOT NULL,
    station character varying(32) NOT NULL,
    matter character varying(32) NOT NULL,
    lack character varying(32) NOT NULL,
    level integer NOT NULL,
    since_ms bigint NOT NULL,
    raised_ms bigint NOT NULL,
    on_duty integer NOT NULL,
    wanted integer NOT NULL,
    acknowledged_ms bigint,
    snoozed_ms bigint,
    closed_ms bigint,
    over_ms bigint,
    ending character varying(32) NOT NULL
);
CREATE TABLE public.alarm_course (
    station character varying(32) NOT NULL,
    matter character varying(32) NOT NULL,
    duty_class character varying(32) NOT NULL,
    seen_ms bigint NOT NULL,
    looked_ms bigint NOT NULL,
    mild_ms bigint NOT NULL,
    severe_ms bigint NOT NULL,
    waited_ms bigint NOT NULL,
    until_ms bigint
);
CREATE SEQUENCE public.alarm_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.alarm_number_seq OWNED BY public.alarm.number;
CREATE TABLE public.alarm_step (
    number integer NOT NULL,
    alarm integer NOT NULL,
    at_ms bigint NOT NULL,
    what character varying(32) NOT NULL,
    level integer NOT NULL,
    by character varying NOT NULL,
    why character varying NOT NULL
);
CREATE SEQUENCE public.alarm_step_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.alarm_step_number_seq OWNED BY public.alarm_step.number;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.amend_request (
    number integer NOT NULL,
    person character varying(32) NOT NULL,
    station character varying(32) NOT NULL,
    day date NOT NULL,
    said character varying(200) NOT NULL,
    made_ms bigint NOT NULL,
    settled_ms bigint,
    settled_by character varying NOT NULL,
    answer character varying(200) NOT NULL
);
CREATE SEQUENCE public.amend_request_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.amend_request_number_seq OWNED BY public.amend_request.number;
CREATE TABLE public.card (
    token character varying(32) NOT NULL,
    technology character varying(16) NOT NULL,
    added_ms bigint NOT NULL
);
CREATE TABLE public.card_name (
    token character varying(32) NOT NULL,
    former character varying(32) NOT NULL,
    said_by character varying(32) NOT NULL,
    learned_ms bigint NOT NULL
);
CREATE TABLE public.change (
    number integer NOT NULL,
    edition integer NOT NULL,
    at_ms bigint NOT NULL,
    by character varying NOT NULL,
    what character varying NOT NULL,
    station character varying(32) NOT NULL,
    kiosk character varying(32) NOT NULL,
    person character varying(32) NOT NULL,
    token character varying(32) NOT NULL,
    day_from date,
    before character varying NOT NULL,
    after character varying NOT NULL,
    why character varying NOT NULL
);
CREATE SEQUENCE public.change_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.change_number_seq OWNED BY public.change.number;
CREATE TABLE public.channel (
    name character varying(32) NOT NULL,
    sort character varying(32) NOT NULL,
    address character varying NOT NULL,
    secret character varying NOT NULL,
    mobiles character varying NOT NULL,
    district character varying(32) NOT NULL,
    kind character varying(32) NOT NULL,
    station character varying(32) NOT NULL,
    tells_short boolean NOT NULL,
    by character varying NOT NULL,
    made_ms bigint NOT NULL,
    removed_ms bigint
);
CREATE TABLE public.city (
    id integer NOT NULL,
    name character varying NOT NULL,
    naming character varying NOT NULL
);
CREATE TABLE public.consent (
    person character varying(32) NOT NULL,
    matter character varying(32) NOT NULL,
    agreed_on date NOT NULL,
    noted_by character varying NOT NULL,
    withdrawn_on date,
    withdrawn_by character varying NOT NULL
);
CREATE TABLE public.coverage_day (
    day date NOT NULL,
    station character varying(32) NOT NULL,
    until_ms bigint NOT NULL,
    opened_ms integer NOT NULL,
    met_ms integer NOT NULL,
    minimum_ms integer NOT NULL,
    vacant_ms integer NOT NULL,
    unknown_ms integer NOT NULL,
    partial_ms integer NOT NULL,
    assumed_ms integer NOT NULL,
    union_ms integer NOT NULL,
    person_ms integer NOT NULL,
    supplemented_ms integer NOT NULL,
    verdict character varying(32) NOT NULL,
    short_ms integer NOT NULL,
    marks character varying NOT NULL
);
CREATE TABLE public.coverage_due (
    station character varying(32) NOT NULL,
    day date NOT NULL,
    number bigint NOT NULL,
    why character varying(32) NOT NULL
);
CREATE TABLE public.coverage_gap (
    station character varying(32) NOT NULL,
    day date NOT NULL,
    began_ms bigint NOT NULL,
    ended_ms bigint NOT NULL,
    duty_class character varying(32) NOT NULL,
    partial boolean NOT NULL,
    before_ms bigint,
    after_ms bigint,
    watched character varying NOT NULL
);
CREATE TABLE public.coverage_month (
    month date NOT NULL,
    station character varying(32) NOT NULL,
    days integer NOT NULL,
    opened_ms bigint NOT NULL,
    met_ms bigint NOT NULL,
    minimum_ms bigint NOT NULL,
    vacant_ms bigint NOT NULL,
    unknown_ms bigint NOT NULL,
    partial_ms bigint NOT NULL,
    assumed_ms bigint NOT NULL,
    union_ms bigint NOT NULL,
    person_ms bigint NOT NULL,
    supplemented_ms bigint NOT NULL,
    short_ms bigint NOT NULL,
    kept integer NOT NULL,
    supplemented integer NOT NULL,
    unproven integer NOT NULL,
    short integer NOT NULL,
    closed integer NOT NULL,
    running integer NOT NULL
);
CREATE TABLE public.coverage_revision (
    number integer NOT NULL,
    station character varying(32) NOT NULL,
    day date NOT NULL,
    at_ms bigint NOT NULL,
    why character varying(32) NOT NULL,
    before character varying NOT NULL,
    after character varying NOT NULL
);
CREATE SEQUENCE public.coverage_revision_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.coverage_revision_number_seq OWNED BY public.coverage_revision.number;
CREATE TABLE public.coverage_station (
    station character varying(32) NOT NULL,
    terms character varying NOT NULL,
    kiosks character varying NOT NULL,
    since date NOT NULL,
    through date NOT NULL
);
CREATE TABLE public.district (
    code character varying(32) NOT NULL,
    name character varying NOT NULL
);
CREATE TABLE public.door (
    proof character varying(64) NOT NULL,
    name character varying NOT NULL,
    role character varying(32) NOT NULL,
    district character varying(32) NOT NULL,
    kind character varying(32) NOT NULL,
    station character varying(32) NOT NULL,
    by character varying NOT NULL,
    made_ms bigint NOT NULL,
    until_ms bigint
);
CREATE TABLE public.edition (
    id integer NOT NULL,
    number integer NOT NULL
);
CREATE TABLE public.erased_number (
    mark character varying(64) NOT NULL,
    person character varying(32) NOT NULL,
    erased_on date NOT NULL
);
CREATE TABLE public.finding (
    kind character varying NOT NULL,
    subject character varying NOT NULL,
    station character varying NOT NULL,
    text character varying NOT NULL,
    times integer NOT NULL,
    first_ms bigint NOT NULL,
    last_ms bigint NOT NULL,
    ended_ms bigint
);
CREATE TABLE public.gap (
    run integer NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL
);
CREATE TABLE public.grant_ (
    number integer NOT NULL,
    account character varying(32) NOT NULL,
    role character varying(32) NOT NULL,
    district character varying(32) NOT NULL,
    kind character varying(32) NOT NULL,
    station character varying(32) NOT NULL,
    by character varying NOT NULL,
    from_ms bigint NOT NULL,
    until_ms bigint
);
CREATE SEQUENCE public.grant__number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.grant__number_seq OWNED BY public.grant_.number;
CREATE TABLE public.holding (
    token character varying(32) NOT NULL,
    from_ms bigint NOT NULL,
    until_ms bigint,
    person character varying(32) NOT NULL
);
CREATE TABLE public.holiday (
    day date NOT NULL,
    year integer NOT NULL,
    sort character varying(32) NOT NULL,
    name character varying NOT NULL,
    notice character varying NOT NULL
);
CREATE TABLE public.import_ (
    number integer NOT NULL,
    at_ms bigint NOT NULL,
    by character varying NOT NULL,
    files character varying NOT NULL,
    forms character varying NOT NULL,
    editions character varying NOT NULL,
    undone_ms bigint,
    undone_by character varying NOT NULL,
    is_gone boolean NOT NULL
);
CREATE SEQUENCE public.import__number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.import__number_seq OWNED BY public.import_.number;
CREATE TABLE public.imported_row (
    import_number integer NOT NULL,
    place integer NOT NULL,
    edition integer NOT NULL,
    "table" character varying(32) NOT NULL,
    person character varying(32) NOT NULL,
    before character varying NOT NULL,
    after character varying NOT NULL
);
CREATE TABLE public.inbox_step (
    number integer NOT NULL,
    kind character varying(32) NOT NULL,
    subject character varying NOT NULL,
    at_ms bigint NOT NULL,
    by character varying NOT NULL,
    act character varying(32) NOT NULL,
    whom character varying NOT NULL,
    due_ms bigint,
    note character varying(200) NOT NULL
);
CREATE SEQUENCE public.inbox_step_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.inbox_step_number_seq OWNED BY public.inbox_step.number;
CREATE TABLE public.invitation (
    proof character varying(64) NOT NULL,
    account character varying(32) NOT NULL,
    by character varying NOT NULL,
    made_ms bigint NOT NULL,
    until_ms bigint NOT NULL,
    used_ms bigint
);
CREATE TABLE public.key_change (
    mark character varying(16) NOT NULL,
    began_ms bigint NOT NULL,
    finished_ms bigint
);
CREATE TABLE public.kind_authority (
    kind character varying(32) NOT NULL,
    authority character varying NOT NULL
);
CREATE TABLE public.kiosk (
    id character varying(32) NOT NULL,
    station character varying(32) NOT NULL,
    entrance character varying NOT NULL,
    in_service_from date NOT NULL,
    in_service_to date,
    revoked_ms bigint
);
CREATE TABLE public.kiosk_claim (
    number integer NOT NULL,
    kiosk character varying(32) NOT NULL,
    proof character varying(64) NOT NULL,
    host character varying NOT NULL,
    reader character varying NOT NULL,
    by character varying NOT NULL,
    made_ms bigint NOT NULL,
    until_ms bigint NOT NULL,
    wrong integer NOT NULL,
    wrong_from character varying DEFAULT '{}'::character varying NOT NULL,
    used_ms bigint,
    key_mark character varying(64) NOT NULL
);
CREATE SEQUENCE public.kiosk_claim_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.kiosk_claim_number_seq OWNED BY public.kiosk_claim.number;
CREATE TABLE public.kiosk_command (
    id character varying(32) NOT NULL,
    kiosk character varying(32) NOT NULL,
    name character varying(32) NOT NULL,
    args character varying NOT NULL,
    by character varying NOT NULL,
    asked_ms bigint NOT NULL,
    expires_ms bigint NOT NULL,
    answered_ms bigint,
    outcome character varying(32) NOT NULL,
    said character varying(500) NOT NULL,
    found character varying NOT NULL
);
CREATE TABLE public.kiosk_seen (
    kiosk character varying(32) NOT NULL,
    heard_ms bigint NOT NULL,
    online boolean NOT NULL,
    session character varying NOT NULL,
    reader character varying NOT NULL,
    clock character varying NOT NULL,
    version character varying NOT NULL,
    queued bigint NOT NULL,
    key_mark character varying(16) DEFAULT ''::character varying NOT NULL,
    next_mark character varying(16) DEFAULT ''::character varying NOT NULL
);
CREATE TABLE public.kiosk_settings (
    kiosk character varying(32) NOT NULL,
    version integer NOT NULL,
    settings character varying NOT NULL,
    by character varying NOT NULL,
    at_ms bigint NOT NULL
);
CREATE TABLE public.known_line (
    proof character varying(64) NOT NULL,
    last_ms bigint NOT NULL
);
CREATE TABLE public.ledger_card (
    token character varying(32) NOT NULL,
    held character varying NOT NULL
);
CREATE TABLE public.ledger_edition (
    id integer NOT NULL,
    number integer NOT NULL
);
CREATE TABLE public.ledger_run (
    run integer NOT NULL,
    folded bigint NOT NULL,
    last_seq bigint NOT NULL,
    last_ms bigint NOT NULL,
    last_mono_ms bigint NOT NULL,
    last_boot character varying NOT NULL,
    last_stored_ms bigint NOT NULL,
    tail_known boolean NOT NULL,
    has_doubt boolean NOT NULL,
    has_unset boolean NOT NULL,
    is_tip boolean NOT NULL,
    boots character varying NOT NULL,
    known_from_ms bigint,
    known_to_ms bigint,
    low_ms bigint,
    high_ms bigint,
    first_ms bigint NOT NULL,
    started_ms bigint,
    before character varying,
    alive_ms bigint,
    alive_mono_ms bigint,
    readers character varying NOT NULL
);
CREATE TABLE public.ledger_station (
    station character varying(32) NOT NULL,
    terms character varying NOT NULL
);
CREATE TABLE public.ledger_tap (
    run integer NOT NULL,
    seq bigint NOT NULL,
    token character varying(32) NOT NULL,
    at_ms bigint NOT NULL,
    action character varying NOT NULL,
    of_seq bigint,
    clock character varying NOT NULL,
    earliest_ms bigint,
    latest_ms bigint,
    mark character varying,
    recorded_ms bigint,
    confirmed_ms bigint,
    proves boolean DEFAULT true NOT NULL
);
CREATE TABLE public.loss (
    token character varying(32) NOT NULL,
    from_ms bigint NOT NULL,
    until_ms bigint
);
CREATE TABLE public.membership (
    station character varying(32) NOT NULL,
    person character varying(32) NOT NULL,
    from_day date NOT NULL,
    until_day date
);
CREATE TABLE public.message (
    number integer NOT NULL,
    alarm integer,
    channel character varying(32) NOT NULL,
    what character varying(32) NOT NULL,
    on_duty integer NOT NULL,
    wanted integer NOT NULL,
    why character varying DEFAULT ''::character varying NOT NULL,
    made_ms bigint NOT NULL,
    due_ms bigint,
    tries integer NOT NULL,
    tried_ms bigint,
    sent_ms bigint,
    answer character varying(200) NOT NULL
);
CREATE SEQUENCE public.message_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.message_number_seq OWNED BY public.message.number;
CREATE TABLE public.origin (
    id integer NOT NULL,
    is_copy boolean NOT NULL,
    since_ms bigint NOT NULL,
    backup character varying NOT NULL,
    backup_ms bigint NOT NULL
);
CREATE TABLE public.passkey (
    id character varying(64) NOT NULL,
    account character varying(32) NOT NULL,
    name character varying(64) NOT NULL,
    credential character varying NOT NULL,
    public_key character varying NOT NULL,
    uses bigint NOT NULL,
    made_ms bigint NOT NULL,
    used_ms bigint
);
CREATE TABLE public.passkey_challenge (
    bound character varying(64) NOT NULL,
    challenge character varying(64) NOT NULL,
    line character varying(64) NOT NULL,
    until_ms bigint NOT NULL
);
CREATE TABLE public.quarantine (
    id integer NOT NULL,
    why character varying NOT NULL,
    topic character varying NOT NULL,
    session character varying NOT NULL,
    n bigint,
    seq bigint,
    reason character varying NOT NULL,
    found character varying NOT NULL,
    digest character varying NOT NULL,
    times integer NOT NULL,
    first_ms bigint NOT NULL,
    last_ms bigint NOT NULL
);
CREATE SEQUENCE public.quarantine_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.quarantine_id_seq OWNED BY public.quarantine.id;
CREATE TABLE public.record (
    run integer NOT NULL,
    seq bigint NOT NULL,
    kind character varying NOT NULL,
    at_ms bigint NOT NULL,
    clock character varying NOT NULL,
    boot character varying NOT NULL,
    mono_ms bigint NOT NULL,
    token character varying(32),
    action character varying,
    of_seq bigint,
    card_kind character varying,
    reader character varying,
    body character varying,
    stored_ms bigint NOT NULL
);
CREATE TABLE public.revision (
    number integer NOT NULL,
    since_edition integer NOT NULL,
    edition integer NOT NULL,
    station character varying(32) NOT NULL,
    day date NOT NULL,
    person_before character varying(32) NOT NULL,
    person_after character varying(32) NOT NULL,
    before character varying NOT NULL,
    after character varying NOT NULL
);
CREATE SEQUENCE public.revision_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.revision_number_seq OWNED BY public.revision.number;
CREATE TABLE public.run (
    id integer NOT NULL,
    kiosk character varying(32) NOT NULL,
    epoch character varying(16) NOT NULL,
    station character varying(32) NOT NULL,
    kept_from bigint NOT NULL,
    through bigint NOT NULL,
    last_at_ms bigint NOT NULL,
    revision bigint DEFAULT 0 NOT NULL
);
CREATE SEQUENCE public.run_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.run_id_seq OWNED BY public.run.id;
CREATE TABLE public.session (
    proof character varying(64) NOT NULL,
    account character varying(32) NOT NULL,
    made_ms bigint NOT NULL,
    seen_ms bigint NOT NULL,
    is_whole boolean NOT NULL,
    browser character varying(200) NOT NULL,
    address character varying(64) NOT NULL
);
CREATE TABLE public.shared_day (
    district character varying(32) NOT NULL,
    kind character varying(32) NOT NULL,
    day date NOT NULL,
    spans character varying NOT NULL,
    reason character varying NOT NULL
);
CREATE TABLE public.shift_day (
    station character varying(32) NOT NULL,
    day date NOT NULL,
    shifts character varying NOT NULL,
    reason character varying NOT NULL
);
CREATE TABLE public.shift_week (
    station character varying(32) NOT NULL,
    from_day date NOT NULL,
    shifts character varying NOT NULL
);
CREATE TABLE public.sign_in_try (
    proof character varying(64) NOT NULL,
    failures integer NOT NULL,
    last_ms bigint NOT NULL
);
CREATE TABLE public.special_day (
    station character varying(32) NOT NULL,
    day date NOT NULL,
    spans character varying NOT NULL,
    reason character varying NOT NULL
);
CREATE TABLE public.station (
    code character varying(32) NOT NULL,
    name character varying NOT NULL,
    short_name character varying NOT NULL,
    district character varying NOT NULL,
    kind character varying(32) NOT NULL,
    authority character varying NOT NULL,
    lead character varying NOT NULL,
    deputy character varying NOT NULL,
    created_on date NOT NULL,
    opened_on date,
    closed_on date
);
CREATE TABLE public.stint (
    run integer NOT NULL,
    seq bigint NOT NULL,
    person character varying(32) NOT NULL,
    counted boolean NOT NULL,
    station character varying(32) NOT NULL,
    tapped_ms bigint NOT NULL,
    began_ms bigint NOT NULL,
    period_opens_ms bigint,
    period_closes_ms bigint,
    counts_from_ms bigint,
    ended_ms bigint NOT NULL,
    "end" character varying NOT NULL,
    outs character varying NOT NULL,
    seen_ms bigint,
    told character varying,
    claimed boolean NOT NULL,
    unmatched boolean NOT NULL,
    uncertain boolean NOT NULL,
    unproven boolean DEFAULT false NOT NULL,
    end_unproven boolean DEFAULT false NOT NULL,
    confirmed_ms bigint
);
CREATE TABLE public.telephone (
    whose character varying(32) NOT NULL,
    of character varying(32) NOT NULL,
    purpose character varying(32) NOT NULL,
    sealed bytea NOT NULL
);
CREATE TABLE public.terms (
    station character varying(32) NOT NULL,
    from_day date NOT NULL,
    week character varying NOT NULL,
    keeps_holidays boolean NOT NULL,
    minimum integer NOT NULL,
    target integer NOT NULL,
    limits character varying NOT NULL
);
CREATE TABLE public.volunteer (
    person character varying(32) NOT NULL,
    number character varying NOT NULL,
    full_name character varying NOT NULL,
    star integer NOT NULL,
    registered_on date,
    left_on date,
    trained_on date,
    erased_on date
);
CREATE TABLE public.watched (
    run integer NOT NULL,
    joint boolean NOT NULL,
    since_ms bigint NOT NULL,
    until_ms bigint NOT NULL
);
ALTER TABLE ONLY public.access ALTER COLUMN number SET DEFAULT nextval('public.access_number_seq'::regclass);
ALTER TABLE ONLY public.alarm ALTER COLUMN number SET DEFAULT nextval('public.alarm_number_seq'::regclass);
ALTER TABLE ONLY public.alarm_step ALTER COLUMN number SET DEFAULT nextval('public.alarm_step_number_seq'::regclass);
ALTER TABLE ONLY public.amend_request ALTER COLUMN number SET DEFAULT nextval('public.amend_request_number_seq'::regclass);
ALTER TABLE ONLY public.change ALTER COLUMN number SET DEFAULT nextval('public.change_number_seq'::regclass);
ALTER TABLE ONLY public.coverage_revision ALTER COLUMN number SET DEFAULT nextval('public.coverage_revision_number_seq'::regclass);
ALTER TABLE ONLY public.grant_ ALTER COLUMN number SET DEFAULT nextval('public.grant__number_seq'::regclass);
ALTER TABLE ONLY public.import_ ALTER COLUMN number SET DEFAULT nextval('public.import__number_seq'::regclass);
ALTER TABLE ONLY public.inbox_step ALTER COLUMN number SET DEFAULT nextval('public.inbox_step_number_seq'::regclass);
ALTER TABLE ONLY public.kiosk_claim ALTER COLUMN number SET DEFAULT nextval('public.kiosk_claim_number_seq'::regclass);
ALTER TABLE ONLY public.message ALTER COLUMN number SET DEFAULT nextval('public.message_number_seq'::regclass);
ALTER TABLE ONLY public.quarantine ALTER COLUMN id SET DEFAULT nextval('public.quarantine_id_seq'::regclass);
ALTER TABLE ONLY public.revision ALTER COLUMN number SET DEFAULT nextval('public.revision_number_seq'::regclass);
ALTER TABLE ONLY public.run ALTER COLUMN id SET DEFAULT nextval('public.run_id_seq'::regclass);
INSERT INTO public.alarm VALUES (1, 'h1', 'staff', 'vacant', 1, 1772665200000, 1772665800000, 0, 1, NULL, NULL, NULL, 1772668800000, 'staffed');
INSERT INTO public.alarm VALUES (2, 'b1', 'staff', 'vacant', 1, 1772665200000, 1772665800000, 0, 2, NULL, NULL, NULL, NULL, '');
INSERT INTO public.alarm_step VALUES (1, 1, 1772665800000, 'raised', 1, '', '');
INSERT INTO public.alarm_step VALUES (2, 2, 1772665800000, 'raised', 1, '', '');
INSERT INTO public.alembic_version VALUES ('0026');
INSERT INTO public.card VALUES ('4b4e1b5779425c465f09e6b68863ae13', 'iso14443a', 1770084000000);
INSERT INTO public.card VALUES ('6cde8e881363cec30abb55f5e525ba90', 'em4100', 1770084000000);
INSERT INTO public.card VALUES ('3a9b32019ab2141600cbb82b8091b1ae', 'iso14443a', 1770084000000);
INSERT INTO public.card VALUES ('c9ee0be0e8b2e886f753a1aba2fde706', 'iso14443a', 1770084000000);
INSERT INTO public.card VALUES ('75e5c1e44cedc811fed1fef7416d2202', 'iso14443a', 1770084000000);
INSERT INTO public.change VALUES (1, 3, 1772791202509, 'clerk', 'leave_person', '', '', 'pc2ade442159be75', '', '2026-12-31', '{"cards":[],"stations":["b1"]}', '{"left_on":"2026-12-31"}', '');
INSERT INTO public.change VALUES (2, 4, 1772791202534, 'clerk', 'close_station', 'b1', '', '', '', '2030-01-01', '{"closed_on":null}', '{"closed_on":"2030-01-01"}', '');
INSERT INTO public.channel VALUES ('例值班', 'wecom', '', '', '', '', '', 'h1', false, 'cli:example', 1772665200000, 1772665300000);
INSERT INTO public.city VALUES (1, '例城', '');
INSERT INTO public.district VALUES ('d1', '东例区');
INSERT INTO public.district VALUES ('d2', '西例县');
INSERT INTO public.edition VALUES (1, 4);
INSERT INTO public.finding VALUES ('gap', 'k1', 'h1', '样例', 1, 1, 2, NULL);
INSERT INTO public.holding VALUES ('4b4e1b5779425c465f09e6b68863ae13', 0, NULL, 'pa145be3025ef757');
INSERT INTO public.holding VALUES ('6cde8e881363cec30abb55f5e525ba90', 0, NULL, 'p266d0d15eaf078a');
INSERT INTO public.holding VALUES ('c9ee0be0e8b2e886f753a1aba2fde706', 0, NULL, 'pa145be3025ef757');
INSERT INTO public.kind_authority VALUES ('hospital', '例城卫健委');
INSERT INTO public.kiosk VALUES ('k1', 'h1', '正门', '2026-01-05', NULL, NULL);
INSERT INTO public.kiosk VALUES ('k2', 'b1', '', '2026-02-03', '2026-12-31', NULL);
INSERT INTO public.kiosk_seen VALUES ('k1', 5, true, 's', 'up', 'synced', '0', 0, '', '');
INSERT INTO public.ledger_card VALUES ('3a9b32019ab2141600cbb82b8091b1ae', '');
INSERT INTO public.ledger_card VALUES ('4b4e1b5779425c465f09e6b68863ae13', '[[[0,null,"pa145be3025ef757"]],[]]');
INSERT INTO public.ledger_card VALUES ('6cde8e881363cec30abb55f5e525ba90', '[[[0,null,"p266d0d15eaf078a"]],[]]');
INSERT INTO public.ledger_card VALUES ('75e5c1e44cedc811fed1fef7416d2202', '[[],[[1772676000000,null]]]');
INSERT INTO public.ledger_card VALUES ('c9ee0be0e8b2e886f753a1aba2fde706', '[[[0,null,"pa145be3025ef757"]],[[1772676000000,null]]]');
INSERT INTO public.ledger_edition VALUES (1, 2);
INSERT INTO public.ledger_run VALUES (1, 8, 8, 1772679600000, 14460000, 'k1-1', 1772679601000, true, false, false, true, '["k1-1"]', 1772665200000, 1772679600000, NULL, NULL, 1772665200000, 1772665200000, NULL, NULL, NULL, '{"door": "up"}');
INSERT INTO public.ledger_station VALUES ('b1', '1 {"clauses":[["2000-01-01",[[0,540,720],[1,540,720],[2,540,720],[3,540,720],[4,540,720],[5,600,720]],false,2,3,"{}"],["2026-04-01",[[0,600,660],[1,600,660],[2,600,660],[3,600,660],[4,600,660]],false,2,3,"{}"]],"closed":null,"opened":null,"special":{}}');
INSERT INTO public.ledger_station VALUES ('h1', '1 {"clauses":[["2000-01-01",[[0,480,690],[0,870,1050],[1,480,690],[1,870,1050],[2,480,690],[2,870,1050],[3,480,690],[3,870,1050],[4,480,690],[4,870,1050],[5,480,690],[5,870,1050],[6,480,690],[6,870,1050]],false,1,2,"{}"]],"closed":null,"opened":null,"special":{}}');
INSERT INTO public.ledger_tap VALUES (1, 3, '3a9b32019ab2141600cbb82b8091b1ae', 1772668800000, 'arrive', NULL, 'synced', NULL, NULL, NULL, NULL, NULL, true);
INSERT INTO public.ledger_tap VALUES (1, 4, '4b4e1b5779425c465f09e6b68863ae13', 1772669100000, 'arrive', NULL, 'synced', NULL, NULL, NULL, NULL, NULL, true);
INSERT INTO public.ledger_tap VALUES (1, 5, '6cde8e881363cec30abb55f5e525ba90', 1772672400000, 'arrive', NULL, 'synced', NULL, NULL, NULL, NULL, NULL, true);
INSERT INTO public.ledger_tap VALUES (1, 6, '75e5c1e44cedc811fed1fef7416d2202', 1772676000000, 'arrive', NULL, 'synced', NULL, NULL, NULL, NULL, NULL, true);
INSERT INTO public.ledger_tap VALUES (1, 7, '3a9b32019ab2141600cbb82b8091b1ae', 1772677800000, 'leave', NULL, 'synced', NULL, NULL, NULL, NULL, NULL, true);
INSERT INTO public.ledger_tap VALUES (1, 8, 'c9ee0be0e8b2e886f753a1aba2fde706', 1772679600000, 'arrive', NULL, 'synced', NULL, NULL, NULL, NULL, NULL, true);
INSERT INTO public.loss VALUES ('c9ee0be0e8b2e886f753a1aba2fde706', 1772676000000, NULL);
INSERT INTO public.loss VALUES ('75e5c1e44cedc811fed1fef7416d2202', 1772676000000, NULL);
INSERT INTO public.membership VALUES ('h1', 'pa145be3025ef757', '2000-01-01', NULL);
INSERT INTO public.membership VALUES ('b1', 'p266d0d15eaf078a', '2000-01-01', NULL);
INSERT INTO public.membership VALUES ('h1', 'p266d0d15eaf078a', '2000-01-01', NULL);
INSERT INTO public.membership VALUES ('b1', 'pc2ade442159be75', '2000-01-01', '2026-12-31');
INSERT INTO public.record VALUES (1, 1, 'started', 1772665200000, 'synced', 'k1-1', 60000, NULL, NULL, NULL, NULL, NULL, '{"version":"0"}', 1772665201000);
INSERT INTO public.record VALUES (1, 2, 'reader', 1772665200000, 'synced', 'k1-1', 60000, NULL, NULL, NULL, NULL, NULL, '{"reader":"door","state":"up"}', 1772665201000);
INSERT INTO public.record VALUES (1, 3, 'tap', 1772668800000, 'synced', 'k1-1', 3660000, '3a9b32019ab2141600cbb82b8091b1ae', 'arrive', NULL, 'ntag213', 'door', NULL, 1772668801000);
INSERT INTO public.record VALUES (1, 4, 'tap', 1772669100000, 'synced', 'k1-1', 3960000, '4b4e1b5779425c465f09e6b68863ae13', 'arrive', NULL, 'ntag213', 'door', NULL, 1772669101000);
INSERT INTO public.record VALUES (1, 5, 'tap', 1772672400000, 'synced', 'k1-1', 7260000, '6cde8e881363cec30abb55f5e525ba90', 'arrive', NULL, 'ntag213', 'door', NULL, 1772672401000);
INSERT INTO public.record VALUES (1, 6, 'tap', 1772676000000, 'synced', 'k1-1', 10860000, '75e5c1e44cedc811fed1fef7416d2202', 'arrive', NULL, 'ntag213', 'door', NULL, 1772676001000);
INSERT INTO public.record VALUES (1, 7, 'tap', 1772677800000, 'synced', 'k1-1', 12660000, '3a9b32019ab2141600cbb82b8091b1ae', 'leave', NULL, 'ntag213', 'door', NULL, 1772677801000);
INSERT INTO public.record VALUES (1, 8, 'tap', 1772679600000, 'synced', 'k1-1', 14460000, 'c9ee0be0e8b2e886f753a1aba2fde706', 'arrive', NULL, 'ntag213', 'door', NULL, 1772679601000);
INSERT INTO public.run VALUES (1, 'k1', '91b72265b1f50001', 'h1', 1, 8, 0, 0);
INSERT INTO public.station VALUES ('h1', '例城医院学雷锋志愿服务点', '例城医院', 'd1', 'hospital', '', '例甲子', '', '2026-02-03', NULL, NULL);
INSERT INTO public.station VALUES ('b1', '例城银行学雷锋志愿服务点', '例城银行', 'd2', 'bank', '', '', '', '2026-02-03', NULL, '2030-01-01');
INSERT INTO public.stint VALUES (1, 3, '3a9b32019ab2141600cbb82b8091b1ae', false, 'h1', 1772668800000, 1772668800000, 1772668800000, 1772681400000, 1772668800000, 1772677800000, 'leave', '[]', NULL, NULL, false, false, false, false, false, NULL);
INSERT INTO public.stint VALUES (1, 6, '75e5c1e44cedc811fed1fef7416d2202', false, 'h1', 1772676000000, 1772676000000, 1772668800000, 1772681400000, 1772676000000, 1772681400000, 'assumed', '[]', NULL, '[[1772668800000,1772681400000],1772676000000,null,[]]', false, false, false, false, false, NULL);
INSERT INTO public.stint VALUES (1, 8, 'c9ee0be0e8b2e886f753a1aba2fde706', false, 'h1', 1772679600000, 1772679600000, 1772668800000, 1772681400000, 1772679600000, 1772681400000, 'assumed', '[]', NULL, '[[1772668800000,1772681400000],1772679600000,null,[]]', false, false, false, false, false, NULL);
INSERT INTO public.stint VALUES (1, 5, 'p266d0d15eaf078a', true, 'h1', 1772672400000, 1772672400000, 1772668800000, 1772681400000, 1772672400000, 1772681400000, 'assumed', '[]', NULL, '[[1772668800000,1772681400000],1772672400000,null,[]]', false, false, false, false, false, NULL);
INSERT INTO public.stint VALUES (1, 4, 'pa145be3025ef757', true, 'h1', 1772669100000, 1772669100000, 1772668800000, 1772681400000, 1772669100000, 1772681400000, 'assumed', '[]', NULL, '[[1772668800000,1772681400000],1772669100000,null,[]]', false, false, false, false, false, NULL);
INSERT INTO public.terms VALUES ('h1', '2000-01-01', '[[0,480,690],[0,870,1050],[1,480,690],[1,870,1050],[2,480,690],[2,870,1050],[3,480,690],[3,870,1050],[4,480,690],[4,870,1050],[5,480,690],[5,870,1050],[6,480,690],[6,870,1050]]', false, 1, 2, '{}');
INSERT INTO public.terms VALUES ('b1', '2000-01-01', '[[0,540,720],[1,540,720],[2,540,720],[3,540,720],[4,540,720],[5,600,720]]', false, 2, 3, '{}');
INSERT INTO public.terms VALUES ('b1', '2026-04-01', '[[0,600,660],[1,600,660],[2,600,660],[3,600,660],[4,600,660]]', false, 2, 3, '{}');
INSERT INTO public.volunteer VALUES ('pa145be3025ef757', 'V1', '例乙丑', 2, NULL, NULL, '2026-01-09', NULL);
INSERT INTO public.volunteer VALUES ('p266d0d15eaf078a', 'V2', '例丙寅', 0, NULL, NULL, NULL, NULL);
INSERT INTO public.volunteer VALUES ('pc2ade442159be75', 'V3', '例丁卯', 5, NULL, '2026-12-31', NULL, NULL);
INSERT INTO public.watched VALUES (1, false, 1772668800000, 1772669100000);
SELECT pg_catalog.setval('public.access_number_seq', 1, false);
SELECT pg_catalog.setval('public.alarm_number_seq', 2, true);
SELECT pg_catalog.setval('public.alarm_step_number_seq', 2, true);
SELECT pg_catalog.setval('public.amend_request_number_seq', 1, false);
SELECT pg_catalog.setval('public.change_number_seq', 2, true);
SELECT pg_catalog.setval('public.coverage_revision_number_seq', 1, false);
SELECT pg_catalog.setval('public.grant__number_seq', 1, false);
SELECT pg_catalog.setval('public.import__number_seq', 1, false);
SELECT pg_catalog.setval('public.inbox_step_number_seq', 1, false);
SELECT pg_catalog.setval('public.kiosk_claim_number_seq', 1, false);
SELECT pg_catalog.setval('public.message_number_seq', 1, false);
SELECT pg_catalog.setval('public.quarantine_id_seq', 1, false);
SELECT pg_catalog.setval('public.revision_number_seq', 1, false);
SELECT pg_catalog.setval('public.run_id_seq', 1, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.access
    ADD CONSTRAINT pk_access PRIMARY KEY (number);
ALTER TABLE ONLY public.account
    ADD CONSTRAINT pk_account PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_edition
    ADD CONSTRAINT pk_accounts_edition PRIMARY KEY (id);
ALTER TABLE ONLY public.alarm
    ADD CONSTRAINT pk_alarm PRIMARY KEY (number);
ALTER TABLE ONLY public.alarm_course
    ADD CONSTRAINT pk_alarm_course PRIMARY KEY (station, matter);
ALTER TABLE ONLY public.alarm_step
    ADD CONSTRAINT pk_alarm_step PRIMARY KEY (number);
ALTER TABLE ONLY public.amend_request
    ADD CONSTRAINT pk_amend_request PRIMARY KEY (number);
ALTER TABLE ONLY public.card
    ADD CONSTRAINT pk_card PRIMARY KEY (token);
ALTER TABLE ONLY public.card_name
    ADD CONSTRAINT pk_card_name PRIMARY KEY (token, former, said_by);
ALTER TABLE ONLY public.change
    ADD CONSTRAINT pk_change PRIMARY KEY (number);
ALTER TABLE ONLY public.channel
    ADD CONSTRAINT pk_channel PRIMARY KEY (name);
ALTER TABLE ONLY public.city
    ADD CONSTRAINT pk_city PRIMARY KEY (id);
ALTER TABLE ONLY public.consent
    ADD CONSTRAINT pk_consent PRIMARY KEY (person, matter, agreed_on);
ALTER TABLE ONLY public.coverage_day
    ADD CONSTRAINT pk_coverage_day PRIMARY KEY (day, station);
ALTER TABLE ONLY public.coverage_due
    ADD CONSTRAINT pk_coverage_due PRIMARY KEY (station, day);
ALTER TABLE ONLY public.coverage_gap
    ADD CONSTRAINT pk_coverage_gap PRIMARY KEY (station, day, began_ms);
ALTER TABLE ONLY public.coverage_month
    ADD CONSTRAINT pk_coverage_month PRIMARY KEY (month, station);
ALTER TABLE ONLY public.coverage_revision
    ADD CONSTRAINT pk_coverage_revision PRIMARY KEY (number);
ALTER TABLE ONLY public.coverage_station
    ADD CONSTRAINT pk_coverage_station PRIMARY KEY (station);
ALTER TABLE ONLY public.district
    ADD CONSTRAINT pk_district PRIMARY KEY (code);
ALTER TABLE ONLY public.door
    ADD CONSTRAINT pk_door PRIMARY KEY (proof);
ALTER TABLE ONLY public.edition
    ADD CONSTRAINT pk_edition PRIMARY KEY (id);
ALTER TABLE ONLY public.erased_number
    ADD CONSTRAINT pk_erased_number PRIMARY KEY (mark);
ALTER TABLE ONLY public.finding
    ADD CONSTRAINT pk_finding PRIMARY KEY (kind, subject);
ALTER TABLE ONLY public.gap
    ADD CONSTRAINT pk_gap PRIMARY KEY (run, first);
ALTER TABLE ONLY public.grant_
    ADD CONSTRAINT pk_grant_ PRIMARY KEY (number);
ALTER TABLE ONLY public.holding
    ADD CONSTRAINT pk_holding PRIMARY KEY (token, from_ms);
ALTER TABLE ONLY public.holiday
    ADD CONSTRAINT pk_holiday PRIMARY KEY (day);
ALTER TABLE ONLY public.import_
    ADD CONSTRAINT pk_import_ PRIMARY KEY (number);
ALTER TABLE ONLY public.imported_row
    ADD CONSTRAINT pk_imported_row PRIMARY KEY (import_number, place);
ALTER TABLE ONLY public.inbox_step
    ADD CONSTRAINT pk_inbox_step PRIMARY KEY (number);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT pk_invitation PRIMARY KEY (proof);
ALTER TABLE ONLY public.key_change
    ADD CONSTRAINT pk_key_change PRIMARY KEY (mark);
ALTER TABLE ONLY public.kind_authority
    ADD CONSTRAINT pk_kind_authority PRIMARY KEY (kind);
ALTER TABLE ONLY public.kiosk
    ADD CONSTRAINT pk_kiosk PRIMARY KEY (id);
ALTER TABLE ONLY public.kiosk_claim
    ADD CONSTRAINT pk_kiosk_claim PRIMARY KEY (number);
ALTER TABLE ONLY public.kiosk_command
    ADD CONSTRAINT pk_kiosk_command PRIMARY KEY (id);
ALTER TABLE ONLY public.kiosk_seen
    ADD CONSTRAINT pk_kiosk_seen PRIMARY KEY (kiosk);
ALTER TABLE ONLY public.kiosk_settings
    ADD CONSTRAINT pk_kiosk_settings PRIMARY KEY (kiosk);
ALTER TABLE ONLY public.known_line
    ADD CONSTRAINT pk_known_line PRIMARY KEY (proof);
ALTER TABLE ONLY public.ledger_card
    ADD CONSTRAINT pk_ledger_card PRIMARY KEY (token);
ALTER TABLE ONLY public.ledger_edition
    ADD CONSTRAINT pk_ledger_edition PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_run
    ADD CONSTRAINT pk_ledger_run PRIMARY KEY (run);
ALTER TABLE ONLY public.ledger_station
    ADD CONSTRAINT pk_ledger_station PRIMARY KEY (station);
ALTER TABLE ONLY public.ledger_tap
    ADD CONSTRAINT pk_ledger_tap PRIMARY KEY (run, seq);
ALTER TABLE ONLY public.loss
    ADD CONSTRAINT pk_loss PRIMARY KEY (token, from_ms);
ALTER TABLE ONLY public.membership
    ADD CONSTRAINT pk_membership PRIMARY KEY (station, person, from_day);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT pk_message PRIMARY KEY (number);
ALTER TABLE ONLY public.origin
    ADD CONSTRAINT pk_origin PRIMARY KEY (id);
ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT pk_passkey PRIMARY KEY (id);
ALTER TABLE ONLY public.passkey_challenge
    ADD CONSTRAINT pk_passkey_challenge PRIMARY KEY (bound);
ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT pk_quarantine PRIMARY KEY (id);
ALTER TABLE ONLY public.record
    ADD CONSTRAINT pk_record PRIMARY KEY (run, seq);
ALTER TABLE ONLY public.revision
    ADD CONSTRAINT pk_revision PRIMARY KEY (number);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT pk_run PRIMARY KEY (id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT pk_session PRIMARY KEY (proof);
ALTER TABLE ONLY public.shared_day
    ADD CONSTRAINT pk_shared_day PRIMARY KEY (district, kind, day);
ALTER TABLE ONLY public.shift_day
    ADD CONSTRAINT pk_shift_day PRIMARY KEY (station, day);
ALTER TABLE ONLY public.shift_week
    ADD CONSTRAINT pk_shift_week PRIMARY KEY (station, from_day);
ALTER TABLE ONLY public.sign_in_try
    ADD CONSTRAINT pk_sign_in_try PRIMARY KEY (proof);
ALTER TABLE ONLY public.special_day
    ADD CONSTRAINT pk_special_day PRIMARY KEY (station, day);
ALTER TABLE ONLY public.station
    ADD CONSTRAINT pk_station PRIMARY KEY (code);
ALTER TABLE ONLY public.stint
    ADD CONSTRAINT pk_stint PRIMARY KEY (run, seq);
ALTER TABLE ONLY public.telephone
    ADD CONSTRAINT pk_telephone PRIMARY KEY (whose, of);
ALTER TABLE ONLY public.terms
    ADD CONSTRAINT pk_terms PRIMARY KEY (station, from_day);
ALTER TABLE ONLY public.volunteer
    ADD CONSTRAINT pk_volunteer PRIMARY KEY (person);
ALTER TABLE ONLY public.watched
    ADD CONSTRAINT pk_watched PRIMARY KEY (run, joint, since_ms);
ALTER TABLE ONLY public.account
    ADD CONSTRAINT uq_account_name UNIQUE (name);
ALTER TABLE ONLY public.district
    ADD CONSTRAINT uq_district_name UNIQUE (name);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT uq_run_kiosk_epoch UNIQUE (kiosk, epoch);
ALTER TABLE ONLY public.volunteer
    ADD CONSTRAINT uq_volunteer_number UNIQUE (number);
CREATE INDEX ix_access_at_ms ON public.access USING btree (at_ms);
CREATE INDEX ix_account_subject ON public.account USING btree (subject);
CREATE UNIQUE INDEX ix_alarm_running ON public.alarm USING btree (station, matter) WHERE (over_ms IS NULL);
CREATE INDEX ix_alarm_station ON public.alarm USING btree (station);
CREATE INDEX ix_alarm_step_alarm ON public.alarm_step USING btree (alarm);
CREATE INDEX ix_amend_request_person ON public.amend_request USING btree (person);
CREATE INDEX ix_change_person ON public.change USING btree (person);
CREATE INDEX ix_change_station ON public.change USING btree (station);
CREATE INDEX ix_change_token ON public.change USING btree (token);
CREATE INDEX ix_coverage_day_station ON public.coverage_day USING btree (station);
CREATE INDEX ix_coverage_due_day ON public.coverage_due USING btree (day);
CREATE INDEX ix_coverage_revision_day ON public.coverage_revision USING btree (day);
CREATE INDEX ix_coverage_revision_station ON public.coverage_revision USING btree (station);
CREATE INDEX ix_grant__account ON public.grant_ USING btree (account);
CREATE INDEX ix_holding_person ON public.holding USING btree (person);
CREATE INDEX ix_holiday_year ON public.holiday USING btree (year);
CREATE INDEX ix_imported_row_person ON public.imported_row USING btree (person);
CREATE INDEX ix_invitation_account ON public.invitation USING btree (account);
CREATE INDEX ix_kiosk_claim_kiosk ON public.kiosk_claim USING btree (kiosk);
CREATE INDEX ix_kiosk_command_expires_ms ON public.kiosk_command USING btree (expires_ms);
CREATE INDEX ix_kiosk_command_kiosk ON public.kiosk_command USING btree (kiosk);
CREATE INDEX ix_kiosk_station ON public.kiosk USING btree (station);
CREATE INDEX ix_known_line_last_ms ON public.known_line USING btree (last_ms);
CREATE INDEX ix_ledger_tap_mark ON public.ledger_tap USING btree (at_ms) WHERE (mark IS NOT NULL);
CREATE INDEX ix_ledger_tap_token ON public.ledger_tap USING btree (token, at_ms);
CREATE INDEX ix_membership_person ON public.membership USING btree (person);
CREATE INDEX ix_message_alarm ON public.message USING btree (alarm);
CREATE INDEX ix_message_due_ms ON public.message USING btree (due_ms);
CREATE INDEX ix_passkey_account ON public.passkey USING btree (account);
CREATE INDEX ix_passkey_challenge_line ON public.passkey_challenge USING btree (line);
CREATE INDEX ix_passkey_challenge_until_ms ON public.passkey_challenge USING btree (until_ms);
CREATE INDEX ix_quarantine_digest ON public.quarantine USING btree (digest);
CREATE INDEX ix_revision_edition ON public.revision USING btree (edition);
CREATE INDEX ix_session_account ON public.session USING btree (account);
CREATE INDEX ix_sign_in_try_last_ms ON public.sign_in_try USING btree (last_ms);
CREATE INDEX ix_station_district ON public.station USING btree (district);
CREATE INDEX ix_station_kind ON public.station USING btree (kind);
CREATE INDEX ix_stint_person ON public.stint USING btree (person, tapped_ms);
CREATE INDEX ix_stint_review ON public.stint USING btree (began_ms) WHERE ((confirmed_ms IS NULL) AND ((("end")::text = 'assumed'::text) OR (claimed IS TRUE) OR (uncertain IS TRUE)));
CREATE INDEX ix_stint_station ON public.stint USING btree (station, began_ms);
CREATE INDEX ix_stint_stranger ON public.stint USING btree (began_ms) WHERE (counted IS FALSE);
ALTER TABLE ONLY public.alarm_step
    ADD CONSTRAINT fk_alarm_step_alarm FOREIGN KEY (alarm) REFERENCES public.alarm(number);
ALTER TABLE ONLY public.consent
    ADD CONSTRAINT fk_consent_person FOREIGN KEY (person) REFERENCES public.volunteer(person);
ALTER TABLE ONLY public.gap
    ADD CONSTRAINT fk_gap_run FOREIGN KEY (run) REFERENCES public.run(id);
ALTER TABLE ONLY public.grant_
    ADD CONSTRAINT fk_grant__account FOREIGN KEY (account) REFERENCES public.account(id);
ALTER TABLE ONLY public.holding
    ADD CONSTRAINT fk_holding_person FOREIGN KEY (person) REFERENCES public.volunteer(person);
ALTER TABLE ONLY public.holding
    ADD CONSTRAINT fk_holding_token FOREIGN KEY (token) REFERENCES public.card(token);
ALTER TABLE ONLY public.imported_row
    ADD CONSTRAINT fk_imported_row_import_number FOREIGN KEY (import_number) REFERENCES public.import_(number);
ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT fk_invitation_account FOREIGN KEY (account) REFERENCES public.account(id);
ALTER TABLE ONLY public.kiosk
    ADD CONSTRAINT fk_kiosk_station FOREIGN KEY (station) REFERENCES public.station(code);
ALTER TABLE ONLY public.ledger_run
    ADD CONSTRAINT fk_ledger_run_run FOREIGN KEY (run) REFERENCES public.run(id);
ALTER TABLE ONLY public.ledger_tap
    ADD CONSTRAINT fk_ledger_tap_run FOREIGN KEY (run) REFERENCES public.run(id);
ALTER TABLE ONLY public.loss
    ADD CONSTRAINT fk_loss_token FOREIGN KEY (token) REFERENCES public.card(token);
ALTER TABLE ONLY public.membership
    ADD CONSTRAINT fk_membership_person FOREIGN KEY (person) REFERENCES public.volunteer(person);
ALTER TABLE ONLY public.membership
    ADD CONSTRAINT fk_membership_station FOREIGN KEY (station) REFERENCES public.station(code);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT fk_message_alarm FOREIGN KEY (alarm) REFERENCES public.alarm(number);
ALTER TABLE ONLY public.message
    ADD CONSTRAINT fk_message_channel FOREIGN KEY (channel) REFERENCES public.channel(name);
ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT fk_passkey_account FOREIGN KEY (account) REFERENCES public.account(id);
ALTER TABLE ONLY public.record
    ADD CONSTRAINT fk_record_run FOREIGN KEY (run) REFERENCES public.run(id);
ALTER TABLE ONLY public.session
    ADD CONSTRAINT fk_session_account FOREIGN KEY (account) REFERENCES public.account(id);
ALTER TABLE ONLY public.shift_day
    ADD CONSTRAINT fk_shift_day_station FOREIGN KEY (station) REFERENCES public.station(code);
ALTER TABLE ONLY public.shift_week
    ADD CONSTRAINT fk_shift_week_station FOREIGN KEY (station) REFERENCES public.station(code);
ALTER TABLE ONLY public.special_day
    ADD CONSTRAINT fk_special_day_station FOREIGN KEY (station) REFERENCES public.station(code);
ALTER TABLE ONLY public.station
    ADD CONSTRAINT fk_station_district FOREIGN KEY (district) REFERENCES public.district(code);
ALTER TABLE ONLY public.stint
    ADD CONSTRAINT fk_stint_run FOREIGN KEY (run) REFERENCES public.run(id);
ALTER TABLE ONLY public.terms
    ADD CONSTRAINT fk_terms_station FOREIGN KEY (station) REFERENCES public.station(code);
ALTER TABLE ONLY public.watched
    ADD CONSTRAINT fk_watched_run FOREIGN KEY (run) REFERENCES public.run(id);
