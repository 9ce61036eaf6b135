-- By themselves: PostgreSQL lets nothing use a new value in the transaction that adds it.
ALTER TYPE "wallet"."payment_status" ADD VALUE 'AUTHORIZED';
ALTER TYPE "wallet"."payment_status" ADD VALUE 'RELEASED';
