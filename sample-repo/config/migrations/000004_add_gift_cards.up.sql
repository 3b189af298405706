-- Nullable: the release before this one doesn't write it.
ALTER TABLE orders ADD COLUMN gift_card_code TEXT;
