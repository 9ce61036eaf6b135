CREATE TABLE "conformance"."Counter" (
    "name" TEXT NOT NULL,
    "value" BIGINT NOT NULL,
    CONSTRAINT "Counter_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "conformance"."Sample" (
    "id" UUID NOT NULL,
    "minor" BIGINT NOT NULL,
    "rate" DECIMAL(38,18) NOT NULL,
    "takenAt" TIMESTAMPTZ(3) NOT NULL,
    "details" JSONB NOT NULL,
    "label" TEXT NOT NULL,
    CONSTRAINT "Sample_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "Sample_label_key" ON "conformance"."Sample"("label");
