-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "wallet";

-- CreateEnum
CREATE TYPE "wallet"."payment_status" AS ENUM ('REQUESTED', 'PENDING', 'SETTLED', 'DECLINED', 'EXPIRED', 'FAILED');

-- CreateEnum
CREATE TYPE "wallet"."payment_failure" AS ENUM ('INSUFFICIENT_FUNDS', 'RULE_REFUSED', 'NO_WALLET', 'BANK_REFUSED');

-- CreateEnum
CREATE TYPE "wallet"."payment_rule_kind" AS ENUM ('SPENDING_LIMIT', 'ALLOW_LIST', 'SCHEDULED_PAYMENT', 'AUTO_SPLIT');

-- CreateEnum
CREATE TYPE "wallet"."rule_period" AS ENUM ('DAY', 'WEEK', 'MONTH');

-- CreateEnum
CREATE TYPE "wallet"."chain_transfer_status" AS ENUM ('PENDING', 'CONFIRMED', 'FAILED');

-- CreateTable
CREATE TABLE "wallet"."wallets" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "sealed_key" TEXT NOT NULL,
    "arrivals" BIGINT NOT NULL DEFAULT 0,
    "chain_version" INTEGER NOT NULL DEFAULT 0,
    "gifted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "wallets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wallet"."wallet_accounts" (
    "wallet_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,

    CONSTRAINT "wallet_accounts_pkey" PRIMARY KEY ("wallet_id","currency")
);

-- CreateTable
CREATE TABLE "wallet"."payment_rules" (
    "id" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "wallet"."payment_rule_kind" NOT NULL,
    "amount" BIGINT,
    "currency" TEXT,
    "period" "wallet"."rule_period",
    "payee_ids" TEXT[],
    "share_percents" INTEGER[],
    "memo" TEXT,
    "first_run_at" TIMESTAMPTZ(3),
    "next_run_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wallet"."payments" (
    "id" TEXT NOT NULL,
    "payer_id" TEXT NOT NULL,
    "payee_id" TEXT NOT NULL,
    "from_wallet_id" TEXT,
    "from_account_id" TEXT,
    "to_wallet_id" TEXT,
    "to_account_id" TEXT,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "status" "wallet"."payment_status" NOT NULL,
    "memo" TEXT,
    "failure" "wallet"."payment_failure",
    "refused_by" TEXT,
    "transfer_id" TEXT,
    "rule_id" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "origin_id" TEXT,
    "share" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "accepted_at" TIMESTAMPTZ(3),
    "attempted_at" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "arrival" BIGINT,

    CONSTRAINT "payments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wallet"."chain_transfers" (
    "id" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "value" DECIMAL(78,0) NOT NULL,
    "cost" DECIMAL(78,0) NOT NULL,
    "nonce" INTEGER NOT NULL,
    "transaction" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "status" "wallet"."chain_transfer_status" NOT NULL DEFAULT 'PENDING',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "chain_transfers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wallet"."requests" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "result_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "requests_pkey" PRIMARY KEY ("actor","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "wallets_address_key" ON "wallet"."wallets"("address");

-- CreateIndex
CREATE INDEX "wallets_owner_id_created_at_id_idx" ON "wallet"."wallets"("owner_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "payment_rules_wallet_id_created_at_id_idx" ON "wallet"."payment_rules"("wallet_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "payments_from_wallet_id_created_at_id_idx" ON "wallet"."payments"("from_wallet_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "payments_to_wallet_id_created_at_id_idx" ON "wallet"."payments"("to_wallet_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "payments_rule_id_due_at_key" ON "wallet"."payments"("rule_id", "due_at");

-- CreateIndex
CREATE UNIQUE INDEX "payments_origin_id_rule_id_share_key" ON "wallet"."payments"("origin_id", "rule_id", "share");

-- CreateIndex
CREATE UNIQUE INDEX "payments_to_wallet_id_arrival_key" ON "wallet"."payments"("to_wallet_id", "arrival");

-- CreateIndex
CREATE UNIQUE INDEX "chain_transfers_hash_key" ON "wallet"."chain_transfers"("hash");

-- AddForeignKey
ALTER TABLE "wallet"."wallet_accounts" ADD CONSTRAINT "wallet_accounts_wallet_id_fkey" FOREIGN KEY ("wallet_id") REFERENCES "wallet"."wallets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet"."payment_rules" ADD CONSTRAINT "payment_rules_wallet_id_fkey" FOREIGN KEY ("wallet_id") REFERENCES "wallet"."wallets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet"."payments" ADD CONSTRAINT "payments_from_wallet_id_fkey" FOREIGN KEY ("from_wallet_id") REFERENCES "wallet"."wallets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet"."payments" ADD CONSTRAINT "payments_to_wallet_id_fkey" FOREIGN KEY ("to_wallet_id") REFERENCES "wallet"."wallets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet"."payments" ADD CONSTRAINT "payments_rule_id_fkey" FOREIGN KEY ("rule_id") REFERENCES "wallet"."payment_rules"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet"."payments" ADD CONSTRAINT "payments_origin_id_fkey" FOREIGN KEY ("origin_id") REFERENCES "wallet"."payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet"."chain_transfers" ADD CONSTRAINT "chain_transfers_wallet_id_fkey" FOREIGN KEY ("wallet_id") REFERENCES "wallet"."wallets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;



-- From here on by hand: what the models cannot say.

ALTER TABLE "wallet"."payments"
    ADD CONSTRAINT "payments_amount_check" CHECK ("amount" > 0),
    ADD CONSTRAINT "payments_way_check" CHECK (
        "status" NOT IN ('PENDING', 'SETTLED')
        OR num_nulls("from_wallet_id", "from_account_id", "to_wallet_id", "to_account_id", "accepted_at") = 0),
    ADD CONSTRAINT "payments_wallets_check" CHECK ("from_wallet_id" <> "to_wallet_id"),
    ADD CONSTRAINT "payments_request_check" CHECK (
        "status" NOT IN ('REQUESTED', 'DECLINED', 'EXPIRED') OR "expires_at" IS NOT NULL),
    ADD CONSTRAINT "payments_pending_check" CHECK (("status" = 'PENDING') = ("next_attempt_at" IS NOT NULL)),
    ADD CONSTRAINT "payments_settled_check" CHECK (
        num_nulls("transfer_id", "settled_at", "arrival") = CASE "status" WHEN 'SETTLED' THEN 0 ELSE 3 END),
    ADD CONSTRAINT "payments_failure_check" CHECK (("status" = 'FAILED') = ("failure" IS NOT NULL)),
    ADD CONSTRAINT "payments_share_check" CHECK (num_nulls("origin_id", "share") IN (0, 2));

ALTER TABLE "wallet"."payment_rules"
    ADD CONSTRAINT "payment_rules_kind_check" CHECK (CASE "kind"
        WHEN 'SPENDING_LIMIT' THEN "amount" > 0 AND num_nulls("currency", "period") = 0
        WHEN 'ALLOW_LIST' THEN cardinality("payee_ids") > 0
        WHEN 'SCHEDULED_PAYMENT' THEN
            "amount" > 0 AND num_nulls("currency", "first_run_at") = 0 AND cardinality("payee_ids") = 1
        WHEN 'AUTO_SPLIT' THEN
            cardinality("payee_ids") > 0 AND cardinality("share_percents") = cardinality("payee_ids")
    END);

ALTER TABLE "wallet"."chain_transfers"
    ADD CONSTRAINT "chain_transfers_value_check" CHECK ("value" > 0 AND "cost" > "value"),
    ADD CONSTRAINT "chain_transfers_nonce_check" CHECK ("nonce" >= 0);

-- What is done is looked at by nobody who looks for what is left to do.
CREATE INDEX "payments_pending_idx" ON "wallet"."payments"("next_attempt_at") WHERE "status" = 'PENDING';
CREATE INDEX "payments_expiring_idx" ON "wallet"."payments"("expires_at") WHERE "status" = 'REQUESTED';
CREATE INDEX "payments_requested_idx" ON "wallet"."payments"("payer_id", "created_at", "id")
    WHERE "status" = 'REQUESTED';
CREATE INDEX "payments_spent_idx" ON "wallet"."payments"("from_wallet_id", "currency", "accepted_at")
    WHERE "status" IN ('PENDING', 'SETTLED');
CREATE INDEX "payment_rules_due_idx" ON "wallet"."payment_rules"("next_run_at")
    WHERE "removed_at" IS NULL AND "next_run_at" IS NOT NULL;
CREATE INDEX "wallets_without_gift_idx" ON "wallet"."wallets"("created_at") WHERE "gifted_at" IS NULL;
CREATE UNIQUE INDEX "chain_transfers_pending_idx" ON "wallet"."chain_transfers"("wallet_id", "nonce")
    WHERE "status" = 'PENDING';

CREATE FUNCTION "wallet"."refuse_change"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'wallet.% "%" is for good', TG_TABLE_NAME, OLD."id" USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "payments_final" BEFORE UPDATE OR DELETE ON "wallet"."payments" FOR EACH ROW
    WHEN (OLD."status" IN ('SETTLED', 'DECLINED', 'EXPIRED', 'FAILED'))
    EXECUTE FUNCTION "wallet"."refuse_change"();
CREATE TRIGGER "chain_transfers_final" BEFORE UPDATE OR DELETE ON "wallet"."chain_transfers" FOR EACH ROW
    WHEN (OLD."status" <> 'PENDING')
    EXECUTE FUNCTION "wallet"."refuse_change"();

-- A key that is lost is money that is lost.
CREATE TRIGGER "wallets_identity" BEFORE UPDATE ON "wallet"."wallets" FOR EACH ROW
    WHEN ((OLD."id", OLD."owner_id", OLD."address", OLD."sealed_key")
        IS DISTINCT FROM (NEW."id", NEW."owner_id", NEW."address", NEW."sealed_key"))
    EXECUTE FUNCTION "wallet"."refuse_change"();
CREATE TRIGGER "wallets_kept" BEFORE DELETE ON "wallet"."wallets" FOR EACH ROW
    EXECUTE FUNCTION "wallet"."refuse_change"();
