CREATE TABLE order_lines (
  order_id    BIGINT NOT NULL REFERENCES orders (id),
  position    INTEGER NOT NULL,
  sku         TEXT NOT NULL,
  quantity    INTEGER NOT NULL CHECK (quantity > 0),
  price_cents BIGINT NOT NULL,
  PRIMARY KEY (order_id, position)
);
