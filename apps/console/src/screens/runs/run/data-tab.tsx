import { Paper, SimpleGrid, Text } from '@mantine/core';
import { JsonView } from '../../../ui/json-view.tsx';
import type { RunView } from './run-view.ts';

const NOTHING = 'Nothing.';

/** What a run began with, and what it gave. */
export function DataTab({ run }: { readonly run: RunView }) {
  const parts = [
    ['Inputs', run.inputs],
    ['Outputs', run.outputs],
    ['Event', run.event],
  ] as const;
  return (
    <SimpleGrid cols={{ base: 1, lg: 3 }} spacing="sm">
      {parts.map(([title, value]) => (
        <Paper key={title} withBorder p="sm" miw={0} component="section" aria-label={title}>
          <Text fw={600} size="sm" mb={4}>
            {title}
          </Text>
          {isNothing(value) ? (
            <Text size="sm" c="dimmed">
              {NOTHING}
            </Text>
          ) : (
            <JsonView value={value} label={title.toLowerCase()} />
          )}
        </Paper>
      ))}
    </SimpleGrid>
  );
}

function isNothing(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
