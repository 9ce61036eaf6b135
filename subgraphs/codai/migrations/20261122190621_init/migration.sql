-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "codai";

-- CreateEnum
CREATE TYPE "codai"."project_role" AS ENUM ('OWNER', 'MAINTAINER', 'MEMBER');

-- CreateEnum
CREATE TYPE "codai"."workflow_run_status" AS ENUM ('RUNNING', 'SUCCEEDED', 'COMPENSATING', 'FAILED', 'CANCELLED', 'STUCK');

-- CreateEnum
CREATE TYPE "codai"."workflow_step_status" AS ENUM ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'COMPENSATING', 'COMPENSATED', 'COMPENSATION_FAILED');

-- CreateTable
CREATE TABLE "codai"."projects" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "projects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "codai"."project_members" (
    "project_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" "codai"."project_role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "project_members_pkey" PRIMARY KEY ("project_id","user_id")
);

-- CreateTable
CREATE TABLE "codai"."project_services" (
    "project_id" TEXT NOT NULL,
    "service" TEXT NOT NULL,

    CONSTRAINT "project_services_pkey" PRIMARY KEY ("project_id","service")
);

-- CreateTable
CREATE TABLE "codai"."workflows" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT,
    "project_id" TEXT,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "steps" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "workflows_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "codai"."workflow_runs" (
    "id" TEXT NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "roles" TEXT[],
    "status" "codai"."workflow_run_status" NOT NULL,
    "input" JSONB NOT NULL,
    "cancel_requested" BOOLEAN NOT NULL DEFAULT false,
    "failure_reason" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),
    "lease" TEXT,

    CONSTRAINT "workflow_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "codai"."workflow_run_steps" (
    "run_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "status" "codai"."workflow_step_status" NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "output" JSONB,
    "error_code" TEXT,
    "error_message" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "workflow_run_steps_pkey" PRIMARY KEY ("run_id","position")
);

-- CreateTable
CREATE TABLE "codai"."requests" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "result_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "requests_pkey" PRIMARY KEY ("actor","key")
);

-- CreateIndex
CREATE INDEX "projects_owner_id_idx" ON "codai"."projects"("owner_id");

-- CreateIndex
CREATE INDEX "project_members_user_id_project_id_idx" ON "codai"."project_members"("user_id", "project_id" DESC);

-- CreateIndex
CREATE INDEX "project_members_project_id_created_at_user_id_idx" ON "codai"."project_members"("project_id", "created_at", "user_id");

-- CreateIndex
CREATE INDEX "workflows_owner_id_id_idx" ON "codai"."workflows"("owner_id", "id" DESC);

-- CreateIndex
CREATE INDEX "workflows_project_id_id_idx" ON "codai"."workflows"("project_id", "id" DESC);

-- CreateIndex
CREATE INDEX "workflow_runs_owner_id_id_idx" ON "codai"."workflow_runs"("owner_id", "id" DESC);

-- CreateIndex
CREATE INDEX "workflow_runs_workflow_id_owner_id_id_idx" ON "codai"."workflow_runs"("workflow_id", "owner_id", "id" DESC);

-- AddForeignKey
ALTER TABLE "codai"."project_members" ADD CONSTRAINT "project_members_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "codai"."projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "codai"."project_services" ADD CONSTRAINT "project_services_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "codai"."projects"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "codai"."workflow_run_steps" ADD CONSTRAINT "workflow_run_steps_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "codai"."workflow_runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;



ALTER TABLE "codai"."workflow_runs"
    ADD CONSTRAINT "workflow_runs_finished_check" CHECK (
        ("status" IN ('SUCCEEDED', 'FAILED', 'CANCELLED')) = ("finished_at" IS NOT NULL)),
    ADD CONSTRAINT "workflow_runs_due_check" CHECK (
        ("status" IN ('RUNNING', 'COMPENSATING')) = ("due_at" IS NOT NULL)),
    ADD CONSTRAINT "workflow_runs_reason_check" CHECK (
        "status" IN ('RUNNING', 'SUCCEEDED') OR "failure_reason" IS NOT NULL);

ALTER TABLE "codai"."workflow_run_steps"
    ADD CONSTRAINT "workflow_run_steps_output_check" CHECK ("status" <> 'SUCCEEDED' OR "output" IS NOT NULL),
    ADD CONSTRAINT "workflow_run_steps_error_check" CHECK (num_nulls("error_code", "error_message") IN (0, 2)),
    ADD CONSTRAINT "workflow_run_steps_attempts_check" CHECK ("attempts" >= 0);

CREATE UNIQUE INDEX "project_members_owner_key" ON "codai"."project_members"("project_id") WHERE "role" = 'OWNER';

-- What has ended is looked at by nobody who looks for what is left to do.
CREATE INDEX "workflow_runs_due_idx" ON "codai"."workflow_runs"("due_at") WHERE "due_at" IS NOT NULL;
CREATE INDEX "workflow_runs_unfinished_idx" ON "codai"."workflow_runs"("owner_id") WHERE "finished_at" IS NULL;

CREATE FUNCTION "codai"."refuse_change"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'codai.% "%" is for good', TG_TABLE_NAME, OLD."id" USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "workflow_runs_final" BEFORE UPDATE OR DELETE ON "codai"."workflow_runs" FOR EACH ROW
    WHEN (OLD."status" IN ('SUCCEEDED', 'FAILED', 'CANCELLED'))
    EXECUTE FUNCTION "codai"."refuse_change"();
