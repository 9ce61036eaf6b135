-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "memorai";

-- CreateEnum
CREATE TYPE "memorai"."memory_kind" AS ENUM ('FACT', 'EVENT', 'PREFERENCE', 'TASK');

-- CreateTable
CREATE TABLE "memorai"."memories" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "kind" "memorai"."memory_kind" NOT NULL,
    "tags" TEXT[],
    "importance" DOUBLE PRECISION NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_recalled_at" TIMESTAMPTZ(3),
    "indexed_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "memories_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memorai"."memory_sources" (
    "id" TEXT NOT NULL,
    "memory_id" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "memory_sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memorai"."memory_requests" (
    "owner_id" TEXT NOT NULL,
    "key_digest" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "memory_ids" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "memory_requests_pkey" PRIMARY KEY ("owner_id","key_digest")
);

-- CreateTable
CREATE TABLE "memorai"."vector_erasures" (
    "memory_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "vector_erasures_pkey" PRIMARY KEY ("memory_id")
);

-- CreateIndex
CREATE INDEX "memories_owner_id_id_idx" ON "memorai"."memories"("owner_id", "id" DESC);

-- CreateIndex
CREATE INDEX "memory_sources_memory_id_id_idx" ON "memorai"."memory_sources"("memory_id", "id");

-- CreateIndex
CREATE INDEX "vector_erasures_owner_id_idx" ON "memorai"."vector_erasures"("owner_id");

-- AddForeignKey
ALTER TABLE "memorai"."memory_sources" ADD CONSTRAINT "memory_sources_memory_id_fkey" FOREIGN KEY ("memory_id") REFERENCES "memorai"."memories"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- What is to be indexed is looked for every moment, and is never much.
CREATE INDEX "memories_unindexed_idx" ON "memorai"."memories"("id") WHERE "indexed_at" IS NULL;

ALTER TABLE "memorai"."memories"
    ADD CONSTRAINT "memories_content_check" CHECK (length("content") BETWEEN 1 AND 2000),
    ADD CONSTRAINT "memories_importance_check" CHECK ("importance" BETWEEN 0 AND 1);
