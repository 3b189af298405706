-- What the migrations in `cases.sql` change. Rows are in `rows.sql`.
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE address AS (street text, city text);
CREATE DOMAIN sku_text AS text;
CREATE SEQUENCE invoice_numbers;
CREATE FUNCTION cents(numeric) RETURNS bigint LANGUAGE sql AS 'SELECT ($1 * 100)::bigint';
CREATE SCHEMA archive;
CREATE SCHEMA empty;
CREATE TABLE customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL,
  name varchar(100),
  phone varchar(20),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orders (
  id bigserial PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers (id),
  total_cents bigint NOT NULL CHECK (total_cents >= 0),
  currency char(3) NOT NULL DEFAULT 'EUR',
  note text,
  status text NOT NULL DEFAULT 'new',
  paid_at timestamptz,
  coupon varchar(12),
  feeling mood
);
CREATE TABLE order_lines (
  order_id bigint NOT NULL REFERENCES orders (id),
  position int NOT NULL,
  sku varchar(40) NOT NULL,
  quantity int NOT NULL DEFAULT 1,
  price numeric(12, 2),
  PRIMARY KEY (order_id, position)
);
CREATE TABLE kinds (
  id int PRIMARY KEY,
  i2 smallint, i4 integer, i8 bigint, n numeric, n10 numeric(10, 0), n122 numeric(12, 2), f4 real,
  f8 double precision, t text, v varchar, v20 varchar(20), c3 char(3), b boolean, d date, ts timestamp,
  tz timestamptz, ts3 timestamp(3), ti time, iv interval, j json, jb jsonb, u uuid, e mood, ia int[], va varchar(10)[],
  ip inet, net cidr, raw bytea, bits bit(4), vbits bit varying(8), dom sku_text
);
CREATE TABLE audit (id bigserial PRIMARY KEY, at timestamptz, what text, who text DEFAULT 'nobody');
CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM audit';
CREATE TABLE loose (a int, b int, c int DEFAULT 0);
CREATE TABLE archive.orders (id bigint, total bigint);
CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE VIEW open_orders AS SELECT id, customer_id, total_cents FROM orders WHERE status = 'new';
CREATE VIEW everyone AS SELECT * FROM customers;
CREATE MATERIALIZED VIEW revenue AS SELECT currency, sum(total_cents) AS cents FROM orders GROUP BY currency;
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_status ON orders (status);
CREATE UNIQUE INDEX customers_email ON customers (email);
CREATE UNIQUE INDEX loose_a ON loose (a);
CREATE UNIQUE INDEX loose_c ON loose (c);
ALTER TABLE orders ADD CONSTRAINT orders_note_short CHECK (length(note) < 1000) NOT VALID;
