-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "fabricai";

-- CreateEnum
CREATE TYPE "fabricai"."inference_task" AS ENUM ('EMBED', 'CLASSIFY', 'SUMMARIZE', 'COMPLETE', 'DETECT_LANGUAGE', 'SENTIMENT');

-- CreateEnum
CREATE TYPE "fabricai"."inference_status" AS ENUM ('RUNNING', 'SUCCEEDED', 'FAILED');

-- CreateEnum
CREATE TYPE "fabricai"."completion_event_kind" AS ENUM ('STARTED', 'TOKEN', 'RESTARTED', 'DONE', 'FAILED');

-- CreateTable
CREATE TABLE "fabricai"."inferences" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT,
    "task" "fabricai"."inference_task" NOT NULL,
    "model_id" TEXT NOT NULL,
    "status" "fabricai"."inference_status" NOT NULL,
    "input" TEXT,
    "output" TEXT,
    "keeps_content" BOOLEAN NOT NULL,
    "request" JSONB,
    "input_tokens" INTEGER NOT NULL,
    "output_tokens" INTEGER NOT NULL,
    "cost" BIGINT NOT NULL,
    "failure_reason" TEXT,
    "request_key" TEXT,
    "fingerprint" TEXT,
    "run" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "inferences_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fabricai"."completion_events" (
    "inference_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" "fabricai"."completion_event_kind" NOT NULL,
    "text" TEXT,

    CONSTRAINT "completion_events_pkey" PRIMARY KEY ("inference_id","position")
);

-- CreateIndex
CREATE UNIQUE INDEX "inferences_request_key_key" ON "fabricai"."inferences"("request_key");

-- CreateIndex
CREATE INDEX "inferences_owner_id_id_idx" ON "fabricai"."inferences"("owner_id", "id" DESC);

-- CreateIndex
CREATE INDEX "inferences_owner_id_created_at_idx" ON "fabricai"."inferences"("owner_id", "created_at");

-- AddForeignKey
ALTER TABLE "fabricai"."completion_events" ADD CONSTRAINT "completion_events_inference_id_fkey" FOREIGN KEY ("inference_id") REFERENCES "fabricai"."inferences"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- What is under way is looked for every moment, and is never much.
CREATE INDEX "inferences_running_idx" ON "fabricai"."inferences"("id") WHERE "status" = 'RUNNING';

ALTER TABLE "fabricai"."inferences"
    ADD CONSTRAINT "inferences_usage_check" CHECK ("input_tokens" >= 0 AND "output_tokens" >= 0 AND "cost" >= 0),
    ADD CONSTRAINT "inferences_finished_check" CHECK (("status" = 'RUNNING') = ("finished_at" IS NULL)),
    ADD CONSTRAINT "inferences_failed_check" CHECK (("status" = 'FAILED') = ("failure_reason" IS NOT NULL)),
    -- Only answers are made from something that is kept, and only while they are made.
    ADD CONSTRAINT "inferences_request_check" CHECK ("request" IS NULL OR ("task" = 'COMPLETE' AND "status" = 'RUNNING')),
    ADD CONSTRAINT "inferences_content_check"
        CHECK ("keeps_content" OR "status" = 'RUNNING' OR num_nonnulls("input", "output") = 0),
    ADD CONSTRAINT "inferences_embed_check" CHECK ("task" <> 'EMBED' OR NOT "keeps_content"),
    ADD CONSTRAINT "inferences_key_check" CHECK (num_nulls("request_key", "fingerprint") IN (0, 2));
