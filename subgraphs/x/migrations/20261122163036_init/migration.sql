-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "x";

-- CreateEnum
CREATE TYPE "x"."instrument_status" AS ENUM ('TRADING', 'HALTED');

-- CreateEnum
CREATE TYPE "x"."order_side" AS ENUM ('BUY', 'SELL');

-- CreateEnum
CREATE TYPE "x"."order_type" AS ENUM ('LIMIT', 'MARKET', 'STOP');

-- CreateEnum
CREATE TYPE "x"."time_in_force" AS ENUM ('GTC', 'IOC', 'FOK');

-- CreateEnum
CREATE TYPE "x"."order_status" AS ENUM ('PENDING', 'WAITING', 'OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED');

-- CreateTable
CREATE TABLE "x"."instruments" (
    "symbol" TEXT NOT NULL,
    "base" TEXT NOT NULL,
    "quote" TEXT NOT NULL,
    "tick_size" DECIMAL(36,18) NOT NULL,
    "lot_size" DECIMAL(36,18) NOT NULL,
    "status" "x"."instrument_status" NOT NULL DEFAULT 'TRADING',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "instruments_pkey" PRIMARY KEY ("symbol")
);

-- CreateTable
CREATE TABLE "x"."orders" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "side" "x"."order_side" NOT NULL,
    "type" "x"."order_type" NOT NULL,
    "time_in_force" "x"."time_in_force" NOT NULL,
    "price" BIGINT,
    "stop_price" BIGINT,
    "quantity" BIGINT NOT NULL,
    "filled" BIGINT NOT NULL DEFAULT 0,
    "notional" BIGINT NOT NULL DEFAULT 0,
    "reserved" BIGINT NOT NULL,
    "status" "x"."order_status" NOT NULL,
    "status_reason" TEXT,
    "idempotency_key" TEXT NOT NULL,
    "source_account_id" TEXT NOT NULL,
    "target_account_id" TEXT,
    "hold_id" TEXT,
    "released_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "x"."trades" (
    "id" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "price" BIGINT NOT NULL,
    "quantity" BIGINT NOT NULL,
    "taker_side" "x"."order_side" NOT NULL,
    "maker_order_id" TEXT NOT NULL,
    "taker_order_id" TEXT NOT NULL,
    "maker_owner_id" TEXT NOT NULL,
    "taker_owner_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "trades_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "x"."book_commands" (
    "symbol" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "events" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "book_commands_pkey" PRIMARY KEY ("symbol","number")
);

-- CreateTable
CREATE TABLE "x"."book_snapshots" (
    "symbol" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "contents" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "book_snapshots_pkey" PRIMARY KEY ("symbol")
);

-- CreateTable
CREATE TABLE "x"."candles" (
    "symbol" TEXT NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "open" BIGINT NOT NULL,
    "high" BIGINT NOT NULL,
    "low" BIGINT NOT NULL,
    "close" BIGINT NOT NULL,
    "volume" BIGINT NOT NULL,

    CONSTRAINT "candles_pkey" PRIMARY KEY ("symbol","start")
);

-- CreateTable
CREATE TABLE "x"."market_leases" (
    "symbol" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "market_leases_pkey" PRIMARY KEY ("symbol")
);

-- CreateIndex
CREATE INDEX "orders_owner_id_id_idx" ON "x"."orders"("owner_id", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "orders_owner_id_idempotency_key_key" ON "x"."orders"("owner_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "trades_maker_order_id_number_idx" ON "x"."trades"("maker_order_id", "number" DESC);

-- CreateIndex
CREATE INDEX "trades_taker_order_id_number_idx" ON "x"."trades"("taker_order_id", "number" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "trades_symbol_number_key" ON "x"."trades"("symbol", "number");

-- AddForeignKey
ALTER TABLE "x"."orders" ADD CONSTRAINT "orders_symbol_fkey" FOREIGN KEY ("symbol") REFERENCES "x"."instruments"("symbol") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "x"."trades" ADD CONSTRAINT "trades_symbol_fkey" FOREIGN KEY ("symbol") REFERENCES "x"."instruments"("symbol") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "x"."trades" ADD CONSTRAINT "trades_maker_order_id_fkey" FOREIGN KEY ("maker_order_id") REFERENCES "x"."orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "x"."trades" ADD CONSTRAINT "trades_taker_order_id_fkey" FOREIGN KEY ("taker_order_id") REFERENCES "x"."orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "x"."book_commands" ADD CONSTRAINT "book_commands_symbol_fkey" FOREIGN KEY ("symbol") REFERENCES "x"."instruments"("symbol") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "x"."book_snapshots" ADD CONSTRAINT "book_snapshots_symbol_fkey" FOREIGN KEY ("symbol") REFERENCES "x"."instruments"("symbol") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "x"."candles" ADD CONSTRAINT "candles_symbol_fkey" FOREIGN KEY ("symbol") REFERENCES "x"."instruments"("symbol") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What Prisma's models cannot say.

ALTER TABLE "x"."instruments"
  ADD CONSTRAINT "instruments_sizes_check" CHECK ("tick_size" > 0 AND "lot_size" > 0);

ALTER TABLE "x"."orders"
  ADD CONSTRAINT "orders_quantities_check"
    CHECK ("quantity" > 0 AND "filled" BETWEEN 0 AND "quantity" AND "notional" >= 0 AND "reserved" > 0),
  -- Nobody ever pays more than was held for it.
  ADD CONSTRAINT "orders_reserved_check"
    CHECK (CASE "side" WHEN 'BUY' THEN "notional" ELSE "filled" END <= "reserved"),
  ADD CONSTRAINT "orders_prices_check" CHECK (
    CASE "type"
      WHEN 'LIMIT' THEN "price" > 0 AND "stop_price" IS NULL
      WHEN 'MARKET' THEN "price" IS NULL AND "stop_price" IS NULL
      ELSE "stop_price" > 0 AND ("price" IS NULL OR "price" > 0)
    END IS TRUE
  ),
  ADD CONSTRAINT "orders_filled_check" CHECK (("status" = 'FILLED') = ("filled" = "quantity")),
  -- An order comes into the book only with its funds held and somewhere to be paid.
  ADD CONSTRAINT "orders_funds_check" CHECK (
    "status" IN ('PENDING', 'REJECTED') OR ("hold_id" IS NOT NULL AND "target_account_id" IS NOT NULL)
  );

ALTER TABLE "x"."trades"
  ADD CONSTRAINT "trades_amounts_check" CHECK ("price" > 0 AND "quantity" > 0),
  ADD CONSTRAINT "trades_two_people_check" CHECK ("maker_owner_id" <> "taker_owner_id");

-- What is still to do, for the worker that looks for it.
CREATE INDEX "trades_unsettled" ON "x"."trades"("at", "symbol", "number") WHERE "settled_at" IS NULL;
CREATE INDEX "orders_unreleased" ON "x"."orders"("updated_at")
  WHERE "released_at" IS NULL AND "status" IN ('FILLED', 'CANCELLED', 'REJECTED');
CREATE INDEX "orders_pending" ON "x"."orders"("created_at") WHERE "status" = 'PENDING';
CREATE INDEX "orders_open" ON "x"."orders"("owner_id", "symbol")
  WHERE "status" IN ('WAITING', 'OPEN', 'PARTIALLY_FILLED');
-- For the average price of what somebody bought.
CREATE INDEX "orders_traded" ON "x"."orders"("owner_id", "symbol", "side") WHERE "filled" > 0;

CREATE FUNCTION "x"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is never changed: it is what happened', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Old commands may be removed when a snapshot holds what they led to, but never rewritten.
CREATE TRIGGER "book_commands_unchanged" BEFORE UPDATE OR TRUNCATE ON "x"."book_commands"
  FOR EACH STATEMENT EXECUTE FUNCTION "x"."refuse_change"();
CREATE TRIGGER "trades_kept" BEFORE DELETE OR TRUNCATE ON "x"."trades"
  FOR EACH STATEMENT EXECUTE FUNCTION "x"."refuse_change"();
CREATE TRIGGER "trades_unchanged" BEFORE UPDATE ON "x"."trades"
  FOR EACH ROW WHEN (OLD."settled_at" IS NOT NULL
    OR (to_jsonb(NEW) - 'settled_at') IS DISTINCT FROM (to_jsonb(OLD) - 'settled_at'))
  EXECUTE FUNCTION "x"."refuse_change"();
