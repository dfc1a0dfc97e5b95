import { Skeleton, Stack } from '@mantine/core';

/** Rows of a list that is being read. */
export function LoadingRows({ rows = 8, height = 34 }: { readonly rows?: number; readonly height?: number }) {
  return (
    <Stack gap={6} p="xs" role="status" aria-label="Loading">
      {[...Array(rows).keys()].map((row) => (
        <Skeleton key={row} height={height} radius="sm" />
      ))}
    </Stack>
  );
}

/** A page or panel that is being read. */
export function LoadingPanel() {
  return (
    <Stack gap="md" p="md" role="status" aria-label="Loading">
      <Skeleton height={28} width="40%" />
      <Skeleton height={14} width="70%" />
      <Skeleton height={180} />
    </Stack>
  );
}
