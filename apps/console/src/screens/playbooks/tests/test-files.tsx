import type { CallResult } from '@counterpoint/sdk';
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconFlask2, IconPencil, IconPlayerPlay, IconPlus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../../app/client.ts';
import { useApi } from '../../../app/use-api.ts';
import { ToneBadge } from '../../../ui/badges.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingRows } from '../../../ui/loading.tsx';
import { showError } from '../../../ui/notices.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import type { Editing } from '../editor/editing.ts';
import { CaseResult } from './case-result.tsx';
import type { ObservedStep } from './overlay-of-steps.ts';
import type { PlaybookTest } from './playbook-test.ts';
import { TestEditor } from './test-editor.tsx';

type Results = CallResult<'runPlaybookTests'>;

interface Props {
  readonly editing: Editing;
  readonly readOnly: boolean;
  readonly onShow: (steps: readonly ObservedStep[] | undefined) => void;
}

/** Runs tests against the text as it is in the editor. */
function useRun(editing: Editing) {
  return useMutation({
    mutationFn: () => client.runPlaybookTests({ id: editing.id, body: { source: editing.model.text() } }),
    onError: showError,
  });
}

/** The test files of a playbook: their cases, how these went, and the way to change them. */
export function TestFiles({ editing, readOnly, onShow }: Props) {
  const { id } = editing;
  const tests = useApi('listPlaybookTests', { id });
  const run = useRun(editing);
  const [changing, setChanging] = useState<PlaybookTest | 'new'>();
  if (tests.isPending) return <LoadingRows rows={4} />;
  if (tests.error) return <ErrorPanel error={tests.error} retry={tests.refetch} />;
  const { items } = tests.data;
  if (changing !== undefined) {
    return (
      <TestEditor
        editing={editing}
        test={changing === 'new' ? undefined : changing}
        onClose={() => setChanging(undefined)}
      />
    );
  }
  const add = !readOnly && (
    <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setChanging('new')}>
      New test
    </Button>
  );
  if (items.length === 0) {
    return (
      <EmptyState icon={IconFlask2} title="No tests yet" action={add}>
        A test gives an event and the answers of the tools, and says what is expected: which steps are done, what is
        called, how it ends. Nothing leaves this server.
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Button
          size="compact-sm"
          leftSection={<IconPlayerPlay size={14} />}
          loading={run.isPending}
          onClick={() => run.mutate()}
        >
          Run all tests
        </Button>
        {add}
        {run.data && <Sum results={run.data} />}
      </Group>
      {items.map((test) => (
        <File
          key={test.name}
          test={test}
          results={run.data}
          {...{ readOnly, onShow }}
          onChange={() => setChanging(test)}
        />
      ))}
    </Stack>
  );
}

function Sum({ results }: { readonly results: Results }) {
  const { passed, failed, findings, files } = results;
  const broken = [...findings, ...files.flatMap((file) => file.findings)].filter((one) => one.severity === 'error');
  if (broken.length > 0) {
    const [first] = broken;
    return (
      <Untrusted text={`Not run: ${first?.message ?? ''} (line ${first?.line ?? 0})`} c="var(--cp-bad)" size="sm" />
    );
  }
  return failed === 0 ? (
    <ToneBadge tone="good" word={`${passed} passed`} />
  ) : (
    <ToneBadge tone="bad" word={`${failed} of ${passed + failed} failed`} />
  );
}

interface FileProps {
  readonly test: PlaybookTest;
  readonly results: Results | undefined;
  readonly readOnly: boolean;
  readonly onShow: Props['onShow'];
  readonly onChange: () => void;
}

function File({ test, results, readOnly, onShow, onChange }: FileProps) {
  const [shown, setShown] = useState('');
  const done = results?.cases.filter((one) => one.file === test.name) ?? [];
  return (
    <Paper withBorder p="xs">
      <Group justify="space-between" gap="xs" mb={4}>
        <Group gap={6}>
          <Text size="sm" fw={600}>
            {test.name}
          </Text>
          {test.origin === 'content' && <ToneBadge tone="calm" word="shipped" means="Came with the playbook" />}
        </Group>
        <Button size="compact-xs" variant="subtle" leftSection={<IconPencil size={13} />} onClick={onChange}>
          {readOnly ? 'Look at it' : 'Change'}
        </Button>
      </Group>
      {test.cases.map(({ name }) => (
        <CaseResult
          key={name}
          name={name}
          result={done.find((one) => one.name === name)}
          shown={shown === name}
          onShow={(steps) => {
            setShown(name);
            onShow(steps);
          }}
        />
      ))}
    </Paper>
  );
}
