-- Rows of every table, so that what is lost can be seen.
INSERT INTO customers (email, name, phone) VALUES ('a@example.com', 'Ann', '1'), ('b@example.com', 'Bo', NULL);
INSERT INTO orders (customer_id, total_cents, note, coupon) VALUES (1, 100, 'gift', 'X'), (2, 250, NULL, NULL);
INSERT INTO order_lines (order_id, position, sku, price) VALUES (1, 1, 'tea', 1.00), (2, 1, 'pot', 2.50);
INSERT INTO kinds VALUES (1, 7, 70000, 5000000000, 1.5, 12, 1.25, 0.5, 0.25, 'text', 'v', 'v20', 'abc', true,
  '2026-01-01', '2026-01-01 10:00', '2026-01-01 10:00+00', '2026-01-01 10:00:00.123', '10:00', '1 day',
  '{"b": 1, "a": 2}', '{"a": 1}', '00000000-0000-0000-0000-000000000001', 'ok', '{1,2}', '{a,b}', '10.0.0.1',
  '10.0.0.0/8', '\x01', '1010', '101', 'tea');
INSERT INTO audit (at, what) VALUES (now(), 'login'), (now(), 'logout');
INSERT INTO loose VALUES (1, 1, 1), (2, 2, 2);
INSERT INTO archive.orders VALUES (1, 1);
INSERT INTO events VALUES (1, '2025-05-05'), (2, '2026-02-02');
REFRESH MATERIALIZED VIEW revenue;
