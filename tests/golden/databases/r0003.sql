BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE card (
	token VARCHAR(32) NOT NULL, 
	technology VARCHAR(16) NOT NULL, 
	person VARCHAR(32), 
	added_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	PRIMARY KEY (token), 
	FOREIGN KEY(person) REFERENCES volunteer (person)
);
INSERT INTO "card" VALUES('4b4e1b5779425c465f09e6b68863ae13','iso14443a','pa145be3025ef757','2026-02-03 02:00:00.000000',NULL);
INSERT INTO "card" VALUES('6cde8e881363cec30abb55f5e525ba90','em4100','p266d0d15eaf078a','2026-02-03 02:00:00.000000',NULL);
INSERT INTO "card" VALUES('3a9b32019ab2141600cbb82b8091b1ae','iso14443a',NULL,'2026-02-03 02:00:00.000000',NULL);
INSERT INTO "card" VALUES('c9ee0be0e8b2e886f753a1aba2fde706','iso14443a','pa145be3025ef757','2026-02-03 02:00:00.000000','2026-03-05 02:00:00.000000');
INSERT INTO "card" VALUES('75e5c1e44cedc811fed1fef7416d2202','iso14443a',NULL,'2026-02-03 02:00:00.000000','2026-03-05 02:00:00.000000');
CREATE TABLE city (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	naming VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "city" VALUES(1,'例城','');
CREATE TABLE district (
	code VARCHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	PRIMARY KEY (code), 
	UNIQUE (name)
);
INSERT INTO "district" VALUES('d1','东例区');
INSERT INTO "district" VALUES('d2','西例县');
CREATE TABLE edition (
	id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "edition" VALUES(1,2);
CREATE TABLE finding (
	kind VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	station VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	times INTEGER NOT NULL, 
	first_ms BIGINT NOT NULL, 
	last_ms BIGINT NOT NULL, 
	ended_ms BIGINT, 
	PRIMARY KEY (kind, subject)
);
INSERT INTO "finding" VALUES('gap','k1','h1','样例',1,1,2,NULL);
CREATE TABLE gap (
	run INTEGER NOT NULL, 
	first BIGINT NOT NULL, 
	last BIGINT NOT NULL, 
	PRIMARY KEY (run, first), 
	FOREIGN KEY(run) REFERENCES run (id)
);
CREATE TABLE kind_authority (
	kind VARCHAR(32) NOT NULL, 
	authority VARCHAR NOT NULL, 
	PRIMARY KEY (kind)
);
INSERT INTO "kind_authority" VALUES('hospital','例城卫健委');
CREATE TABLE kiosk (
	id VARCHAR(32) NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	entrance VARCHAR NOT NULL, 
	in_service_from DATE NOT NULL, 
	in_service_to DATE, 
	PRIMARY KEY (id), 
	FOREIGN KEY(station) REFERENCES station (code)
);
INSERT INTO "kiosk" VALUES('k1','h1','正门','2026-01-05',NULL);
INSERT INTO "kiosk" VALUES('k2','b1','','2026-02-03','2026-12-31');
CREATE TABLE kiosk_seen (
	kiosk VARCHAR(32) NOT NULL, 
	heard_ms BIGINT NOT NULL, 
	online BOOLEAN NOT NULL, 
	session VARCHAR NOT NULL, 
	reader VARCHAR NOT NULL, 
	clock VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	queued BIGINT NOT NULL, 
	PRIMARY KEY (kiosk)
);
INSERT INTO "kiosk_seen" VALUES('k1',5,1,'s','up','synced','0',0);
CREATE TABLE ledger_card (
	token VARCHAR(32) NOT NULL, 
	person VARCHAR(32) NOT NULL, 
	counted BOOLEAN NOT NULL, 
	PRIMARY KEY (token)
);
INSERT INTO "ledger_card" VALUES('3a9b32019ab2141600cbb82b8091b1ae','3a9b32019ab2141600cbb82b8091b1ae',0);
INSERT INTO "ledger_card" VALUES('4b4e1b5779425c465f09e6b68863ae13','pa145be3025ef757',1);
INSERT INTO "ledger_card" VALUES('6cde8e881363cec30abb55f5e525ba90','p266d0d15eaf078a',1);
INSERT INTO "ledger_card" VALUES('75e5c1e44cedc811fed1fef7416d2202','75e5c1e44cedc811fed1fef7416d2202',0);
INSERT INTO "ledger_card" VALUES('c9ee0be0e8b2e886f753a1aba2fde706','c9ee0be0e8b2e886f753a1aba2fde706',0);
CREATE TABLE ledger_edition (
	id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "ledger_edition" VALUES(1,2);
CREATE TABLE ledger_run (
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
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES run (id)
);
INSERT INTO "ledger_run" VALUES(1,8,8,1772679600000,14460000,'k1-1',1772679601000,1,0,0,1,'["k1-1"]',1772665200000,1772679600000,NULL,NULL,1772665200000,1772665200000,NULL,NULL,NULL,'{"door": "up"}');
CREATE TABLE ledger_station (
	station VARCHAR(32) NOT NULL, 
	weeks VARCHAR NOT NULL, 
	PRIMARY KEY (station)
);
INSERT INTO "ledger_station" VALUES('b1','[[[0,540,690],[0,870,1020],[1,540,690],[1,870,1020],[2,540,690],[2,870,1020],[3,540,690],[3,870,1020],[4,540,690],[4,870,1020]],[["2000-01-01",[[0,540,720],[1,540,720],[2,540,720],[3,540,720],[4,540,720],[5,600,720]]],["2026-04-01",[[0,600,660],[1,600,660],[2,600,660],[3,600,660],[4,600,660]]]]]');
INSERT INTO "ledger_station" VALUES('h1','[[[0,480,690],[0,870,1050],[1,480,690],[1,870,1050],[2,480,690],[2,870,1050],[3,480,690],[3,870,1050],[4,480,690],[4,870,1050],[5,480,690],[5,870,1050],[6,480,690],[6,870,1050]],[]]');
CREATE TABLE ledger_tap (
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
	PRIMARY KEY (run, seq), 
	FOREIGN KEY(run) REFERENCES run (id)
)
 WITHOUT ROWID

;
INSERT INTO "ledger_tap" VALUES(1,3,'3a9b32019ab2141600cbb82b8091b1ae',1772668800000,'arrive',NULL,'synced',NULL,NULL,NULL);
INSERT INTO "ledger_tap" VALUES(1,4,'4b4e1b5779425c465f09e6b68863ae13',1772669100000,'arrive',NULL,'synced',NULL,NULL,NULL);
INSERT INTO "ledger_tap" VALUES(1,5,'6cde8e881363cec30abb55f5e525ba90',1772672400000,'arrive',NULL,'synced',NULL,NULL,NULL);
INSERT INTO "ledger_tap" VALUES(1,6,'75e5c1e44cedc811fed1fef7416d2202',1772676000000,'arrive',NULL,'synced',NULL,NULL,NULL);
INSERT INTO "ledger_tap" VALUES(1,7,'3a9b32019ab2141600cbb82b8091b1ae',1772677800000,'leave',NULL,'synced',NULL,NULL,NULL);
INSERT INTO "ledger_tap" VALUES(1,8,'c9ee0be0e8b2e886f753a1aba2fde706',1772679600000,'arrive',NULL,'synced',NULL,NULL,NULL);
CREATE TABLE origin (
	id INTEGER NOT NULL, 
	is_copy BOOLEAN NOT NULL, 
	since_ms BIGINT NOT NULL, 
	backup VARCHAR NOT NULL, 
	backup_ms BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE quarantine (
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
	PRIMARY KEY (id)
);
CREATE TABLE record (
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
	PRIMARY KEY (run, seq), 
	FOREIGN KEY(run) REFERENCES run (id)
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
CREATE TABLE run (
	id INTEGER NOT NULL, 
	kiosk VARCHAR(32) NOT NULL, 
	epoch VARCHAR(16) NOT NULL, 
	station VARCHAR(32) NOT NULL, 
	kept_from BIGINT NOT NULL, 
	through BIGINT NOT NULL, 
	last_at_ms BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (kiosk, epoch)
);
INSERT INTO "run" VALUES(1,'k1','91b72265b1f50001','h1',1,8,0);
CREATE TABLE station (
	code VARCHAR(32) NOT NULL, 
	name VARCHAR NOT NULL, 
	short_name VARCHAR NOT NULL, 
	district VARCHAR NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	authority VARCHAR NOT NULL, 
	lead VARCHAR NOT NULL, 
	deputy VARCHAR NOT NULL, 
	minimum INTEGER NOT NULL, 
	target INTEGER NOT NULL, 
	created_on DATE NOT NULL, 
	PRIMARY KEY (code), 
	FOREIGN KEY(district) REFERENCES district (code)
);
INSERT INTO "station" VALUES('h1','例城医院学雷锋志愿服务点','例城医院','d1','hospital','','例甲子','',1,2,'2026-02-03');
INSERT INTO "station" VALUES('b1','例城银行学雷锋志愿服务点','例城银行','d2','bank','','','',2,3,'2026-02-03');
CREATE TABLE station_hours (
	station VARCHAR(32) NOT NULL, 
	valid_from DATE NOT NULL, 
	weekday INTEGER NOT NULL, 
	opens_min INTEGER NOT NULL, 
	closes_min INTEGER NOT NULL, 
	PRIMARY KEY (station, valid_from, weekday, opens_min), 
	FOREIGN KEY(station) REFERENCES station (code)
);
INSERT INTO "station_hours" VALUES('b1','2000-01-01',0,540,720);
INSERT INTO "station_hours" VALUES('b1','2000-01-01',1,540,720);
INSERT INTO "station_hours" VALUES('b1','2000-01-01',2,540,720);
INSERT INTO "station_hours" VALUES('b1','2000-01-01',3,540,720);
INSERT INTO "station_hours" VALUES('b1','2000-01-01',4,540,720);
INSERT INTO "station_hours" VALUES('b1','2000-01-01',5,600,720);
INSERT INTO "station_hours" VALUES('b1','2026-04-01',0,600,660);
INSERT INTO "station_hours" VALUES('b1','2026-04-01',1,600,660);
INSERT INTO "station_hours" VALUES('b1','2026-04-01',2,600,660);
INSERT INTO "station_hours" VALUES('b1','2026-04-01',3,600,660);
INSERT INTO "station_hours" VALUES('b1','2026-04-01',4,600,660);
CREATE TABLE station_volunteer (
	station VARCHAR(32) NOT NULL, 
	person VARCHAR(32) NOT NULL, 
	PRIMARY KEY (station, person), 
	FOREIGN KEY(station) REFERENCES station (code), 
	FOREIGN KEY(person) REFERENCES volunteer (person)
);
INSERT INTO "station_volunteer" VALUES('h1','pa145be3025ef757');
INSERT INTO "station_volunteer" VALUES('b1','p266d0d15eaf078a');
INSERT INTO "station_volunteer" VALUES('h1','p266d0d15eaf078a');
INSERT INTO "station_volunteer" VALUES('b1','pc2ade442159be75');
CREATE TABLE stint (
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
	PRIMARY KEY (run, seq), 
	FOREIGN KEY(run) REFERENCES run (id)
);
INSERT INTO "stint" VALUES(1,3,'3a9b32019ab2141600cbb82b8091b1ae',0,'h1',1772668800000,1772668800000,1772668800000,1772681400000,1772668800000,1772677800000,'leave','[]',0,0,0);
INSERT INTO "stint" VALUES(1,4,'pa145be3025ef757',1,'h1',1772669100000,1772669100000,1772668800000,1772681400000,1772669100000,1772681400000,'assumed','[]',0,0,0);
INSERT INTO "stint" VALUES(1,5,'p266d0d15eaf078a',1,'h1',1772672400000,1772672400000,1772668800000,1772681400000,1772672400000,1772681400000,'assumed','[]',0,0,0);
INSERT INTO "stint" VALUES(1,6,'75e5c1e44cedc811fed1fef7416d2202',0,'h1',1772676000000,1772676000000,1772668800000,1772681400000,1772676000000,1772681400000,'assumed','[]',0,0,0);
INSERT INTO "stint" VALUES(1,8,'c9ee0be0e8b2e886f753a1aba2fde706',0,'h1',1772679600000,1772679600000,1772668800000,1772681400000,1772679600000,1772681400000,'assumed','[]',0,0,0);
CREATE TABLE volunteer (
	person VARCHAR(32) NOT NULL, 
	number VARCHAR NOT NULL, 
	full_name VARCHAR NOT NULL, 
	star INTEGER NOT NULL, 
	trained_on DATE, 
	PRIMARY KEY (person), 
	UNIQUE (number)
);
INSERT INTO "volunteer" VALUES('pa145be3025ef757','V1','例乙丑',2,'2026-01-09');
INSERT INTO "volunteer" VALUES('p266d0d15eaf078a','V2','例丙寅',0,NULL);
INSERT INTO "volunteer" VALUES('pc2ade442159be75','V3','例丁卯',5,NULL);
CREATE TABLE watched (
	run INTEGER NOT NULL, 
	joint BOOLEAN NOT NULL, 
	since_ms BIGINT NOT NULL, 
	until_ms BIGINT NOT NULL, 
	PRIMARY KEY (run, joint, since_ms), 
	FOREIGN KEY(run) REFERENCES run (id)
)
 WITHOUT ROWID

;
INSERT INTO "watched" VALUES(1,0,1772668800000,1772669100000);
CREATE INDEX ix_quarantine_digest ON quarantine (digest);
CREATE INDEX ix_station_kind ON station (kind);
CREATE INDEX ix_station_district ON station (district);
CREATE INDEX ix_card_person ON card (person);
CREATE INDEX ix_stint_station ON stint (station, began_ms);
CREATE INDEX ix_stint_person ON stint (person, tapped_ms);
CREATE INDEX ix_ledger_tap_token ON ledger_tap (token, at_ms);
CREATE INDEX ix_kiosk_station ON kiosk (station);
CREATE INDEX ix_station_volunteer_person ON station_volunteer (person);
COMMIT;
