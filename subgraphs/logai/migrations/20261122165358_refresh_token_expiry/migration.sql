-- CreateIndex
CREATE INDEX "refresh_tokens_expires_at_idx" ON "logai"."refresh_tokens"("expires_at");


