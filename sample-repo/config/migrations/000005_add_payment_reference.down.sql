DROP INDEX CONCURRENTLY orders_payment_reference;
ALTER TABLE orders DROP COLUMN payment_reference;
