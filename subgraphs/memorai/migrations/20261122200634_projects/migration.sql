-- AlterTable
ALTER TABLE "memorai"."memories" ADD COLUMN     "project_id" TEXT;

-- CreateIndex
CREATE INDEX "memories_owner_id_project_id_id_idx" ON "memorai"."memories"("owner_id", "project_id", "id" DESC);



-- Vectors are kept with the project, too: all of them are written anew, and those of before erased.
UPDATE "memorai"."memories" SET "indexed_at" = NULL;
