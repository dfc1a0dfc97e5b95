import { Grid, Paper, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { useApi } from '../../../app/use-api.ts';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingPanel } from '../../../ui/loading.tsx';
import { ChangeList } from '../publish/change-list.tsx';
import { DiffView } from './diff-view.tsx';

interface Props {
  readonly id: string;
  /** `draft`, or the number of a version. */
  readonly from: string;
  readonly to: string;
}

function useSource(id: string, version: string) {
  return useQuery({
    queryKey: [version === 'draft' ? 'getDraft' : 'getVersion', { id, version }],
    queryFn: async () => {
      const found = version === 'draft' ? client.getDraft({ id }) : client.getVersion({ id, number: version });
      return (await found).source;
    },
  });
}

/** What differs between two versions: in meaning, what matters for safety first, and in the text. */
export function Comparison({ id, from, to }: Props) {
  const diff = useApi('diffPlaybook', { id, query: { from, to } });
  const before = useSource(id, from);
  const after = useSource(id, to);
  const error = diff.error ?? before.error ?? after.error;
  if (error) return <ErrorPanel error={error} />;
  if (!diff.data || before.data === undefined || after.data === undefined) return <LoadingPanel />;
  return (
    <Grid gap="sm">
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Paper withBorder p="sm">
          <Text size="sm" fw={600} mb={4}>
            In meaning
          </Text>
          <ChangeList changes={diff.data.changes} />
        </Paper>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Paper withBorder>
          <DiffView before={before.data} after={after.data} label={`From ${from} to ${to}`} />
        </Paper>
      </Grid.Col>
    </Grid>
  );
}
