import type { CallResult } from '@counterpoint/sdk';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useAction, useApi } from '../../../app/use-api.ts';
import { useGo } from '../../../ui/app-link.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingPanel } from '../../../ui/loading.tsx';
import { type FormValues, fieldsOf, problemsOf, sentOf, shownAtFirst } from '../../../ui/schema-fields.ts';
import { SchemaForm } from '../../../ui/schema-form.tsx';
import { schemaOfInputs } from './schema-of-inputs.ts';

interface Props {
  readonly id: string;
  readonly onClose: () => void;
}

/** Starts a run of the published version by hand: a form made of its inputs. */
export function StartDialog({ id, onClose }: Props) {
  const outline = useApi('outlineVersion', { id, version: 'current' });
  return (
    <Modal opened onClose={onClose} title="Start a run" size="md" centered>
      {outline.isPending && <LoadingPanel />}
      {outline.error && <ErrorPanel error={outline.error} retry={outline.refetch} />}
      {outline.data && <Form id={id} inputs={outline.data.inputs} onClose={onClose} />}
    </Modal>
  );
}

type Inputs = CallResult<'outlinePlaybook'>['inputs'];

function Form({ id, inputs, onClose }: Props & { readonly inputs: Inputs }) {
  const go = useGo();
  const fields = useMemo(() => fieldsOf(schemaOfInputs(inputs)), [inputs]);
  const [values, setValues] = useState<FormValues>(() => shownAtFirst(fields));
  const [tried, setTried] = useState(false);
  const start = useAction('startRun', {
    done: 'Run started',
    refresh: ['listRuns', 'listPlaybooks'],
    onDone: (run) => {
      onClose();
      go(`/runs/${run.id}`);
    },
  });
  const problems = problemsOf(fields, values);
  const submit = () => {
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    start.mutate({ id, body: { inputs: sentOf(fields, values) as Record<string, never> } });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {fields.length === 0
            ? 'It asks for nothing. The published version runs, with everything it changes.'
            : 'The published version runs with these inputs, with everything it changes.'}
        </Text>
        <SchemaForm fields={fields} values={values} onChange={setValues} {...(tried ? { problems } : {})} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={start.isPending}>
            Start
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
