BEGIN TRANSACTION;
CREATE TABLE access (
	number INTEGER NOT NULL, 
	at_ms BIGINT NOT NULL, 
	"by" VARCHAR NOT NULL, 
	what VARCHAR(32) NOT NULL, 
	subject VARCHAR NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_access PRIMARY KEY (number)
);
CREATE TABLE "account" (
	id VARCHAR(32) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	password VARCHAR NOT NULL, 
	second_key VARCHAR(64) NOT NULL, 
	second_used BIGINT NOT NULL, 
	made_ms BIGINT NOT NULL, 
	ended_ms BIGINT, 
	person VARCHAR(32) DEFAULT '' NOT NULL, 
	subject VARCHAR(64) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_account PRIMARY KEY (id), 
	CONSTRAINT uq_account_name UNIQUE (name)
);
CREATE TABLE accounts_edition (
	id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	CONSTRAINT pk_accounts_edition PRIMARY KEY (id)
);
CREATE TABLE alarm (
	number INTEGER NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	matter VARCHAR(32) NOT NULL, 
	lack VARCHAR(32) NOT NULL, 
	level INTEGER NOT NULL, 
	since_ms BIGINT NOT NULL, 
	raised_ms BIGINT NOT NULL, 
	on_duty INTEGER NOT NULL, 
	wanted INTEGER NOT NULL, 
	acknowledged_ms BIGINT, 
	snoozed_ms BIGINT, 
	closed_ms BIGINT, 
	over_ms BIGINT, 
	ending VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_alarm PRIMARY KEY (number)
);
INSERT INTO "alarm" VALUES(1,'h1','staff','vacant',1,1772665200000,1772665800000,0,1,NULL,NULL,NULL,1772668800000,'staffed');
INSERT INTO "alarm" VALUES(2,'b1','staff','vacant',1,1772665200000,1772665800000,0,2,NULL,NULL,NULL,NULL,'');
CREATE TABLE alarm_course (
	station VARCHAR(32) NOT NULL, 
	matter VARCHAR(32) NOT NULL, 
	duty_class VARCHAR(32) NOT NULL, 
	seen_ms BIGINT NOT NULL, 
	looked_ms BIGINT NOT NULL, 
	mild_ms BIGINT NOT NULL, 
	severe_ms BIGINT NOT NULL, 
	waited_ms BIGINT NOT NULL, 
	until_ms BIGINT, 
	CONSTRAINT pk_alarm_course PRIMARY KEY (station, matter)
);
CREATE TABLE alarm_step (
	number INTEGER NOT NULL, 
	alarm INTEGER NOT NULL, 
	at_ms BIGINT NOT NULL, 
	what VARCHAR(32) NOT NULL, 
	level INTEGER NOT NULL, 
	"by" VARCHAR NOT NULL, 
	why VARCHAR NOT NULL, 
	CONSTRAINT pk_alarm_step PRIMARY KEY (number), 
	CONSTRAINT fk_alarm_step_alarm FOREIGN KEY(alarm) REFERENCES alarm (number)
);
INSERT INTO "alarm_step" VALUES(1,1,1772665800000,'raised',1,'','');
INSERT INTO "alarm_step" VALUES(2,2,1772665800000,'raised',1,'','');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0026');
CREATE TABLE amend_request (
	number INTEGER NOT NULL, 
	person VARCHAR(32) NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	said VARCHAR(200) NOT NULL, 
	made_ms BIGINT NOT NULL, 
	settled_ms BIGINT, 
	settled_by VARCHAR NOT NULL, 
	answer VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_amend_request PRIMARY KEY (number)
);
CREATE TABLE card (
	token VARCHAR(32) NOT NULL, 
	technology VARCHAR(16) NOT NULL, 
	added_ms BIGINT NOT NULL, 
	CONSTRAINT pk_card PRIMARY KEY (token)
);
INSERT INTO "card" VALUES('4b4e1b5779425c465f09e6b68863ae13','iso14443a',1770084000000);
INSERT INTO "card" VALUES('6cde8e881363cec30abb55f5e525ba90','em4100',1770084000000);
INSERT INTO "card" VALUES('3a9b32019ab2141600cbb82b8091b1ae','iso14443a',1770084000000);
INSERT INTO "card" VALUES('c9ee0be0e8b2e886f753a1aba2fde706','iso14443a',1770084000000);
INSERT INTO "card" VALUES('75e5c1e44cedc811fed1fef7416d2202','iso14443a',1770084000000);
CREATE TABLE card_name (
	token VARCHAR(32) NOT NULL, 
	former VARCHAR(32) NOT NULL, 
	said_by VARCHAR(32) NOT NULL, 
	learned_ms BIGINT NOT NULL, 
	CONSTRAINT pk_card_name PRIMARY KEY (token, former, said_by)
);
CREATE TABLE change (
	number INTEGER NOT NULL, 
	edition INTEGER NOT NULL, 
	at_ms BIGINT NOT NULL, 
	"by" VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	kiosk VARCHAR(32) NOT NULL, 
	person VARCHAR(32) NOT NULL, 
	token VARCHAR(32) NOT NULL, 
	day_from DATE, 
	"before" VARCHAR NOT NULL, 
	"after" VARCHAR NOT NULL, 
	why VARCHAR NOT NULL, 
	CONSTRAINT pk_change PRIMARY KEY (number)
);
INSERT INTO "change" VALUES(1,3,1772791202509,'clerk','leave_person','','','pc2ade442159be75','','2026-12-31','{"cards":[],"stations":["b1"]}','{"left_on":"2026-12-31"}','');
INSERT INTO "change" VALUES(2,4,1772791202534,'clerk','close_station','b1','','','','2030-01-01','{"closed_on":null}','{"closed_on":"2030-01-01"}','');
CREATE TABLE channel (
	name VARCHAR(32) NOT NULL, 
	sort VARCHAR(32) NOT NULL, 
	address VARCHAR NOT NULL, 
	secret VARCHAR NOT NULL, 
	mobiles VARCHAR NOT NULL, 
	district VARCHAR(32) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	tells_short BOOLEAN NOT NULL, 
	"by" VARCHAR NOT NULL, 
	made_ms BIGINT NOT NULL, 
	removed_ms BIGINT, 
	CONSTRAINT pk_channel PRIMARY KEY (name)
);
INSERT INTO "channel" VALUES('例值班','wecom','','','','','','h1',0,'cli:example',1772665200000,1772665300000);
CREATE TABLE "city" (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	naming VARCHAR NOT NULL, 
	CONSTRAINT pk_city PRIMARY KEY (id)
);
INSERT INTO "city" VALUES(1,'例城','');
CREATE TABLE consent (
	person VARCHAR(32) NOT NULL, 
	matter VARCHAR(32) NOT NULL, 
	agreed_on DATE NOT NULL, 
	noted_by VARCHAR NOT NULL, 
	withdrawn_on DATE, 
	withdrawn_by VARCHAR NOT NULL, 
	CONSTRAINT pk_consent PRIMARY KEY (person, matter, agreed_on), 
	CONSTRAINT fk_consent_person FOREIGN KEY(person) REFERENCES volunteer (person)
);
CREATE TABLE coverage_day (
	day DATE NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	until_ms BIGINT NOT NULL, 
	opened_ms INTEGER NOT NULL, 
	met_ms INTEGER NOT NULL, 
	minimum_ms INTEGER NOT NULL, 
	vacant_ms INTEGER NOT NULL, 
	unknown_ms INTEGER NOT NULL, 
	partial_ms INTEGER NOT NULL, 
	assumed_ms INTEGER NOT NULL, 
	union_ms INTEGER NOT NULL, 
	person_ms INTEGER NOT NULL, 
	supplemented_ms INTEGER NOT NULL, 
	verdict VARCHAR(32) NOT NULL, 
	short_ms INTEGER NOT NULL, 
	marks VARCHAR NOT NULL, 
	CONSTRAINT pk_coverage_day PRIMARY KEY (day, station)
)
 WITHOUT ROWID

;
CREATE TABLE coverage_due (
	station VARCHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	number BIGINT NOT NULL, 
	why VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_coverage_due PRIMARY KEY (station, day)
);
CREATE TABLE coverage_gap (
	station VARCHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	began_ms BIGINT NOT NULL, 
	ended_ms BIGINT NOT NULL, 
	duty_class VARCHAR(32) NOT NULL, 
	partial BOOLEAN NOT NULL, 
	before_ms BIGINT, 
	after_ms BIGINT, 
	watched VARCHAR NOT NULL, 
	CONSTRAINT pk_coverage_gap PRIMARY KEY (station, day, began_ms)
)
 WITHOUT ROWID

;
CREATE TABLE coverage_month (
	month DATE NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	days INTEGER NOT NULL, 
	opened_ms BIGINT NOT NULL, 
	met_ms BIGINT NOT NULL, 
	minimum_ms BIGINT NOT NULL, 
	vacant_ms BIGINT NOT NULL, 
	unknown_ms BIGINT NOT NULL, 
	partial_ms BIGINT NOT NULL, 
	assumed_ms BIGINT NOT NULL, 
	union_ms BIGINT NOT NULL, 
	person_ms BIGINT NOT NULL, 
	supplemented_ms BIGINT NOT NULL, 
	short_ms BIGINT NOT NULL, 
	kept INTEGER NOT NULL, 
	supplemented INTEGER NOT NULL, 
	unproven INTEGER NOT NULL, 
	short INTEGER NOT NULL, 
	closed INTEGER NOT NULL, 
	running INTEGER NOT NULL, 
	CONSTRAINT pk_coverage_month PRIMARY KEY (month, station)
)
 WITHOUT ROWID

;
CREATE TABLE coverage_revision (
	number INTEGER NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	at_ms BIGINT NOT NULL, 
	why VARCHAR(32) NOT NULL, 
	"before" VARCHAR NOT NULL, 
	"after" VARCHAR NOT NULL, 
	CONSTRAINT pk_coverage_revision PRIMARY KEY (number)
);
CREATE TABLE coverage_station (
	station VARCHAR(32) NOT NULL, 
	terms VARCHAR NOT NULL, 
	kiosks VARCHAR NOT NULL, 
	since DATE NOT NULL, 
	through DATE NOT NULL, 
	CONSTRAINT pk_coverage_station PRIMARY KEY (station)
);
CREATE TABLE "district" (
	code VARCHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_district PRIMARY KEY (code), 
	CONSTRAINT uq_district_name UNIQUE (name)
);
INSERT INTO "district" VALUES('d1','东例区');
INSERT INTO "district" VALUES('d2','西例县');
CREATE TABLE door (
	proof VARCHAR(64) NOT NULL, 
	name VARCHAR NOT NULL, 
	role VARCHAR(32) NOT NULL, 
	district VARCHAR(32) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	"by" VARCHAR NOT NULL, 
	made_ms BIGINT NOT NULL, 
	until_ms BIGINT, 
	CONSTRAINT pk_door PRIMARY KEY (proof)
);
CREATE TABLE "edition" (
	id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	CONSTRAINT pk_edition PRIMARY KEY (id)
);
INSERT INTO "edition" VALUES(1,4);
CREATE TABLE erased_number (
	mark VARCHAR(64) NOT NULL, 
	person VARCHAR(32) NOT NULL, 
	erased_on DATE NOT NULL, 
	CONSTRAINT pk_erased_number PRIMARY KEY (mark)
);
CREATE TABLE "finding" (
	kind VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	station VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	times INTEGER NOT NULL, 
	first_ms BIGINT NOT NULL, 
	last_ms BIGINT NOT NULL, 
	ended_ms BIGINT, 
	CONSTRAINT pk_finding PRIMARY KEY (kind, subject)
);
INSERT INTO "finding" VALUES('gap','k1','h1','样例',1,1,2,NULL);
CREATE TABLE "gap" (
	run INTEGER NOT NULL, 
	first BIGINT NOT NULL, 
	last BIGINT NOT NULL, 
	CONSTRAINT pk_gap PRIMARY KEY (run, first), 
	CONSTRAINT fk_gap_run FOREIGN KEY(run) REFERENCES run (id)
);
CREATE TABLE grant_ (
	number INTEGER NOT NULL, 
	account VARCHAR(32) NOT NULL, 
	role VARCHAR(32) NOT NULL, 
	district VARCHAR(32) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	"by" VARCHAR NOT NULL, 
	from_ms BIGINT NOT NULL, 
	until_ms BIGINT, 
	CONSTRAINT pk_grant_ PRIMARY KEY (number), 
	CONSTRAINT fk_grant__account FOREIGN KEY(account) REFERENCES account (id)
);
CREATE TABLE holding (
	token VARCHAR(32) NOT NULL, 
	from_ms BIGINT NOT NULL, 
	until_ms BIGINT, 
	person VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_holding PRIMARY KEY (token, from_ms), 
	CONSTRAINT fk_holding_token FOREIGN KEY(token) REFERENCES card (token), 
	CONSTRAINT fk_holding_person FOREIGN KEY(person) REFERENCES volunteer (person)
);
INSERT INTO "holding" VALUES('4b4e1b5779425c465f09e6b68863ae13',0,NULL,'pa145be3025ef757');
INSERT INTO "holding" VALUES('6cde8e881363cec30abb55f5e525ba90',0,NULL,'p266d0d15eaf078a');
INSERT INTO "holding" VALUES('c9ee0be0e8b2e886f753a1aba2fde706',0,NULL,'pa145be3025ef757');
CREATE TABLE holiday (
	day DATE NOT NULL, 
	year INTEGER NOT NULL, 
	sort VARCHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	notice VARCHAR NOT NULL, 
	CONSTRAINT pk_holiday PRIMARY KEY (day)
);
CREATE TABLE import_ (
	number INTEGER NOT NULL, 
	at_ms BIGINT NOT NULL, 
	"by" VARCHAR NOT NULL, 
	files VARCHAR NOT NULL, 
	forms VARCHAR NOT NULL, 
	editions VARCHAR NOT NULL, 
	undone_ms BIGINT, 
	undone_by VARCHAR NOT NULL, 
	is_gone BOOLEAN NOT NULL, 
	CONSTRAINT pk_import_ PRIMARY KEY (number)
);
CREATE TABLE imported_row (
	import_number INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	edition INTEGER NOT NULL, 
	"table" VARCHAR(32) NOT NULL, 
	person VARCHAR(32) NOT NULL, 
	"before" VARCHAR NOT NULL, 
	"after" VARCHAR NOT NULL, 
	CONSTRAINT pk_imported_row PRIMARY KEY (import_number, place), 
	CONSTRAINT fk_imported_row_import_number FOREIGN KEY(import_number) REFERENCES import_ (number)
);
CREATE TABLE inbox_step (
	number INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	subject VARCHAR NOT NULL, 
	at_ms BIGINT NOT NULL, 
	"by" VARCHAR NOT NULL, 
	act VARCHAR(32) NOT NULL, 
	whom VARCHAR NOT NULL, 
	due_ms BIGINT, 
	note VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_inbox_step PRIMARY KEY (number)
);
CREATE TABLE invitation (
	proof VARCHAR(64) NOT NULL, 
	account VARCHAR(32) NOT NULL, 
	"by" VARCHAR NOT NULL, 
	made_ms BIGINT NOT NULL, 
	until_ms BIGINT NOT NULL, 
	used_ms BIGINT, 
	CONSTRAINT pk_invitation PRIMARY KEY (proof), 
	CONSTRAINT fk_invitation_account FOREIGN KEY(account) REFERENCES account (id)
);
CREATE TABLE key_change (
	mark VARCHAR(16) NOT NULL, 
	began_ms BIGINT NOT NULL, 
	finished_ms BIGINT, 
	CONSTRAINT pk_key_change PRIMARY KEY (mark)
);
CREATE TABLE "kind_authority" (
	kind VARCHAR(32) NOT NULL, 
	authority VARCHAR NOT NULL, 
	CONSTRAINT pk_kind_authority PRIMARY KEY (kind)
);
INSERT INTO "kind_authority" VALUES('hospital','例城卫健委');
CREATE TABLE "kiosk" (
	id VARCHAR(32) NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	entrance VARCHAR NOT NULL, 
	in_service_from DATE NOT NULL, 
	in_service_to DATE, 
	revoked_ms BIGINT, 
	CONSTRAINT pk_kiosk PRIMARY KEY (id), 
	CONSTRAINT fk_kiosk_station FOREIGN KEY(station) REFERENCES station (code)
);
INSERT INTO "kiosk" VALUES('k1','h1','正门','2026-01-05',NULL,NULL);
INSERT INTO "kiosk" VALUES('k2','b1','','2026-02-03','2026-12-31',NULL);
CREATE TABLE "kiosk_claim" (
	number INTEGER NOT NULL, 
	kiosk VARCHAR(32) NOT NULL, 
	proof VARCHAR(64) NOT NULL, 
	host VARCHAR NOT NULL, 
	reader VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	made_ms BIGINT NOT NULL, 
	until_ms BIGINT NOT NULL, 
	wrong INTEGER NOT NULL, 
	used_ms BIGINT, 
	key_mark VARCHAR(64) NOT NULL, 
	wrong_from VARCHAR DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_kiosk_claim PRIMARY KEY (number)
);
CREATE TABLE kiosk_command (
	id VARCHAR(32) NOT NULL, 
	kiosk VARCHAR(32) NOT NULL, 
	name VARCHAR(32) NOT NULL, 
	args VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	asked_ms BIGINT NOT NULL, 
	expires_ms BIGINT NOT NULL, 
	answered_ms BIGINT, 
	outcome VARCHAR(32) NOT NULL, 
	said VARCHAR(500) NOT NULL, 
	found VARCHAR NOT NULL, 
	CONSTRAINT pk_kiosk_command PRIMARY KEY (id)
);
CREATE TABLE "kiosk_seen" (
	kiosk VARCHAR(32) NOT NULL, 
	heard_ms BIGINT NOT NULL, 
	online BOOLEAN NOT NULL, 
	session VARCHAR NOT NULL, 
	reader VARCHAR NOT NULL, 
	clock VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	queued BIGINT NOT NULL, 
	key_mark VARCHAR(16) DEFAULT '' NOT NULL, 
	next_mark VARCHAR(16) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_kiosk_seen PRIMARY KEY (kiosk)
);
INSERT INTO "kiosk_seen" VALUES('k1',5,1,'s','up','synced','0',0,'','');
CREATE TABLE kiosk_settings (
	kiosk VARCHAR(32) NOT NULL, 
	version INTEGER NOT NULL, 
	settings VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at_ms BIGINT NOT NULL, 
	CONSTRAINT pk_kiosk_settings PRIMARY KEY (kiosk)
);
CREATE TABLE known_line (
	proof VARCHAR(64) NOT NULL, 
	last_ms BIGINT NOT NULL, 
	CONSTRAINT pk_known_line PRIMARY KEY (proof)
);
CREATE TABLE "ledger_card" (
	token VARCHAR(32) NOT NULL, 
	held VARCHAR NOT NULL, 
	CONSTRAINT pk_ledger_card PRIMARY KEY (token)
);
INSERT INTO "ledger_card" VALUES('3a9b32019ab2141600cbb82b8091b1ae','');
INSERT INTO "ledger_card" VALUES('4b4e1b5779425c465f09e6b68863ae13','[[[0,null,"pa145be3025ef757"]],[]]');
INSERT INTO "ledger_card" VALUES('6cde8e881363cec30abb55f5e525ba90','[[[0,null,"p266d0d15eaf078a"]],[]]');
INSERT INTO "ledger_card" VALUES('75e5c1e44cedc811fed1fef7416d2202','[[],[[1772676000000,null]]]');
INSERT INTO "ledger_card" VALUES('c9ee0be0e8b2e886f753a1aba2fde706','[[[0,null,"pa145be3025ef757"]],[[1772676000000,null]]]');
CREATE TABLE "ledger_edition" (
	id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	CONSTRAINT pk_ledger_edition PRIMARY KEY (id)
);
INSERT INTO "ledger_edition" VALUES(1,2);
CREATE TABLE "ledger_run" (
	run INTEGER NOT NULL, 
	folded BIGINT NOT NULL, 
	last_seq BIGINT NOT NULL, 
	last_ms BIGINT NOT NULL, 
	last_mono_ms BIGINT NOT NULL, 
	last_boot VARCHAR NOT NULL, 
	last_stored_ms BIGINT NOT NULL, 
	tail_known BOOLEAN NOT NULL, 
	has_doubt BOOLEAN NOT NULL, 
	has_unset BOOLEAN NOT NULL, 
	is_tip BOOLEAN NOT NULL, 
	boots VARCHAR NOT NULL, 
	known_from_ms BIGINT, 
	known_to_ms BIGINT, 
	low_ms BIGINT, 
	high_ms BIGINT, 
	first_ms BIGINT NOT NULL, 
	started_ms BIGINT, 
	"before" VARCHAR, 
	alive_ms BIGINT, 
	alive_mono_ms BIGINT, 
	readers VARCHAR NOT NULL, 
	CONSTRAINT pk_ledger_run PRIMARY KEY (run), 
	CONSTRAINT fk_ledger_run_run FOREIGN KEY(run) REFERENCES run (id)
);
INSERT INTO "ledger_run" VALUES(1,8,8,1772679600000,14460000,'k1-1',1772679601000,1,0,0,1,'["k1-1"]',1772665200000,1772679600000,NULL,NULL,1772665200000,1772665200000,NULL,NULL,NULL,'{"door": "up"}');
CREATE TABLE "ledger_station" (
	station VARCHAR(32) NOT NULL, 
	terms VARCHAR NOT NULL, 
	CONSTRAINT pk_ledger_station PRIMARY KEY (station)
);
INSERT INTO "ledger_station" VALUES('b1','1 {"clauses":[["2000-01-01",[[0,540,720],[1,540,720],[2,540,720],[3,540,720],[4,540,720],[5,600,720]],false,2,3,"{}"],["2026-04-01",[[0,600,660],[1,600,660],[2,600,660],[3,600,660],[4,600,660]],false,2,3,"{}"]],"closed":null,"opened":null,"special":{}}');
INSERT INTO "ledger_station" VALUES('h1','1 {"clauses":[["2000-01-01",[[0,480,690],[0,870,1050],[1,480,690],[1,870,1050],[2,480,690],[2,870,1050],[3,480,690],[3,870,1050],[4,480,690],[4,870,1050],[5,480,690],[5,870,1050],[6,480,690],[6,870,1050]],false,1,2,"{}"]],"closed":null,"opened":null,"special":{}}');
CREATE TABLE "ledger_tap" (
	run INTEGER NOT NULL, 
	seq BIGINT NOT NULL, 
	token VARCHAR(32) NOT NULL, 
	at_ms BIGINT NOT NULL, 
	action VARCHAR NOT NULL, 
	of_seq BIGINT, 
	clock VARCHAR NOT NULL, 
	earliest_ms BIGINT, 
	latest_ms BIGINT, 
	mark VARCHAR, 
	recorded_ms BIGINT, 
	confirmed_ms BIGINT, 
	proves BOOLEAN DEFAULT 1 NOT NULL, 
	CONSTRAINT pk_ledger_tap PRIMARY KEY (run, seq), 
	CONSTRAINT fk_ledger_tap_run FOREIGN KEY(run) REFERENCES run (id)
)
 WITHOUT ROWID

;
INSERT INTO "ledger_tap" VALUES(1,3,'3a9b32019ab2141600cbb82b8091b1ae',1772668800000,'arrive',NULL,'synced',NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "ledger_tap" VALUES(1,4,'4b4e1b5779425c465f09e6b68863ae13',1772669100000,'arrive',NULL,'synced',NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "ledger_tap" VALUES(1,5,'6cde8e881363cec30abb55f5e525ba90',1772672400000,'arrive',NULL,'synced',NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "ledger_tap" VALUES(1,6,'75e5c1e44cedc811fed1fef7416d2202',1772676000000,'arrive',NULL,'synced',NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "ledger_tap" VALUES(1,7,'3a9b32019ab2141600cbb82b8091b1ae',1772677800000,'leave',NULL,'synced',NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "ledger_tap" VALUES(1,8,'c9ee0be0e8b2e886f753a1aba2fde706',1772679600000,'arrive',NULL,'synced',NULL,NULL,NULL,NULL,NULL,1);
CREATE TABLE loss (
	token VARCHAR(32) NOT NULL, 
	from_ms BIGINT NOT NULL, 
	until_ms BIGINT, 
	CONSTRAINT pk_loss PRIMARY KEY (token, from_ms), 
	CONSTRAINT fk_loss_token FOREIGN KEY(token) REFERENCES card (token)
);
INSERT INTO "loss" VALUES('c9ee0be0e8b2e886f753a1aba2fde706',1772676000000,NULL);
INSERT INTO "loss" VALUES('75e5c1e44cedc811fed1fef7416d2202',1772676000000,NULL);
CREATE TABLE membership (
	station VARCHAR(32) NOT NULL, 
	person VARCHAR(32) NOT NULL, 
	from_day DATE NOT NULL, 
	until_day DATE, 
	CONSTRAINT pk_membership PRIMARY KEY (station, person, from_day), 
	CONSTRAINT fk_membership_station FOREIGN KEY(station) REFERENCES station (code), 
	CONSTRAINT fk_membership_person FOREIGN KEY(person) REFERENCES volunteer (person)
);
INSERT INTO "membership" VALUES('h1','pa145be3025ef757','2000-01-01',NULL);
INSERT INTO "membership" VALUES('b1','p266d0d15eaf078a','2000-01-01',NULL);
INSERT INTO "membership" VALUES('h1','p266d0d15eaf078a','2000-01-01',NULL);
INSERT INTO "membership" VALUES('b1','pc2ade442159be75','2000-01-01','2026-12-31');
CREATE TABLE "message" (
	number INTEGER NOT NULL, 
	alarm INTEGER, 
	channel VARCHAR(32) NOT NULL, 
	what VARCHAR(32) NOT NULL, 
	on_duty INTEGER NOT NULL, 
	wanted INTEGER NOT NULL, 
	made_ms BIGINT NOT NULL, 
	due_ms BIGINT, 
	tries INTEGER NOT NULL, 
	tried_ms BIGINT, 
	sent_ms BIGINT, 
	answer VARCHAR(200) NOT NULL, 
	why VARCHAR DEFAULT '' NOT NULL, 
	CONSTRAINT pk_message PRIMARY KEY (number), 
	CONSTRAINT fk_message_alarm FOREIGN KEY(alarm) REFERENCES alarm (number), 
	CONSTRAINT fk_message_channel FOREIGN KEY(channel) REFERENCES channel (name)
);
CREATE TABLE "origin" (
	id INTEGER NOT NULL, 
	is_copy BOOLEAN NOT NULL, 
	since_ms BIGINT NOT NULL, 
	backup VARCHAR NOT NULL, 
	backup_ms BIGINT NOT NULL, 
	CONSTRAINT pk_origin PRIMARY KEY (id)
);
CREATE TABLE passkey (
	id VARCHAR(64) NOT NULL, 
	account VARCHAR(32) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	credential VARCHAR NOT NULL, 
	public_key VARCHAR NOT NULL, 
	uses BIGINT NOT NULL, 
	made_ms BIGINT NOT NULL, 
	used_ms BIGINT, 
	CONSTRAINT pk_passkey PRIMARY KEY (id), 
	CONSTRAINT fk_passkey_account FOREIGN KEY(account) REFERENCES account (id)
);
CREATE TABLE passkey_challenge (
	bound VARCHAR(64) NOT NULL, 
	challenge VARCHAR(64) NOT NULL, 
	line VARCHAR(64) NOT NULL, 
	until_ms BIGINT NOT NULL, 
	CONSTRAINT pk_passkey_challenge PRIMARY KEY (bound)
);
CREATE TABLE "quarantine" (
	id INTEGER NOT NULL, 
	why VARCHAR NOT NULL, 
	topic VARCHAR NOT NULL, 
	session VARCHAR NOT NULL, 
	n BIGINT, 
	seq BIGINT, 
	reason VARCHAR NOT NULL, 
	found VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	times INTEGER NOT NULL, 
	first_ms BIGINT NOT NULL, 
	last_ms BIGINT NOT NULL, 
	CONSTRAINT pk_quarantine PRIMARY KEY (id)
);
CREATE TABLE "record" (
	run INTEGER NOT NULL, 
	seq BIGINT NOT NULL, 
	kind VARCHAR NOT NULL, 
	at_ms BIGINT NOT NULL, 
	clock VARCHAR NOT NULL, 
	boot VARCHAR NOT NULL, 
	mono_ms BIGINT NOT NULL, 
	token VARCHAR(32), 
	action VARCHAR, 
	of_seq BIGINT, 
	card_kind VARCHAR, 
	reader VARCHAR, 
	body VARCHAR, 
	stored_ms BIGINT NOT NULL, 
	CONSTRAINT pk_record PRIMARY KEY (run, seq), 
	CONSTRAINT fk_record_run FOREIGN KEY(run) REFERENCES run (id)
)
 WITHOUT ROWID

;
INSERT INTO "record" VALUES(1,1,'started',1772665200000,'synced','k1-1',60000,NULL,NULL,NULL,NULL,NULL,'{"version":"0"}',1772665201000);
INSERT INTO "record" VALUES(1,2,'reader',1772665200000,'synced','k1-1',60000,NULL,NULL,NULL,NULL,NULL,'{"reader":"door","state":"up"}',1772665201000);
INSERT INTO "record" VALUES(1,3,'tap',1772668800000,'synced','k1-1',3660000,'3a9b32019ab2141600cbb82b8091b1ae','arrive',NULL,'ntag213','door',NULL,1772668801000);
INSERT INTO "record" VALUES(1,4,'tap',1772669100000,'synced','k1-1',3960000,'4b4e1b5779425c465f09e6b68863ae13','arrive',NULL,'ntag213','door',NULL,1772669101000);
INSERT INTO "record" VALUES(1,5,'tap',1772672400000,'synced','k1-1',7260000,'6cde8e881363cec30abb55f5e525ba90','arrive',NULL,'ntag213','door',NULL,1772672401000);
INSERT INTO "record" VALUES(1,6,'tap',1772676000000,'synced','k1-1',10860000,'75e5c1e44cedc811fed1fef7416d2202','arrive',NULL,'ntag213','door',NULL,1772676001000);
INSERT INTO "record" VALUES(1,7,'tap',1772677800000,'synced','k1-1',12660000,'3a9b32019ab2141600cbb82b8091b1ae','leave',NULL,'ntag213','door',NULL,1772677801000);
INSERT INTO "record" VALUES(1,8,'tap',1772679600000,'synced','k1-1',14460000,'c9ee0be0e8b2e886f753a1aba2fde706','arrive',NULL,'ntag213','door',NULL,1772679601000);
CREATE TABLE revision (
	number INTEGER NOT NULL, 
	since_edition INTEGER NOT NULL, 
	edition INTEGER NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	person_before VARCHAR(32) NOT NULL, 
	person_after VARCHAR(32) NOT NULL, 
	"before" VARCHAR NOT NULL, 
	"after" VARCHAR NOT NULL, 
	CONSTRAINT pk_revision PRIMARY KEY (number)
);
CREATE TABLE "run" (
	id INTEGER NOT NULL, 
	kiosk VARCHAR(32) NOT NULL, 
	epoch VARCHAR(16) NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	kept_from BIGINT NOT NULL, 
	through BIGINT NOT NULL, 
	last_at_ms BIGINT NOT NULL, 
	revision BIGINT DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_run PRIMARY KEY (id), 
	CONSTRAINT uq_run_kiosk_epoch UNIQUE (kiosk, epoch)
);
INSERT INTO "run" VALUES(1,'k1','91b72265b1f50001','h1',1,8,0,0);
CREATE TABLE session (
	proof VARCHAR(64) NOT NULL, 
	account VARCHAR(32) NOT NULL, 
	made_ms BIGINT NOT NULL, 
	seen_ms BIGINT NOT NULL, 
	is_whole BOOLEAN NOT NULL, 
	browser VARCHAR(200) NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_session PRIMARY KEY (proof), 
	CONSTRAINT fk_session_account FOREIGN KEY(account) REFERENCES account (id)
);
CREATE TABLE shared_day (
	district VARCHAR(32) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	spans VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	CONSTRAINT pk_shared_day PRIMARY KEY (district, kind, day)
);
CREATE TABLE shift_day (
	station VARCHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	shifts VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	CONSTRAINT pk_shift_day PRIMARY KEY (station, day), 
	CONSTRAINT fk_shift_day_station FOREIGN KEY(station) REFERENCES station (code)
);
CREATE TABLE shift_week (
	station VARCHAR(32) NOT NULL, 
	from_day DATE NOT NULL, 
	shifts VARCHAR NOT NULL, 
	CONSTRAINT pk_shift_week PRIMARY KEY (station, from_day), 
	CONSTRAINT fk_shift_week_station FOREIGN KEY(station) REFERENCES station (code)
);
CREATE TABLE sign_in_try (
	proof VARCHAR(64) NOT NULL, 
	failures INTEGER NOT NULL, 
	last_ms BIGINT NOT NULL, 
	CONSTRAINT pk_sign_in_try PRIMARY KEY (proof)
);
CREATE TABLE special_day (
	station VARCHAR(32) NOT NULL, 
	day DATE NOT NULL, 
	spans VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	CONSTRAINT pk_special_day PRIMARY KEY (station, day), 
	CONSTRAINT fk_special_day_station FOREIGN KEY(station) REFERENCES station (code)
);
CREATE TABLE "station" (
	code VARCHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	short_name VARCHAR NOT NULL, 
	district VARCHAR NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	authority VARCHAR NOT NULL, 
	lead VARCHAR NOT NULL, 
	deputy VARCHAR NOT NULL, 
	created_on DATE NOT NULL, 
	opened_on DATE, 
	closed_on DATE, 
	CONSTRAINT pk_station PRIMARY KEY (code), 
	CONSTRAINT fk_station_district FOREIGN KEY(district) REFERENCES district (code)
);
INSERT INTO "station" VALUES('h1','例城医院学雷锋志愿服务点','例城医院','d1','hospital','','例甲子','','2026-02-03',NULL,NULL);
INSERT INTO "station" VALUES('b1','例城银行学雷锋志愿服务点','例城银行','d2','bank','','','','2026-02-03',NULL,'2030-01-01');
CREATE TABLE "stint" (
	run INTEGER NOT NULL, 
	seq BIGINT NOT NULL, 
	person VARCHAR(32) NOT NULL, 
	counted BOOLEAN NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	tapped_ms BIGINT NOT NULL, 
	began_ms BIGINT NOT NULL, 
	period_opens_ms BIGINT, 
	period_closes_ms BIGINT, 
	counts_from_ms BIGINT, 
	ended_ms BIGINT NOT NULL, 
	"end" VARCHAR NOT NULL, 
	outs VARCHAR NOT NULL, 
	claimed BOOLEAN NOT NULL, 
	unmatched BOOLEAN NOT NULL, 
	uncertain BOOLEAN NOT NULL, 
	seen_ms BIGINT, 
	told VARCHAR, 
	unproven BOOLEAN DEFAULT 0 NOT NULL, 
	end_unproven BOOLEAN DEFAULT 0 NOT NULL, 
	confirmed_ms BIGINT, 
	CONSTRAINT pk_stint PRIMARY KEY (run, seq), 
	CONSTRAINT fk_stint_run FOREIGN KEY(run) REFERENCES run (id)
);
INSERT INTO "stint" VALUES(1,3,'3a9b32019ab2141600cbb82b8091b1ae',0,'h1',1772668800000,1772668800000,1772668800000,1772681400000,1772668800000,1772677800000,'leave','[]',0,0,0,NULL,NULL,0,0,NULL);
INSERT INTO "stint" VALUES(1,6,'75e5c1e44cedc811fed1fef7416d2202',0,'h1',1772676000000,1772676000000,1772668800000,1772681400000,1772676000000,1772681400000,'assumed','[]',0,0,0,NULL,'[[1772668800000,1772681400000],1772676000000,null,[]]',0,0,NULL);
INSERT INTO "stint" VALUES(1,8,'c9ee0be0e8b2e886f753a1aba2fde706',0,'h1',1772679600000,1772679600000,1772668800000,1772681400000,1772679600000,1772681400000,'assumed','[]',0,0,0,NULL,'[[1772668800000,1772681400000],1772679600000,null,[]]',0,0,NULL);
INSERT INTO "stint" VALUES(1,5,'p266d0d15eaf078a',1,'h1',1772672400000,1772672400000,1772668800000,1772681400000,1772672400000,1772681400000,'assumed','[]',0,0,0,NULL,'[[1772668800000,1772681400000],1772672400000,null,[]]',0,0,NULL);
INSERT INTO "stint" VALUES(1,4,'pa145be3025ef757',1,'h1',1772669100000,1772669100000,1772668800000,1772681400000,1772669100000,1772681400000,'assumed','[]',0,0,0,NULL,'[[1772668800000,1772681400000],1772669100000,null,[]]',0,0,NULL);
CREATE TABLE telephone (
	whose VARCHAR(32) NOT NULL, 
	"of" VARCHAR(32) NOT NULL, 
	purpose VARCHAR(32) NOT NULL, 
	sealed BLOB NOT NULL, 
	CONSTRAINT pk_telephone PRIMARY KEY (whose, "of")
);
CREATE TABLE terms (
	station VARCHAR(32) NOT NULL, 
	from_day DATE NOT NULL, 
	week VARCHAR NOT NULL, 
	keeps_holidays BOOLEAN NOT NULL, 
	minimum INTEGER NOT NULL, 
	target INTEGER NOT NULL, 
	limits VARCHAR NOT NULL, 
	CONSTRAINT pk_terms PRIMARY KEY (station, from_day), 
	CONSTRAINT fk_terms_station FOREIGN KEY(station) REFERENCES station (code)
);
INSERT INTO "terms" VALUES('h1','2000-01-01','[[0,480,690],[0,870,1050],[1,480,690],[1,870,1050],[2,480,690],[2,870,1050],[3,480,690],[3,870,1050],[4,480,690],[4,870,1050],[5,480,690],[5,870,1050],[6,480,690],[6,870,1050]]',0,1,2,'{}');
INSERT INTO "terms" VALUES('b1','2000-01-01','[[0,540,720],[1,540,720],[2,540,720],[3,540,720],[4,540,720],[5,600,720]]',0,2,3,'{}');
INSERT INTO "terms" VALUES('b1','2026-04-01','[[0,600,660],[1,600,660],[2,600,660],[3,600,660],[4,600,660]]',0,2,3,'{}');
CREATE TABLE "volunteer" (
	person VARCHAR(32) NOT NULL, 
	number VARCHAR NOT NULL, 
	full_name VARCHAR NOT NULL, 
	star INTEGER NOT NULL, 
	trained_on DATE, 
	registered_on DATE, 
	left_on DATE, 
	erased_on DATE, 
	CONSTRAINT pk_volunteer PRIMARY KEY (person), 
	CONSTRAINT uq_volunteer_number UNIQUE (number)
);
INSERT INTO "volunteer" VALUES('pa145be3025ef757','V1','例乙丑',2,'2026-01-09',NULL,NULL,NULL);
INSERT INTO "volunteer" VALUES('p266d0d15eaf078a','V2','例丙寅',0,NULL,NULL,NULL,NULL);
INSERT INTO "volunteer" VALUES('pc2ade442159be75','V3','例丁卯',5,NULL,NULL,'2026-12-31',NULL);
CREATE TABLE "watched" (
	run INTEGER NOT NULL, 
	joint BOOLEAN NOT NULL, 
	since_ms BIGINT NOT NULL, 
	until_ms BIGINT NOT NULL, 
	CONSTRAINT pk_watched PRIMARY KEY (run, joint, since_ms), 
	CONSTRAINT fk_watched_run FOREIGN KEY(run) REFERENCES run (id)
)
 WITHOUT ROWID

;
INSERT INTO "watched" VALUES(1,0,1772668800000,1772669100000);
CREATE INDEX ix_quarantine_digest ON quarantine (digest);
CREATE INDEX ix_change_station ON change (station);
CREATE INDEX ix_change_person ON change (person);
CREATE INDEX ix_change_token ON change (token);
CREATE INDEX ix_revision_edition ON revision (edition);
CREATE INDEX ix_station_district ON station (district);
CREATE INDEX ix_station_kind ON station (kind);
CREATE INDEX ix_membership_person ON membership (person);
CREATE INDEX ix_holding_person ON holding (person);
CREATE INDEX ix_kiosk_station ON kiosk (station);
CREATE INDEX ix_access_at_ms ON access (at_ms);
CREATE INDEX ix_sign_in_try_last_ms ON sign_in_try (last_ms);
CREATE INDEX ix_grant__account ON grant_ (account);
CREATE INDEX ix_invitation_account ON invitation (account);
CREATE INDEX ix_session_account ON session (account);
CREATE UNIQUE INDEX ix_alarm_running ON alarm (station, matter) WHERE over_ms IS NULL;
CREATE INDEX ix_alarm_station ON alarm (station);
CREATE INDEX ix_alarm_step_alarm ON alarm_step (alarm);
CREATE INDEX ix_kiosk_command_expires_ms ON kiosk_command (expires_ms);
CREATE INDEX ix_kiosk_command_kiosk ON kiosk_command (kiosk);
CREATE INDEX ix_holiday_year ON holiday (year);
CREATE INDEX ix_ledger_tap_token ON ledger_tap (token, at_ms);
CREATE INDEX ix_stint_station ON stint (station, began_ms);
CREATE INDEX ix_stint_person ON stint (person, tapped_ms);
CREATE INDEX ix_coverage_day_station ON coverage_day (station);
CREATE INDEX ix_coverage_due_day ON coverage_due (day);
CREATE INDEX ix_coverage_revision_day ON coverage_revision (day);
CREATE INDEX ix_coverage_revision_station ON coverage_revision (station);
CREATE INDEX ix_stint_stranger ON stint (began_ms) WHERE counted IS 0;
CREATE INDEX ix_imported_row_person ON imported_row (person);
CREATE INDEX ix_ledger_tap_mark ON ledger_tap (at_ms) WHERE mark IS NOT NULL;
CREATE INDEX ix_stint_review ON stint (began_ms) WHERE confirmed_ms IS NULL AND ("end" = 'assumed' OR claimed IS 1 OR uncertain IS 1);
CREATE INDEX ix_amend_request_person ON amend_request (person);
CREATE INDEX ix_known_line_last_ms ON known_line (last_ms);
CREATE INDEX ix_message_alarm ON message (alarm);
CREATE INDEX ix_message_due_ms ON message (due_ms);
CREATE INDEX ix_passkey_account ON passkey (account);
CREATE INDEX ix_passkey_challenge_line ON passkey_challenge (line);
CREATE INDEX ix_passkey_challenge_until_ms ON passkey_challenge (until_ms);
CREATE INDEX ix_kiosk_claim_kiosk ON kiosk_claim (kiosk);
CREATE INDEX ix_account_subject ON account (subject);
COMMIT;
