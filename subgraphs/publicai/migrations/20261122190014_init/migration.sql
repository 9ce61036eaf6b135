-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "publicai";

-- CreateTable
CREATE TABLE "publicai"."apps" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "plan" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "apps_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "publicai"."keys" (
    "id" TEXT NOT NULL,
    "app_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "trusted_only" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "successor_id" TEXT,

    CONSTRAINT "keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "publicai"."operations" (
    "id" TEXT NOT NULL,
    "app_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "operations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "publicai"."usage" (
    "app_id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "requests" BIGINT NOT NULL,
    "cost" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "refused" BIGINT NOT NULL,

    CONSTRAINT "usage_pkey" PRIMARY KEY ("app_id","minute","key_id","operation")
);

-- CreateTable
CREATE TABLE "publicai"."usage_batches" (
    "id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_batches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "publicai"."requests" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "result_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "requests_pkey" PRIMARY KEY ("actor","key")
);

-- CreateIndex
CREATE INDEX "apps_owner_id_created_at_id_idx" ON "publicai"."apps"("owner_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "keys_hash_key" ON "publicai"."keys"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "keys_successor_id_key" ON "publicai"."keys"("successor_id");

-- CreateIndex
CREATE INDEX "keys_app_id_created_at_id_idx" ON "publicai"."keys"("app_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "operations_app_id_created_at_id_idx" ON "publicai"."operations"("app_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "operations_app_id_hash_key" ON "publicai"."operations"("app_id", "hash");

-- CreateIndex
CREATE INDEX "usage_minute_idx" ON "publicai"."usage"("minute");

-- CreateIndex
CREATE INDEX "usage_batches_created_at_idx" ON "publicai"."usage_batches"("created_at");

-- AddForeignKey
ALTER TABLE "publicai"."keys" ADD CONSTRAINT "keys_app_id_fkey" FOREIGN KEY ("app_id") REFERENCES "publicai"."apps"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "publicai"."keys" ADD CONSTRAINT "keys_successor_id_fkey" FOREIGN KEY ("successor_id") REFERENCES "publicai"."keys"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "publicai"."operations" ADD CONSTRAINT "operations_app_id_fkey" FOREIGN KEY ("app_id") REFERENCES "publicai"."apps"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "publicai"."usage" ADD CONSTRAINT "usage_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "publicai"."keys"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on by hand: what the models cannot say.

ALTER TABLE "publicai"."apps"
    ADD CONSTRAINT "apps_name_check" CHECK (char_length("name") BETWEEN 1 AND 60);

ALTER TABLE "publicai"."keys"
    ADD CONSTRAINT "keys_hash_check" CHECK (octet_length("hash") = 32),
    ADD CONSTRAINT "keys_scopes_check" CHECK (
        cardinality("scopes") > 0 AND "scopes" <@ ARRAY['READ', 'LIVE']),
    ADD CONSTRAINT "keys_successor_check" CHECK ("successor_id" <> "id");

ALTER TABLE "publicai"."operations"
    ADD CONSTRAINT "operations_hash_check" CHECK ("hash" = encode(sha256(convert_to("document", 'UTF8')), 'hex'));

ALTER TABLE "publicai"."usage"
    ADD CONSTRAINT "usage_counts_check" CHECK ("requests" >= 0 AND "cost" >= 0 AND "errors" >= 0 AND "refused" >= 0),
    ADD CONSTRAINT "usage_minute_check" CHECK ("minute" = date_trunc('minute', "minute", 'UTC'));

CREATE FUNCTION "publicai"."refuse_change"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'publicai.% "%" is for good', TG_TABLE_NAME, OLD."id" USING ERRCODE = 'restrict_violation';
END
$$;

-- A key that was ended never works again, and never becomes another's.
CREATE TRIGGER "keys_ended" BEFORE UPDATE ON "publicai"."keys" FOR EACH ROW
    WHEN (OLD."revoked_at" IS NOT NULL AND NEW."revoked_at" IS DISTINCT FROM OLD."revoked_at")
    EXECUTE FUNCTION "publicai"."refuse_change"();
CREATE TRIGGER "keys_identity" BEFORE UPDATE ON "publicai"."keys" FOR EACH ROW
    WHEN ((OLD."id", OLD."app_id", OLD."owner_id", OLD."hash", OLD."scopes", OLD."trusted_only")
        IS DISTINCT FROM (NEW."id", NEW."app_id", NEW."owner_id", NEW."hash", NEW."scopes", NEW."trusted_only"))
    EXECUTE FUNCTION "publicai"."refuse_change"();
