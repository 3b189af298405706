ALTER TABLE orders DROP COLUMN gift_card_code;
