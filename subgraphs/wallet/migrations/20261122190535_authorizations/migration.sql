-- CreateEnum
CREATE TYPE "wallet"."payment_step" AS ENUM ('TRANSFER', 'HOLD', 'CAPTURE', 'RELEASE');

-- AlterTable
ALTER TABLE "wallet"."payments" ADD COLUMN     "held_until" TIMESTAMPTZ(3),
ADD COLUMN     "hold_id" TEXT,
ADD COLUMN     "refund_of_id" TEXT,
ADD COLUMN     "service" TEXT,
ADD COLUMN     "step" "wallet"."payment_step";

-- AddForeignKey
ALTER TABLE "wallet"."payments" ADD CONSTRAINT "payments_refund_of_id_fkey" FOREIGN KEY ("refund_of_id") REFERENCES "wallet"."payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on by hand: what the models cannot say.

UPDATE "wallet"."payments" SET "step" = 'TRANSFER' WHERE "status" = 'PENDING';

ALTER TABLE "wallet"."payments"
    DROP CONSTRAINT "payments_way_check",
    ADD CONSTRAINT "payments_way_check" CHECK (
        "status" NOT IN ('PENDING', 'AUTHORIZED', 'SETTLED', 'RELEASED')
        OR num_nulls("from_wallet_id", "from_account_id", "to_wallet_id", "to_account_id", "accepted_at") = 0),
    DROP CONSTRAINT "payments_request_check",
    ADD CONSTRAINT "payments_request_check" CHECK (
        "status" NOT IN ('REQUESTED', 'DECLINED', 'EXPIRED')
        OR "expires_at" IS NOT NULL
        OR ("status" = 'EXPIRED' AND "held_until" IS NOT NULL)),
    ADD CONSTRAINT "payments_step_check" CHECK (("status" = 'PENDING') = ("step" IS NOT NULL)),
    ADD CONSTRAINT "payments_held_check" CHECK (
        "held_until" IS NOT NULL
        OR ("status" NOT IN ('AUTHORIZED', 'RELEASED') AND "hold_id" IS NULL AND COALESCE("step", 'TRANSFER') = 'TRANSFER')),
    ADD CONSTRAINT "payments_hold_check" CHECK (
        "hold_id" IS NOT NULL OR NOT ("status" = 'AUTHORIZED' OR COALESCE("step", 'TRANSFER') = 'CAPTURE'));

-- A payment is paid back once. What could not be paid back can be tried again.
CREATE UNIQUE INDEX "payments_refund_idx" ON "wallet"."payments"("refund_of_id") WHERE "status" <> 'FAILED';

DROP INDEX "wallet"."payments_spent_idx";
CREATE INDEX "payments_spent_idx" ON "wallet"."payments"("from_wallet_id", "currency", "accepted_at")
    WHERE "status" IN ('PENDING', 'AUTHORIZED', 'SETTLED') AND "refund_of_id" IS NULL;
CREATE INDEX "payments_held_idx" ON "wallet"."payments"("held_until") WHERE "status" = 'AUTHORIZED';

DROP TRIGGER "payments_final" ON "wallet"."payments";
CREATE TRIGGER "payments_final" BEFORE UPDATE OR DELETE ON "wallet"."payments" FOR EACH ROW
    WHEN (OLD."status" IN ('SETTLED', 'RELEASED', 'DECLINED', 'EXPIRED', 'FAILED'))
    EXECUTE FUNCTION "wallet"."refuse_change"();
