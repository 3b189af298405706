-- Nullable for now; NOT NULL comes two releases later, when nothing older can run any more.
ALTER TABLE orders ADD COLUMN payment_reference TEXT;
CREATE UNIQUE INDEX CONCURRENTLY orders_payment_reference ON orders (payment_reference);
