-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "bancai";

-- CreateEnum
CREATE TYPE "bancai"."account_kind" AS ENUM ('CUSTOMER', 'SYSTEM');

-- CreateEnum
CREATE TYPE "bancai"."transfer_kind" AS ENUM ('DEPOSIT', 'TRANSFER', 'CAPTURE', 'SETTLEMENT');

-- CreateEnum
CREATE TYPE "bancai"."hold_status" AS ENUM ('ACTIVE', 'CAPTURED', 'RELEASED', 'EXPIRED');

-- CreateTable
CREATE TABLE "bancai"."accounts" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT,
    "name" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "kind" "bancai"."account_kind" NOT NULL DEFAULT 'CUSTOMER',
    "balance" BIGINT NOT NULL DEFAULT 0,
    "held" BIGINT NOT NULL DEFAULT 0,
    "version" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bancai"."transfers" (
    "id" TEXT NOT NULL,
    "kind" "bancai"."transfer_kind" NOT NULL,
    "from_id" TEXT,
    "to_id" TEXT,
    "amount" BIGINT,
    "currency" TEXT,
    "memo" TEXT,
    "party_ids" TEXT[],
    "actor" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "transfers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bancai"."entries" (
    "id" TEXT NOT NULL,
    "transfer_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "balance_after" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bancai"."holds" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "captured" BIGINT NOT NULL DEFAULT 0,
    "status" "bancai"."hold_status" NOT NULL DEFAULT 'ACTIVE',
    "reason" TEXT NOT NULL,
    "service" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "holds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bancai"."ledger_requests" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "result_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_requests_pkey" PRIMARY KEY ("actor","key")
);

-- CreateTable
CREATE TABLE "bancai"."account_changes" (
    "account_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "entry_id" TEXT,
    "balance" BIGINT NOT NULL,
    "held" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_changes_pkey" PRIMARY KEY ("account_id","sequence")
);

-- CreateTable
CREATE TABLE "bancai"."exchange_rates" (
    "currency" TEXT NOT NULL,
    "rate" DECIMAL(36,18) NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "exchange_rates_pkey" PRIMARY KEY ("currency")
);

-- CreateIndex
CREATE INDEX "accounts_owner_id_created_at_id_idx" ON "bancai"."accounts"("owner_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "entries_account_id_created_at_sequence_idx" ON "bancai"."entries"("account_id", "created_at", "sequence");

-- CreateIndex
CREATE INDEX "entries_transfer_id_idx" ON "bancai"."entries"("transfer_id");

-- CreateIndex
CREATE UNIQUE INDEX "entries_account_id_sequence_key" ON "bancai"."entries"("account_id", "sequence");

-- CreateIndex
CREATE INDEX "account_changes_created_at_idx" ON "bancai"."account_changes"("created_at");

-- AddForeignKey
ALTER TABLE "bancai"."entries" ADD CONSTRAINT "entries_transfer_id_fkey" FOREIGN KEY ("transfer_id") REFERENCES "bancai"."transfers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bancai"."entries" ADD CONSTRAINT "entries_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "bancai"."accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bancai"."holds" ADD CONSTRAINT "holds_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "bancai"."accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bancai"."account_changes" ADD CONSTRAINT "account_changes_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "bancai"."accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- From here on by hand: what the models cannot say.

ALTER TABLE "bancai"."accounts"
    ADD CONSTRAINT "accounts_owner_check" CHECK (("kind" = 'SYSTEM') = ("owner_id" IS NULL)),
    ADD CONSTRAINT "accounts_balance_check" CHECK ("kind" = 'SYSTEM' OR "balance" >= 0),
    ADD CONSTRAINT "accounts_held_check" CHECK ("held" >= 0 AND ("kind" = 'SYSTEM' OR "held" <= "balance"));

ALTER TABLE "bancai"."entries" ADD CONSTRAINT "entries_amount_check" CHECK ("amount" <> 0);

ALTER TABLE "bancai"."holds"
    ADD CONSTRAINT "holds_amount_check" CHECK ("amount" > 0),
    ADD CONSTRAINT "holds_captured_check" CHECK ("captured" >= 0 AND "captured" <= "amount"),
    ADD CONSTRAINT "holds_status_check" CHECK (("status" = 'CAPTURED') = ("captured" = "amount"));

ALTER TABLE "bancai"."exchange_rates" ADD CONSTRAINT "exchange_rates_rate_check" CHECK ("rate" > 0);

-- Most holds end soon; pages and expiry look only at those that have not.
CREATE INDEX "holds_active_idx" ON "bancai"."holds"("account_id", "created_at", "id") WHERE "status" = 'ACTIVE';
CREATE INDEX "holds_due_idx" ON "bancai"."holds"("expires_at") WHERE "status" = 'ACTIVE' AND "expires_at" IS NOT NULL;
CREATE INDEX "holds_due_of_account_idx" ON "bancai"."holds"("account_id", "expires_at")
    WHERE "status" = 'ACTIVE' AND "expires_at" IS NOT NULL;

CREATE FUNCTION "bancai"."refuse_change"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'bancai.% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "transfers_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "bancai"."transfers"
    FOR EACH STATEMENT EXECUTE FUNCTION "bancai"."refuse_change"();
CREATE TRIGGER "entries_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "bancai"."entries"
    FOR EACH STATEMENT EXECUTE FUNCTION "bancai"."refuse_change"();

-- Holds and transfers remember owner and currency of their accounts, so these must stay what they are.
CREATE FUNCTION "bancai"."refuse_new_identity"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Owner, currency and kind of account % are for good', OLD."id" USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "accounts_identity" BEFORE UPDATE ON "bancai"."accounts" FOR EACH ROW
    WHEN ((OLD."id", OLD."owner_id", OLD."currency", OLD."kind")
        IS DISTINCT FROM (NEW."id", NEW."owner_id", NEW."currency", NEW."kind"))
    EXECUTE FUNCTION "bancai"."refuse_new_identity"();

-- Checked at commit, when all entries of the transfer are there.
CREATE FUNCTION "bancai"."check_transfer"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM "bancai"."entries" WHERE "transfer_id" = NEW."transfer_id"
        GROUP BY "currency" HAVING sum("amount") <> 0
    ) THEN
        RAISE EXCEPTION 'The entries of transfer % do not sum to zero', NEW."transfer_id" USING ERRCODE = 'check_violation';
    END IF;
    IF NEW."currency" <> (SELECT "currency" FROM "bancai"."accounts" WHERE "id" = NEW."account_id") THEN
        RAISE EXCEPTION 'Entry % is not in the currency of its account', NEW."id" USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER "entries_balanced" AFTER INSERT ON "bancai"."entries"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "bancai"."check_transfer"();
