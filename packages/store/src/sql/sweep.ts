/** How many blobs one sweep removes at most. */
const SWEPT = 200;

/** The ids of the oldest blobs that nothing refers to. @param before the bound moment, as SQL */
export function sweptBlobs(before: string): string {
  return `SELECT "id" FROM "blobs" WHERE "created_at" < ${before}
    AND NOT EXISTS (SELECT 1 FROM "blob_refs" WHERE "blob_refs"."blob" = "blobs"."id") ORDER BY "created_at" LIMIT ${SWEPT}`;
}
