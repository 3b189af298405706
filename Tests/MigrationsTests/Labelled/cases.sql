-- What changes do to the schema in `base.sql` and the release that works with it. `label-migrations` labels each by
-- what a PostgreSQL 15 shows. Queries are the earlier release's.

-- case: type i2 to int
ALTER TABLE kinds ALTER COLUMN i2 TYPE int;

-- case: type i2 to bigint
ALTER TABLE kinds ALTER COLUMN i2 TYPE bigint;

-- case: type i2 to numeric
ALTER TABLE kinds ALTER COLUMN i2 TYPE numeric;

-- case: type i2 to numeric(5)
ALTER TABLE kinds ALTER COLUMN i2 TYPE numeric(5);

-- case: type i2 to numeric(4)
ALTER TABLE kinds ALTER COLUMN i2 TYPE numeric(4);

-- case: type i2 to real
ALTER TABLE kinds ALTER COLUMN i2 TYPE real;

-- case: type i2 to double precision
ALTER TABLE kinds ALTER COLUMN i2 TYPE double precision;

-- case: type i2 to text
ALTER TABLE kinds ALTER COLUMN i2 TYPE text;

-- case: type i2 to boolean USING i2::int::boolean
ALTER TABLE kinds ALTER COLUMN i2 TYPE boolean USING i2::int::boolean;

-- case: type i4 to bigint
ALTER TABLE kinds ALTER COLUMN i4 TYPE bigint;

-- case: type i4 to smallint
DELETE FROM kinds;
ALTER TABLE kinds ALTER COLUMN i4 TYPE smallint;

-- case: type i4 to numeric
ALTER TABLE kinds ALTER COLUMN i4 TYPE numeric;

-- case: type i4 to numeric(10,0)
ALTER TABLE kinds ALTER COLUMN i4 TYPE numeric(10,0);

-- case: type i4 to numeric(12,2)
ALTER TABLE kinds ALTER COLUMN i4 TYPE numeric(12,2);

-- case: type i4 to numeric(9)
ALTER TABLE kinds ALTER COLUMN i4 TYPE numeric(9);

-- case: type i4 to real
ALTER TABLE kinds ALTER COLUMN i4 TYPE real;

-- case: type i4 to double precision
ALTER TABLE kinds ALTER COLUMN i4 TYPE double precision;

-- case: type i4 to text
ALTER TABLE kinds ALTER COLUMN i4 TYPE text;

-- case: type i4 to varchar(20)
ALTER TABLE kinds ALTER COLUMN i4 TYPE varchar(20);

-- case: type i8 to numeric
ALTER TABLE kinds ALTER COLUMN i8 TYPE numeric;

-- case: type i8 to numeric(19)
ALTER TABLE kinds ALTER COLUMN i8 TYPE numeric(19);

-- case: type i8 to numeric(18)
ALTER TABLE kinds ALTER COLUMN i8 TYPE numeric(18);

-- case: type i8 to double precision
ALTER TABLE kinds ALTER COLUMN i8 TYPE double precision;

-- case: type i8 to text
ALTER TABLE kinds ALTER COLUMN i8 TYPE text;

-- case: type n to numeric(12,2)
ALTER TABLE kinds ALTER COLUMN n TYPE numeric(12,2);

-- case: type n to double precision
ALTER TABLE kinds ALTER COLUMN n TYPE double precision;

-- case: type n to text
ALTER TABLE kinds ALTER COLUMN n TYPE text;

-- case: type n to numeric(1000,500)
ALTER TABLE kinds ALTER COLUMN n TYPE numeric(1000,500);

-- case: type n10 to numeric(12,0)
ALTER TABLE kinds ALTER COLUMN n10 TYPE numeric(12,0);

-- case: type n10 to numeric(12,2)
ALTER TABLE kinds ALTER COLUMN n10 TYPE numeric(12,2);

-- case: type n10 to numeric(11,2)
ALTER TABLE kinds ALTER COLUMN n10 TYPE numeric(11,2);

-- case: type n10 to numeric
ALTER TABLE kinds ALTER COLUMN n10 TYPE numeric;

-- case: type n10 to bigint
ALTER TABLE kinds ALTER COLUMN n10 TYPE bigint;

-- case: type n10 to int
ALTER TABLE kinds ALTER COLUMN n10 TYPE int;

-- case: type n122 to numeric(14,2)
ALTER TABLE kinds ALTER COLUMN n122 TYPE numeric(14,2);

-- case: type n122 to numeric(12,1)
ALTER TABLE kinds ALTER COLUMN n122 TYPE numeric(12,1);

-- case: type n122 to numeric(12,4)
ALTER TABLE kinds ALTER COLUMN n122 TYPE numeric(12,4);

-- case: type n122 to numeric(14,4)
ALTER TABLE kinds ALTER COLUMN n122 TYPE numeric(14,4);

-- case: type n122 to numeric
ALTER TABLE kinds ALTER COLUMN n122 TYPE numeric;

-- case: type n122 to real
ALTER TABLE kinds ALTER COLUMN n122 TYPE real;

-- case: type f4 to double precision
ALTER TABLE kinds ALTER COLUMN f4 TYPE double precision;

-- case: type f4 to numeric
ALTER TABLE kinds ALTER COLUMN f4 TYPE numeric;

-- case: type f4 to real
ALTER TABLE kinds ALTER COLUMN f4 TYPE real;

-- case: type f8 to real
ALTER TABLE kinds ALTER COLUMN f8 TYPE real;

-- case: type f8 to numeric
ALTER TABLE kinds ALTER COLUMN f8 TYPE numeric;

-- case: type t to varchar
ALTER TABLE kinds ALTER COLUMN t TYPE varchar;

-- case: type t to varchar(100)
ALTER TABLE kinds ALTER COLUMN t TYPE varchar(100);

-- case: type t to char(10)
ALTER TABLE kinds ALTER COLUMN t TYPE char(10);

-- case: type t to bytea USING t::bytea
ALTER TABLE kinds ALTER COLUMN t TYPE bytea USING t::bytea;

-- case: type t to json USING to_json(t)
ALTER TABLE kinds ALTER COLUMN t TYPE json USING to_json(t);

-- case: type v to text
ALTER TABLE kinds ALTER COLUMN v TYPE text;

-- case: type v to varchar(50)
ALTER TABLE kinds ALTER COLUMN v TYPE varchar(50);

-- case: type v to varchar
ALTER TABLE kinds ALTER COLUMN v TYPE varchar;

-- case: type v20 to varchar(40)
ALTER TABLE kinds ALTER COLUMN v20 TYPE varchar(40);

-- case: type v20 to varchar(10)
ALTER TABLE kinds ALTER COLUMN v20 TYPE varchar(10);

-- case: type v20 to varchar
ALTER TABLE kinds ALTER COLUMN v20 TYPE varchar;

-- case: type v20 to text
ALTER TABLE kinds ALTER COLUMN v20 TYPE text;

-- case: type v20 to char(20)
ALTER TABLE kinds ALTER COLUMN v20 TYPE char(20);

-- case: type c3 to char(5)
ALTER TABLE kinds ALTER COLUMN c3 TYPE char(5);

-- case: type c3 to char(2)
DELETE FROM kinds;
ALTER TABLE kinds ALTER COLUMN c3 TYPE char(2);

-- case: type c3 to varchar(3)
ALTER TABLE kinds ALTER COLUMN c3 TYPE varchar(3);

-- case: type c3 to varchar(2)
DELETE FROM kinds;
ALTER TABLE kinds ALTER COLUMN c3 TYPE varchar(2);

-- case: type c3 to text
ALTER TABLE kinds ALTER COLUMN c3 TYPE text;

-- case: type c3 to varchar
ALTER TABLE kinds ALTER COLUMN c3 TYPE varchar;

-- case: type b to int USING b::int
ALTER TABLE kinds ALTER COLUMN b TYPE int USING b::int;

-- case: type b to text
ALTER TABLE kinds ALTER COLUMN b TYPE text;

-- case: type d to timestamp
ALTER TABLE kinds ALTER COLUMN d TYPE timestamp;

-- case: type d to timestamptz
ALTER TABLE kinds ALTER COLUMN d TYPE timestamptz;

-- case: type d to text
ALTER TABLE kinds ALTER COLUMN d TYPE text;

-- case: type d to date
ALTER TABLE kinds ALTER COLUMN d TYPE date;

-- case: type ts to timestamptz
ALTER TABLE kinds ALTER COLUMN ts TYPE timestamptz;

-- case: type ts to timestamp(3)
ALTER TABLE kinds ALTER COLUMN ts TYPE timestamp(3);

-- case: type ts to timestamp(6)
ALTER TABLE kinds ALTER COLUMN ts TYPE timestamp(6);

-- case: type ts to date
ALTER TABLE kinds ALTER COLUMN ts TYPE date;

-- case: type ts to text
ALTER TABLE kinds ALTER COLUMN ts TYPE text;

-- case: type tz to timestamp
ALTER TABLE kinds ALTER COLUMN tz TYPE timestamp;

-- case: type tz to timestamptz(0)
ALTER TABLE kinds ALTER COLUMN tz TYPE timestamptz(0);

-- case: type tz to date
ALTER TABLE kinds ALTER COLUMN tz TYPE date;

-- case: type ts3 to timestamp
ALTER TABLE kinds ALTER COLUMN ts3 TYPE timestamp;

-- case: type ts3 to timestamp(6)
ALTER TABLE kinds ALTER COLUMN ts3 TYPE timestamp(6);

-- case: type ts3 to timestamp(0)
ALTER TABLE kinds ALTER COLUMN ts3 TYPE timestamp(0);

-- case: type ti to time(0)
ALTER TABLE kinds ALTER COLUMN ti TYPE time(0);

-- case: type ti to text
ALTER TABLE kinds ALTER COLUMN ti TYPE text;

-- case: type ti to time(6)
ALTER TABLE kinds ALTER COLUMN ti TYPE time(6);

-- case: type iv to interval(0)
ALTER TABLE kinds ALTER COLUMN iv TYPE interval(0);

-- case: type iv to text
ALTER TABLE kinds ALTER COLUMN iv TYPE text;

-- case: type iv to interval
ALTER TABLE kinds ALTER COLUMN iv TYPE interval;

-- case: type j to jsonb
ALTER TABLE kinds ALTER COLUMN j TYPE jsonb;

-- case: type j to text
ALTER TABLE kinds ALTER COLUMN j TYPE text;

-- case: type j to json
ALTER TABLE kinds ALTER COLUMN j TYPE json;

-- case: type jb to json
ALTER TABLE kinds ALTER COLUMN jb TYPE json;

-- case: type jb to text
ALTER TABLE kinds ALTER COLUMN jb TYPE text;

-- case: type u to text
ALTER TABLE kinds ALTER COLUMN u TYPE text;

-- case: type u to uuid
ALTER TABLE kinds ALTER COLUMN u TYPE uuid;

-- case: type u to varchar(36)
ALTER TABLE kinds ALTER COLUMN u TYPE varchar(36);

-- case: type e to text
ALTER TABLE kinds ALTER COLUMN e TYPE text;

-- case: type e to varchar(10)
ALTER TABLE kinds ALTER COLUMN e TYPE varchar(10);

-- case: type ia to bigint[]
ALTER TABLE kinds ALTER COLUMN ia TYPE bigint[];

-- case: type ia to text[]
ALTER TABLE kinds ALTER COLUMN ia TYPE text[];

-- case: type ia to int[]
ALTER TABLE kinds ALTER COLUMN ia TYPE int[];

-- case: type va to varchar(20)[]
ALTER TABLE kinds ALTER COLUMN va TYPE varchar(20)[];

-- case: type va to varchar(5)[]
ALTER TABLE kinds ALTER COLUMN va TYPE varchar(5)[];

-- case: type va to text[]
ALTER TABLE kinds ALTER COLUMN va TYPE text[];

-- case: type ip to text
ALTER TABLE kinds ALTER COLUMN ip TYPE text;

-- case: type ip to cidr USING network(ip)::cidr
ALTER TABLE kinds ALTER COLUMN ip TYPE cidr USING network(ip)::cidr;

-- case: type net to inet
ALTER TABLE kinds ALTER COLUMN net TYPE inet;

-- case: type net to text
ALTER TABLE kinds ALTER COLUMN net TYPE text;

-- case: type raw to text USING encode(raw, 'hex')
ALTER TABLE kinds ALTER COLUMN raw TYPE text USING encode(raw, 'hex');

-- case: type bits to bit(4)
ALTER TABLE kinds ALTER COLUMN bits TYPE bit(4);

-- case: type bits to bit varying(4)
ALTER TABLE kinds ALTER COLUMN bits TYPE bit varying(4);

-- case: type bits to bit varying(3)
DELETE FROM kinds;
ALTER TABLE kinds ALTER COLUMN bits TYPE bit varying(3);

-- case: type bits to bit varying
ALTER TABLE kinds ALTER COLUMN bits TYPE bit varying;

-- case: type bits to int USING bits::int
ALTER TABLE kinds ALTER COLUMN bits TYPE int USING bits::int;

-- case: type vbits to bit varying(16)
ALTER TABLE kinds ALTER COLUMN vbits TYPE bit varying(16);

-- case: type vbits to bit varying(4)
ALTER TABLE kinds ALTER COLUMN vbits TYPE bit varying(4);

-- case: type vbits to bit varying
ALTER TABLE kinds ALTER COLUMN vbits TYPE bit varying;

-- case: type with a cast of the column
ALTER TABLE kinds ALTER COLUMN i4 TYPE bigint USING i4::bigint;

-- case: type with a qualified cast
ALTER TABLE kinds ALTER COLUMN v20 TYPE text USING kinds.v20::text;

-- case: type made by an expression
ALTER TABLE kinds ALTER COLUMN i4 TYPE bigint USING i4 * 100;

-- case: type made by a function
ALTER TABLE kinds ALTER COLUMN t TYPE text USING upper(t);

-- case: two types at once, one narrower
ALTER TABLE kinds ALTER COLUMN i4 TYPE bigint, ALTER COLUMN v20 TYPE varchar(5);

-- case: type there and back
ALTER TABLE kinds ALTER COLUMN i4 TYPE bigint;
ALTER TABLE kinds ALTER COLUMN i4 TYPE int;

-- case: type of a renamed column
ALTER TABLE kinds RENAME COLUMN v20 TO code;
ALTER TABLE kinds ALTER COLUMN code TYPE varchar(4);

-- case: type of a renamed table
ALTER TABLE kinds RENAME TO sorts;
ALTER TABLE sorts ALTER COLUMN v20 TYPE varchar(30);

-- case: type of a column that is new
ALTER TABLE orders ADD COLUMN gift int;
ALTER TABLE orders ALTER COLUMN gift TYPE smallint;

-- case: type of a table that is new
CREATE TABLE gifts (id bigint, code text);
ALTER TABLE gifts ALTER COLUMN code TYPE varchar(3);

-- case: domain to its own base
ALTER TABLE kinds ALTER COLUMN dom TYPE varchar(10);

-- case: drop a column
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders DROP COLUMN note;

-- case: drop a column that exists, if it exists
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders DROP COLUMN IF EXISTS note;

-- case: drop a column that isn't there, if it exists
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders DROP COLUMN IF EXISTS nothing;

-- case: drop a column of a table that isn't there, if it exists
ALTER TABLE IF EXISTS nothing DROP COLUMN note;

-- case: drop two columns
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders DROP COLUMN note, DROP COLUMN coupon;

-- case: drop a column that nobody reads
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders DROP COLUMN paid_at;

-- case: drop a column of the same name elsewhere
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE archive.orders DROP COLUMN total;

-- case: drop a column with a view on it
-- query: SELECT * FROM open_orders
ALTER TABLE orders DROP COLUMN status CASCADE;

-- case: drop a column under a view of everything
-- query: SELECT name FROM customers
-- query: SELECT name FROM everyone
ALTER TABLE customers DROP COLUMN phone CASCADE;

-- case: drop an indexed column
ALTER TABLE loose DROP COLUMN a;

-- case: drop a column and add it again
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders DROP COLUMN note;
ALTER TABLE orders ADD COLUMN note text;

-- case: add a column and drop it again
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders ADD COLUMN gift text;
ALTER TABLE orders DROP COLUMN gift;

-- case: drop a column in a block
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
DO $$ BEGIN ALTER TABLE orders DROP COLUMN note; END $$;

-- case: drop a column in a block, under a condition that holds
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM orders) THEN
    ALTER TABLE orders DROP COLUMN coupon;
  END IF;
END
$$;

-- case: drop a column of all partitions
-- query: SELECT id FROM events
ALTER TABLE events DROP COLUMN id;

-- case: drop a column of a table in a search path
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
-- query: SELECT total FROM archive.orders
SET search_path TO archive;
ALTER TABLE orders DROP COLUMN total;

-- case: rename a column
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders RENAME COLUMN note TO remark;

-- case: rename without the word COLUMN
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders RENAME note TO remark;

-- case: rename a column there and back
ALTER TABLE orders RENAME COLUMN note TO remark;
ALTER TABLE orders RENAME COLUMN remark TO note;

-- case: rename a column that is new
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders ADD COLUMN gift text;
ALTER TABLE orders RENAME COLUMN gift TO present;

-- case: rename a column under a view
-- query: SELECT total_cents FROM open_orders
-- query: SELECT total_cents FROM orders
ALTER TABLE orders RENAME COLUMN total_cents TO total;

-- case: rename, and then drop
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders RENAME COLUMN note TO remark;
ALTER TABLE orders DROP COLUMN remark;

-- case: drop a table
-- query: SELECT what FROM audit
-- query: SELECT id FROM orders
DROP TABLE audit;

-- case: drop a table, if it exists
-- query: SELECT what FROM audit
DROP TABLE IF EXISTS audit;

-- case: drop a table that isn't there, if it exists
DROP TABLE IF EXISTS nothing;

-- case: drop two tables
-- query: SELECT a FROM loose
DROP TABLE audit, loose;

-- case: drop a table with a schema
-- query: SELECT id FROM orders
DROP TABLE archive.orders;

-- case: drop a table with views
-- query: SELECT id FROM open_orders
-- query: SELECT currency FROM revenue
DROP TABLE orders CASCADE;

-- case: drop a partition
-- query: SELECT id FROM events
DROP TABLE events_2025;

-- case: drop a table and make it again
DROP TABLE audit;
CREATE TABLE audit (id bigserial PRIMARY KEY, at timestamptz, what text);

-- case: make a table and drop it
CREATE TABLE gifts (id bigint);
DROP TABLE gifts;

-- case: drop a view
-- query: SELECT id FROM open_orders
DROP VIEW open_orders;

-- case: drop a materialised view
-- query: SELECT cents FROM revenue
DROP MATERIALIZED VIEW revenue;

-- case: make a view anew
-- query: SELECT id FROM open_orders
DROP VIEW open_orders;
CREATE VIEW open_orders AS SELECT id, customer_id, total_cents FROM orders WHERE status = 'open';

-- case: make a view anew with less
-- query: SELECT total_cents FROM open_orders
DROP VIEW open_orders;
CREATE VIEW open_orders AS SELECT id, customer_id FROM orders;

-- case: replace a view with more
-- query: SELECT id FROM open_orders
CREATE OR REPLACE VIEW open_orders AS SELECT id, customer_id, total_cents, note FROM orders WHERE status = 'new';

-- case: rename a table
-- query: SELECT what FROM audit
ALTER TABLE audit RENAME TO trail;

-- case: rename a table that is new
CREATE TABLE gifts (id int);
ALTER TABLE gifts RENAME TO presents;

-- case: rename a view
-- query: SELECT id FROM open_orders
ALTER VIEW open_orders RENAME TO fresh_orders;

-- case: move a table to another schema
-- query: SELECT what FROM audit
ALTER TABLE audit SET SCHEMA archive;

-- case: rename a schema
-- query: SELECT id FROM archive.orders
ALTER SCHEMA archive RENAME TO attic;

-- case: rename a table and leave a view in its place
-- query: SELECT what FROM audit
ALTER TABLE audit RENAME TO trail;
CREATE VIEW audit AS SELECT id, at, what, who FROM trail;

-- case: drop a schema with what is in it
-- query: SELECT id FROM archive.orders
DROP SCHEMA archive CASCADE;

-- case: drop an empty schema
DROP SCHEMA empty;

-- case: rename a table, then drop a column of it
-- query: SELECT what FROM audit
ALTER TABLE audit RENAME TO trail;
ALTER TABLE trail DROP COLUMN what;

-- case: add a nullable column
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
ALTER TABLE orders ADD COLUMN gift text;

-- case: add a column with a default
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
ALTER TABLE orders ADD COLUMN gift text DEFAULT '';

-- case: add a required column with a default
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
ALTER TABLE orders ADD COLUMN gift text NOT NULL DEFAULT '';

-- case: add a required column without a default
-- query: INSERT INTO audit (what) VALUES ('x')
TRUNCATE audit;
ALTER TABLE audit ADD COLUMN host text NOT NULL;

-- case: add a required column whose default is null
-- query: INSERT INTO audit (what) VALUES ('x')
DELETE FROM audit;
ALTER TABLE audit ADD COLUMN host text NOT NULL DEFAULT NULL;

-- case: add a serial column
-- query: INSERT INTO audit (what) VALUES ('x')
ALTER TABLE audit ADD COLUMN number bigserial;

-- case: add an identity column
-- query: INSERT INTO audit (what) VALUES ('x')
ALTER TABLE audit ADD COLUMN number bigint GENERATED BY DEFAULT AS IDENTITY;

-- case: add a generated column
-- query: INSERT INTO loose (a, b) VALUES (7, 7)
ALTER TABLE loose ADD COLUMN twice int GENERATED ALWAYS AS (a * 2) STORED;

-- case: require a column with a default
-- query: INSERT INTO audit (what) VALUES ('x')
ALTER TABLE audit ALTER COLUMN who SET NOT NULL;

-- case: require a column without a default
-- query: INSERT INTO audit (at) VALUES (now())
-- query: INSERT INTO audit (what) VALUES ('x')
ALTER TABLE audit ALTER COLUMN what SET NOT NULL;

-- case: require a column that is required
-- query: INSERT INTO customers (email) VALUES ('x')
ALTER TABLE customers ALTER COLUMN email SET NOT NULL;

-- case: give a default, then require
-- query: INSERT INTO audit (at) VALUES (now())
ALTER TABLE audit ALTER COLUMN what SET DEFAULT '?';
ALTER TABLE audit ALTER COLUMN what SET NOT NULL;

-- case: add, fill, require
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
ALTER TABLE orders ADD COLUMN channel text;
UPDATE orders SET channel = 'web' WHERE channel IS NULL;
ALTER TABLE orders ALTER COLUMN channel SET NOT NULL;

-- case: add with a default, fill, require, keep the default
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
ALTER TABLE orders ADD COLUMN channel text DEFAULT 'web';
ALTER TABLE orders ALTER COLUMN channel SET NOT NULL;

-- case: take the default of a required column away
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
ALTER TABLE orders ALTER COLUMN status DROP DEFAULT;

-- case: take the default of a nullable column away
-- query: INSERT INTO audit (what) VALUES ('x')
ALTER TABLE audit ALTER COLUMN who DROP DEFAULT;

-- case: take an identity away
-- query: INSERT INTO customers (email) VALUES ('z')
ALTER TABLE customers ALTER COLUMN id DROP IDENTITY;

-- case: take NOT NULL away
-- query: INSERT INTO customers (email) VALUES ('z')
ALTER TABLE customers ALTER COLUMN email DROP NOT NULL;

-- case: set another default
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'open';

-- case: set the default of a required column to null
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
ALTER TABLE orders ALTER COLUMN status SET DEFAULT NULL;

-- case: make a primary key of nullable columns
-- query: INSERT INTO loose (b) VALUES (7)
ALTER TABLE loose ADD PRIMARY KEY (a);

-- case: make a primary key of a column with a default
-- query: INSERT INTO loose (a, b) VALUES (7, 7)
ALTER TABLE loose ADD PRIMARY KEY (c);

-- case: make a primary key of an index
-- query: INSERT INTO loose (b) VALUES (7)
ALTER TABLE loose ADD CONSTRAINT loose_key PRIMARY KEY USING INDEX loose_a;

-- case: add a check
ALTER TABLE orders ADD CONSTRAINT cheap CHECK (total_cents < 100000000);

-- case: add a check, not validated
ALTER TABLE orders ADD CONSTRAINT cheap CHECK (total_cents < 100000000) NOT VALID;

-- case: add a check in two steps
ALTER TABLE orders ADD CONSTRAINT cheap CHECK (total_cents < 100000000) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT cheap;

-- case: validate what was there
ALTER TABLE orders VALIDATE CONSTRAINT orders_note_short;

-- case: add a foreign key
ALTER TABLE audit ADD COLUMN order_id bigint;
ALTER TABLE audit ADD CONSTRAINT audit_order FOREIGN KEY (order_id) REFERENCES orders (id);

-- case: add a foreign key, not validated
ALTER TABLE audit ADD COLUMN order_id bigint;
ALTER TABLE audit ADD CONSTRAINT audit_order FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID;

-- case: add a foreign key with its column
ALTER TABLE audit ADD COLUMN order_id bigint REFERENCES orders (id);

-- case: add a check with its column
ALTER TABLE audit ADD COLUMN size int CHECK (size > 0);

-- case: a new table that refers to an old one
CREATE TABLE gifts (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id) CHECK (order_id > 0), code text UNIQUE);

-- case: drop a constraint
ALTER TABLE orders DROP CONSTRAINT orders_total_cents_check;

-- case: drop a key
ALTER TABLE order_lines DROP CONSTRAINT order_lines_pkey;

-- case: add a unique constraint
ALTER TABLE customers ADD CONSTRAINT one_phone UNIQUE (phone);

-- case: add a unique constraint of an index
CREATE UNIQUE INDEX CONCURRENTLY one_phone ON customers (phone);
ALTER TABLE customers ADD CONSTRAINT one_phone UNIQUE USING INDEX one_phone;

-- case: add a unique column
ALTER TABLE customers ADD COLUMN nick text UNIQUE;

-- case: add an exclusion constraint
ALTER TABLE loose ADD CONSTRAINT apart EXCLUDE USING btree (b WITH =);

-- case: a table with its check on a new column by itself
CREATE TABLE gifts (id int);
ALTER TABLE gifts ADD CONSTRAINT positive CHECK (id > 0);

-- case: rename a constraint
ALTER TABLE orders RENAME CONSTRAINT orders_note_short TO short_note;

-- case: make an index
CREATE INDEX orders_paid ON orders (paid_at);

-- case: make an index concurrently
CREATE INDEX CONCURRENTLY orders_paid ON orders (paid_at);

-- case: make a unique index
CREATE UNIQUE INDEX customers_phone ON customers (phone);

-- case: make a unique index concurrently
CREATE UNIQUE INDEX CONCURRENTLY customers_phone ON customers (phone);

-- case: make an index that is there, if it isn't
CREATE INDEX IF NOT EXISTS orders_status ON orders (status);

-- case: make an index that isn't there, if it isn't
CREATE INDEX IF NOT EXISTS orders_paid ON orders (paid_at);

-- case: make an index without a name
CREATE INDEX ON orders (paid_at);

-- case: make an index on a new table
CREATE TABLE gifts (id int);
CREATE INDEX gifts_id ON gifts (id);

-- case: make an index on a materialised view
CREATE INDEX revenue_currency ON revenue (currency);

-- case: make an index on a partitioned table
CREATE INDEX events_id ON events (id);

-- case: make an index on only the partitioned table
CREATE INDEX events_id ON ONLY events (id);

-- case: drop an index
DROP INDEX orders_status;

-- case: drop an index concurrently
DROP INDEX CONCURRENTLY orders_status;

-- case: drop an index that isn't there, if it exists
DROP INDEX IF EXISTS nothing;

-- case: drop an index of a new table
CREATE TABLE gifts (id int);
CREATE INDEX gifts_id ON gifts (id);
DROP INDEX gifts_id;

-- case: rename an index
ALTER INDEX orders_status RENAME TO orders_by_status;

-- case: rename an index, then drop it
ALTER INDEX orders_status RENAME TO orders_by_status;
DROP INDEX CONCURRENTLY orders_by_status;

-- case: build an index anew
REINDEX INDEX orders_status;

-- case: build an index anew concurrently
REINDEX INDEX CONCURRENTLY orders_status;

-- case: build a table's indexes anew
REINDEX TABLE orders;

-- case: build a table's indexes anew concurrently
REINDEX TABLE CONCURRENTLY orders;

-- case: build a new table's indexes anew
CREATE TABLE gifts (id int PRIMARY KEY);
REINDEX TABLE gifts;

-- case: replace an index
CREATE INDEX CONCURRENTLY orders_status_paid ON orders (status, paid_at);
DROP INDEX CONCURRENTLY orders_status;

-- case: delete all rows
-- query: SELECT what FROM audit
DELETE FROM audit;

-- case: delete some rows
DELETE FROM audit WHERE what = 'login';

-- case: truncate
TRUNCATE audit;

-- case: truncate two
TRUNCATE TABLE audit, loose;

-- case: truncate with what refers to it
TRUNCATE orders CASCADE;

-- case: delete in a WITH
WITH old AS (DELETE FROM audit RETURNING what) INSERT INTO loose (a) SELECT 10 + count(*)::int FROM old;

-- case: delete from a new table
CREATE TABLE gifts (id int);
INSERT INTO gifts VALUES (1);
DELETE FROM gifts;

-- case: write over a column
UPDATE orders SET status = 'old';

-- case: write over some rows
UPDATE orders SET note = 'none' WHERE note = 'gift';

-- case: write nulls
UPDATE audit SET what = NULL;

-- case: fill what is null
UPDATE orders SET note = '' WHERE note IS NULL;

-- case: fill what is null and something else
UPDATE orders SET note = '' WHERE note IS NULL AND total_cents > 0;

-- case: fill a new column
ALTER TABLE orders ADD COLUMN channel text;
UPDATE orders SET channel = 'web';

-- case: move a column's values
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders ADD COLUMN remark text;
UPDATE orders SET remark = note;
ALTER TABLE orders DROP COLUMN note;

-- case: insert rows
INSERT INTO audit (what) VALUES ('migrated');

-- case: insert from a query
INSERT INTO archive.orders SELECT id, total_cents FROM orders;

-- case: merge that deletes
MERGE INTO loose USING (SELECT 1 AS a) s ON loose.a = s.a WHEN MATCHED THEN DELETE;

-- case: merge that writes over
MERGE INTO loose USING (SELECT 1 AS a) s ON loose.a = s.a WHEN MATCHED THEN UPDATE SET b = 99;

-- case: merge that inserts
MERGE INTO loose USING (SELECT 50 AS a) s ON loose.a = s.a WHEN NOT MATCHED THEN INSERT (a, c) VALUES (s.a, 50);

-- case: delete in a block
DO $$ BEGIN DELETE FROM audit; END $$;

-- case: take a partition off
-- query: SELECT id FROM events
ALTER TABLE events DETACH PARTITION events_2025;

-- case: add a partition
-- query: SELECT id FROM events
CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');

-- case: drop a function
-- query: SELECT cents(1.5)
DROP FUNCTION cents(numeric);

-- case: drop a function that isn't there
DROP FUNCTION IF EXISTS nothing();

-- case: replace a function
-- query: SELECT cents(1.5)
CREATE OR REPLACE FUNCTION cents(numeric) RETURNS bigint LANGUAGE sql AS 'SELECT round($1 * 100)::bigint';

-- case: rename a function
-- query: SELECT cents(1.5)
ALTER FUNCTION cents(numeric) RENAME TO in_cents;

-- case: drop a procedure
DROP PROCEDURE tidy();

-- case: make a function that would delete
CREATE FUNCTION purge() RETURNS void LANGUAGE sql AS 'DELETE FROM audit';

-- case: drop a type with its columns
-- query: SELECT feeling FROM orders
DROP TYPE mood CASCADE;

-- case: drop a type that nothing has
DROP TYPE address;

-- case: rename a type
-- query: SELECT 'ok'::mood
ALTER TYPE mood RENAME TO feelings;

-- case: rename a value of a type
-- query: SELECT id FROM orders WHERE feeling = 'ok'
ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';

-- case: add a value to a type
-- query: SELECT id FROM orders WHERE feeling = 'ok'
ALTER TYPE mood ADD VALUE 'great';

-- case: drop a field of a type
ALTER TYPE address DROP ATTRIBUTE city;

-- case: rename a field of a type
ALTER TYPE address RENAME ATTRIBUTE city TO town;

-- case: add a field to a type
ALTER TYPE address ADD ATTRIBUTE country text;

-- case: drop a sequence
-- query: SELECT nextval('invoice_numbers')
DROP SEQUENCE invoice_numbers;

-- case: rename a sequence
-- query: SELECT nextval('invoice_numbers')
ALTER SEQUENCE invoice_numbers RENAME TO invoices;

-- case: make a type and drop it
CREATE TYPE size AS ENUM ('s', 'm');
DROP TYPE size;

-- case: drop a domain with its columns
-- query: SELECT dom FROM kinds
DROP DOMAIN sku_text CASCADE;

-- case: make a table
CREATE TABLE gifts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text NOT NULL UNIQUE);

-- case: make a table if it isn't there, which it is
-- query: SELECT what FROM audit
CREATE TABLE IF NOT EXISTS audit (id int);
ALTER TABLE audit DROP COLUMN what;

-- case: make a table of a query
CREATE TABLE copied AS SELECT * FROM orders;
DELETE FROM copied;

-- case: make a table like another
CREATE TABLE copied (LIKE orders);
ALTER TABLE copied DROP COLUMN note;

-- case: select into a table
SELECT id INTO copied FROM orders;
DROP TABLE copied;

-- case: make a view
CREATE VIEW gifts AS SELECT id FROM orders;

-- case: make a schema
CREATE SCHEMA gifts;
CREATE TABLE gifts.list (id int);
DROP SCHEMA gifts CASCADE;

-- case: comment
COMMENT ON TABLE orders IS 'what customers want';

-- case: analyse
ANALYZE orders;

-- case: grant
GRANT SELECT ON orders TO PUBLIC;

-- case: set a time limit
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN gift text;

-- case: set statistics
ALTER TABLE orders ALTER COLUMN note SET STATISTICS 500;

-- case: make a trigger
-- query: SELECT 1
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM audit; RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION stamp();

-- case: vacuum
VACUUM audit;

-- case: owner
ALTER TABLE orders OWNER TO mooring;

-- case: nothing but a block that reads
DO $$ DECLARE n int; BEGIN SELECT count(*) INTO n FROM orders; RAISE NOTICE '%', n; END $$;

-- case: expand: a new column beside the old
-- query: SELECT id, note FROM orders
-- query: SELECT o.coupon FROM orders o WHERE o.id = 1
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT what FROM audit
ALTER TABLE orders ADD COLUMN amount numeric(12, 2);
UPDATE orders SET amount = total_cents / 100.0 WHERE amount IS NULL;
CREATE INDEX CONCURRENTLY orders_amount ON orders (amount);

-- case: expand and contract in one
-- query: SELECT total_cents FROM orders
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
-- query: SELECT currency FROM orders
ALTER TABLE orders ADD COLUMN amount numeric(12, 2);
UPDATE orders SET amount = total_cents / 100.0;
ALTER TABLE orders DROP COLUMN total_cents CASCADE;

-- case: contract what nobody reads
-- query: SELECT id, note FROM orders
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
ALTER TABLE orders DROP COLUMN paid_at;
ALTER TABLE orders DROP COLUMN coupon;

-- case: split a table
-- query: SELECT phone FROM customers
-- query: SELECT email FROM customers
CREATE TABLE phones (customer_id bigint REFERENCES customers (id), phone varchar(20));
INSERT INTO phones SELECT id, phone FROM customers WHERE phone IS NOT NULL;
ALTER TABLE customers DROP COLUMN phone CASCADE;

-- case: swap two columns
ALTER TABLE loose RENAME COLUMN a TO x;
ALTER TABLE loose RENAME COLUMN b TO a;
ALTER TABLE loose RENAME COLUMN x TO b;

-- case: swap two tables
-- query: SELECT what FROM audit
ALTER TABLE audit RENAME TO old_audit;
CREATE TABLE audit (id bigserial PRIMARY KEY, at timestamptz, what text, who text);

-- case: a required column with its default taken away later
-- query: INSERT INTO orders (customer_id, total_cents) VALUES (1, 5)
ALTER TABLE orders ADD COLUMN channel text NOT NULL DEFAULT 'web';
ALTER TABLE orders ALTER COLUMN channel DROP DEFAULT;
