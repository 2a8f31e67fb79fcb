SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.card (
    token character varying(32) NOT NULL,
    technology character varying(16) NOT NULL,
    added_ms bigint NOT NULL
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
CREATE TABLE public.city (
    id integer NOT NULL,
    name character varying NOT NULL,
    naming character varying NOT NULL
);
CREATE TABLE public.district (
    code character varying(32) NOT NULL,
    name character varying NOT NULL
);
CREATE TABLE public.edition (
    id integer NOT NULL,
    number integer NOT NULL
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
CREATE TABLE public.holding (
    token character varying(32) NOT NULL,
    from_ms bigint NOT NULL,
    until_ms bigint,
    person character varying(32) NOT NULL
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
    in_service_to date
);
CREATE TABLE public.kiosk_seen (
    kiosk character varying(32) NOT NULL,
    heard_ms bigint NOT NULL,
    online boolean NOT NULL,
    session character varying NOT NULL,
    reader character varying NOT NULL,
    clock character varying NOT NULL,
    version character varying NOT NULL,
    queued bigint NOT NULL
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
    mark character varying
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
CREATE TABLE public.origin (
    id integer NOT NULL,
    is_copy boolean NOT NULL,
    since_ms bigint NOT NULL,
    backup character varying NOT NULL,
    backup_ms bigint NOT NULL
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
    uncertain boolean NOT NULL
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
    trained_on date
);
CREATE TABLE public.watched (
    run integer NOT NULL,
    joint boolean NOT NULL,
    since_ms bigint NOT NULL,
    until_ms bigint NOT NULL
);
ALTER TABLE ONLY public.change ALTER COLUMN number SET DEFAULT nextval('public.change_number_seq'::regclass);
ALTER TABLE ONLY public.quarantine ALTER COLUMN id SET DEFAULT nextval('public.quarantine_id_seq'::regclass);
ALTER TABLE ONLY public.revision ALTER COLUMN number SET DEFAULT nextval('public.revision_number_seq'::regclass);
ALTER TABLE ONLY public.run ALTER COLUMN id SET DEFAULT nextval('public.run_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0005');
INSERT INTO public.card VALUES ('4b4e1b5779425c465f09e6b68863ae13', 'iso14443a', 1770084000000);
INSERT INTO public.card VALUES ('6cde8e881363cec30abb55f5e525ba90', 'em4100', 1770084000000);
INSERT INTO public.card VALUES ('3a9b32019ab2141600cbb82b8091b1ae', 'iso14443a', 1770084000000);
INSERT INTO public.card VALUES ('c9ee0be0e8b2e886f753a1aba2fde706', 'iso14443a', 1770084000000);
INSERT INTO public.card VALUES ('75e5c1e44cedc811fed1fef7416d2202', 'iso14443a', 1770084000000);
INSERT INTO public.city VALUES (1, '例城', '');
INSERT INTO public.district VALUES ('d1', '东例区');
INSERT INTO public.district VALUES ('d2', '西例县');
INSERT INTO public.edition VALUES (1, 2);
INSERT INTO public.finding VALUES ('gap', 'k1', 'h1', '样例', 1, 1, 2, NULL);
INSERT INTO public.holding VALUES ('4b4e1b5779425c465f09e6b68863ae13', 0, NULL, 'pa145be3025ef757');
INSERT INTO public.holding VALUES ('6cde8e881363cec30abb55f5e525ba90', 0, NULL, 'p266d0d15eaf078a');
INSERT INTO public.holding VALUES ('c9ee0be0e8b2e886f753a1aba2fde706', 0, NULL, 'pa145be3025ef757');
INSERT INTO public.kind_authority VALUES ('hospital', '例城卫健委');
INSERT INTO public.kiosk VALUES ('k1', 'h1', '正门', '2026-01-05', NULL);
INSERT INTO public.kiosk VALUES ('k2', 'b1', '', '2026-02-03', '2026-12-31');
INSERT INTO public.kiosk_seen VALUES ('k1', 5, true, 's', 'up', 'synced', '0', 0);
INSERT INTO public.ledger_card VALUES ('3a9b32019ab2141600cbb82b8091b1ae', '');
INSERT INTO public.ledger_card VALUES ('4b4e1b5779425c465f09e6b68863ae13', '[[[0,null,"pa145be3025ef757"]],[]]');
INSERT INTO public.ledger_card VALUES ('6cde8e881363cec30abb55f5e525ba90', '[[[0,null,"p266d0d15eaf078a"]],[]]');
INSERT INTO public.ledger_card VALUES ('75e5c1e44cedc811fed1fef7416d2202', '[[],[[1772676000000,null]]]');
INSERT INTO public.ledger_card VALUES ('c9ee0be0e8b2e886f753a1aba2fde706', '[[[0,null,"pa145be3025ef757"]],[[1772676000000,null]]]');
INSERT INTO public.ledger_edition VALUES (1, 2);
INSERT INTO public.ledger_run VALUES (1, 8, 8, 1772679600000, 14460000, 'k1-1', 1772679601000, true, false, false, true, '["k1-1"]', 1772665200000, 1772679600000, NULL, NULL, 1772665200000, 1772665200000, NULL, NULL, NULL, '{"door": "up"}');
INSERT INTO public.ledger_station VALUES ('b1', '1 {"clauses":[["2000-01-01",[[0,540,720],[1,540,720],[2,540,720],[3,540,720],[4,540,720],[5,600,720]],false,2,3,"{}"],["2026-04-01",[[0,600,660],[1,600,660],[2,600,660],[3,600,660],[4,600,660]],false,2,3,"{}"]],"closed":null,"opened":null,"special":{}}');
INSERT INTO public.ledger_station VALUES ('h1', '1 {"clauses":[["2000-01-01",[[0,480,690],[0,870,1050],[1,480,690],[1,870,1050],[2,480,690],[2,870,1050],[3,480,690],[3,870,1050],[4,480,690],[4,870,1050],[5,480,690],[5,870,1050],[6,480,690],[6,870,1050]],false,1,2,"{}"]],"closed":null,"opened":null,"special":{}}');
INSERT INTO public.ledger_tap VALUES (1, 3, '3a9b32019ab2141600cbb82b8091b1ae', 1772668800000, 'arrive', NULL, 'synced', NULL, NULL, NULL);
INSERT INTO public.ledger_tap VALUES (1, 4, '4b4e1b5779425c465f09e6b68863ae13', 1772669100000, 'arrive', NULL, 'synced', NULL, NULL, NULL);
INSERT INTO public.ledger_tap VALUES (1, 5, '6cde8e881363cec30abb55f5e525ba90', 1772672400000, 'arrive', NULL, 'synced', NULL, NULL, NULL);
INSERT INTO public.ledger_tap VALUES (1, 6, '75e5c1e44cedc811fed1fef7416d2202', 1772676000000, 'arrive', NULL, 'synced', NULL, NULL, NULL);
INSERT INTO public.ledger_tap VALUES (1, 7, '3a9b32019ab2141600cbb82b8091b1ae', 1772677800000, 'leave', NULL, 'synced', NULL, NULL, NULL);
INSERT INTO public.ledger_tap VALUES (1, 8, 'c9ee0be0e8b2e886f753a1aba2fde706', 1772679600000, 'arrive', NULL, 'synced', NULL, NULL, NULL);
INSERT INTO public.loss VALUES ('c9ee0be0e8b2e886f753a1aba2fde706', 1772676000000, NULL);
INSERT INTO public.loss VALUES ('75e5c1e44cedc811fed1fef7416d2202', 1772676000000, NULL);
INSERT INTO public.membership VALUES ('h1', 'pa145be3025ef757', '2000-01-01', NULL);
INSERT INTO public.membership VALUES ('b1', 'p266d0d15eaf078a', '2000-01-01', NULL);
INSERT INTO public.membership VALUES ('h1', 'p266d0d15eaf078a', '2000-01-01', NULL);
INSERT INTO public.membership VALUES ('b1', 'pc2ade442159be75', '2000-01-01', NULL);
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
INSERT INTO public.station VALUES ('b1', '例城银行学雷锋志愿服务点', '例城银行', 'd2', 'bank', '', '', '', '2026-02-03', NULL, NULL);
INSERT INTO public.stint VALUES (1, 3, '3a9b32019ab2141600cbb82b8091b1ae', false, 'h1', 1772668800000, 1772668800000, 1772668800000, 1772681400000, 1772668800000, 1772677800000, 'leave', '[]', NULL, NULL, false, false, false);
INSERT INTO public.stint VALUES (1, 6, '75e5c1e44cedc811fed1fef7416d2202', false, 'h1', 1772676000000, 1772676000000, 1772668800000, 1772681400000, 1772676000000, 1772681400000, 'assumed', '[]', NULL, '[[1772668800000,1772681400000],1772676000000,null,[]]', false, false, false);
INSERT INTO public.stint VALUES (1, 8, 'c9ee0be0e8b2e886f753a1aba2fde706', false, 'h1', 1772679600000, 1772679600000, 1772668800000, 1772681400000, 1772679600000, 1772681400000, 'assumed', '[]', NULL, '[[1772668800000,1772681400000],1772679600000,null,[]]', false, false, false);
INSERT INTO public.stint VALUES (1, 5, 'p266d0d15eaf078a', true, 'h1', 1772672400000, 1772672400000, 1772668800000, 1772681400000, 1772672400000, 1772681400000, 'assumed', '[]', NULL, '[[1772668800000,1772681400000],1772672400000,null,[]]', false, false, false);
INSERT INTO public.stint VALUES (1, 4, 'pa145be3025ef757', true, 'h1', 1772669100000, 1772669100000, 1772668800000, 1772681400000, 1772669100000, 1772681400000, 'assumed', '[]', NULL, '[[1772668800000,1772681400000],1772669100000,null,[]]', false, false, false);
INSERT INTO public.terms VALUES ('h1', '2000-01-01', '[[0,480,690],[0,870,1050],[1,480,690],[1,870,1050],[2,480,690],[2,870,1050],[3,480,690],[3,870,1050],[4,480,690],[4,870,1050],[5,480,690],[5,870,1050],[6,480,690],[6,870,1050]]', false, 1, 2, '{}');
INSERT INTO public.terms VALUES ('b1', '2000-01-01', '[[0,540,720],[1,540,720],[2,540,720],[3,540,720],[4,540,720],[5,600,720]]', false, 2, 3, '{}');
INSERT INTO public.terms VALUES ('b1', '2026-04-01', '[[0,600,660],[1,600,660],[2,600,660],[3,600,660],[4,600,660]]', false, 2, 3, '{}');
INSERT INTO public.volunteer VALUES ('pa145be3025ef757', 'V1', '例乙丑', 2, NULL, NULL, '2026-01-09');
INSERT INTO public.volunteer VALUES ('p266d0d15eaf078a', 'V2', '例丙寅', 0, NULL, NULL, NULL);
INSERT INTO public.volunteer VALUES ('pc2ade442159be75', 'V3', '例丁卯', 5, NULL, NULL, NULL);
INSERT INTO public.watched VALUES (1, false, 1772668800000, 1772669100000);
SELECT pg_catalog.setval('public.change_number_seq', 1, false);
SELECT pg_catalog.setval('public.quarantine_id_seq', 1, false);
SELECT pg_catalog.setval('public.revision_number_seq', 1, false);
SELECT pg_catalog.setval('public.run_id_seq', 1, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.card
    ADD CONSTRAINT pk_card PRIMARY KEY (token);
ALTER TABLE ONLY public.change
    ADD CONSTRAINT pk_change PRIMARY KEY (number);
ALTER TABLE ONLY public.city
    ADD CONSTRAINT pk_city PRIMARY KEY (id);
ALTER TABLE ONLY public.district
    ADD CONSTRAINT pk_district PRIMARY KEY (code);
ALTER TABLE ONLY public.edition
    ADD CONSTRAINT pk_edition PRIMARY KEY (id);
ALTER TABLE ONLY public.finding
    ADD CONSTRAINT pk_finding PRIMARY KEY (kind, subject);
ALTER TABLE ONLY public.gap
    ADD CONSTRAINT pk_gap PRIMARY KEY (run, first);
ALTER TABLE ONLY public.holding
    ADD CONSTRAINT pk_holding PRIMARY KEY (token, from_ms);
ALTER TABLE ONLY public.kind_authority
    ADD CONSTRAINT pk_kind_authority PRIMARY KEY (kind);
ALTER TABLE ONLY public.kiosk
    ADD CONSTRAINT pk_kiosk PRIMARY KEY (id);
ALTER TABLE ONLY public.kiosk_seen
    ADD CONSTRAINT pk_kiosk_seen PRIMARY KEY (kiosk);
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
ALTER TABLE ONLY public.origin
    ADD CONSTRAINT pk_origin PRIMARY KEY (id);
ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT pk_quarantine PRIMARY KEY (id);
ALTER TABLE ONLY public.record
    ADD CONSTRAINT pk_record PRIMARY KEY (run, seq);
ALTER TABLE ONLY public.revision
    ADD CONSTRAINT pk_revision PRIMARY KEY (number);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT pk_run PRIMARY KEY (id);
ALTER TABLE ONLY public.special_day
    ADD CONSTRAINT pk_special_day PRIMARY KEY (station, day);
ALTER TABLE ONLY public.station
    ADD CONSTRAINT pk_station PRIMARY KEY (code);
ALTER TABLE ONLY public.stint
    ADD CONSTRAINT pk_stint PRIMARY KEY (run, seq);
ALTER TABLE ONLY public.terms
    ADD CONSTRAINT pk_terms PRIMARY KEY (station, from_day);
ALTER TABLE ONLY public.volunteer
    ADD CONSTRAINT pk_volunteer PRIMARY KEY (person);
ALTER TABLE ONLY public.watched
    ADD CONSTRAINT pk_watched PRIMARY KEY (run, joint, since_ms);
ALTER TABLE ONLY public.district
    ADD CONSTRAINT uq_district_name UNIQUE (name);
ALTER TABLE ONLY public.run
    ADD CONSTRAINT uq_run_kiosk_epoch UNIQUE (kiosk, epoch);
ALTER TABLE ONLY public.volunteer
    ADD CONSTRAINT uq_volunteer_number UNIQUE (number);
CREATE INDEX ix_change_person ON public.change USING btree (person);
CREATE INDEX ix_change_station ON public.change USING btree (station);
CREATE INDEX ix_change_token ON public.change USING btree (token);
CREATE INDEX ix_holding_person ON public.holding USING btree (person);
CREATE INDEX ix_kiosk_station ON public.kiosk USING btree (station);
CREATE INDEX ix_ledger_tap_token ON public.ledger_tap USING btree (token, at_ms);
CREATE INDEX ix_membership_person ON public.membership USING btree (person);
CREATE INDEX ix_quarantine_digest ON public.quarantine USING btree (digest);
CREATE INDEX ix_revision_edition ON public.revision USING btree (edition);
CREATE INDEX ix_station_district ON public.station USING btree (district);
CREATE INDEX ix_station_kind ON public.station USING btree (kind);
CREATE INDEX ix_stint_person ON public.stint USING btree (person, tapped_ms);
CREATE INDEX ix_stint_station ON public.stint USING btree (station, began_ms);
ALTER TABLE ONLY public.gap
    ADD CONSTRAINT fk_gap_run FOREIGN KEY (run) REFERENCES public.run(id);
ALTER TABLE ONLY public.holding
    ADD CONSTRAINT fk_holding_person FOREIGN KEY (person) REFERENCES public.volunteer(person);
ALTER TABLE ONLY public.holding
    ADD CONSTRAINT fk_holding_token FOREIGN KEY (token) REFERENCES public.card(token);
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
ALTER TABLE ONLY public.record
    ADD CONSTRAINT fk_record_run FOREIGN KEY (run) REFERENCES public.run(id);
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
