import { Alert, Button, Drawer, Group, List, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconInfoCircle, IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.tsx';
import { refresh } from '../../app/use-api.ts';
import { EffectBadge, StatusBadge } from '../../ui/badges.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Ref } from '../../ui/ref.tsx';
import { type FormValues, fieldsOf, problemsOf, sentOf, shownAtFirst } from '../../ui/schema-fields.ts';
import { SchemaForm } from '../../ui/schema-form.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import type { Action } from './manifest.ts';
import { useAttempt } from './use-attempt.ts';

interface TryProps {
  readonly connector: string;
  readonly action: Action;
  /** Ids to choose from; undefined: it needs none. */
  readonly connections: readonly string[] | undefined;
  readonly onClose: () => void;
}

type Explained = Awaited<ReturnType<typeof client.explainGuard>>;
type Performed = Awaited<ReturnType<typeof client.performAction>>;

const OUTCOMES: Readonly<Record<string, string>> = {
  allow: 'It may be done now.',
  deny: 'It would be refused.',
  hold: 'People would have to approve it first; it becomes an approval.',
  defer: 'It would wait for a change window.',
};

/** What the guard would say; always seen before anything is changed. */
function Verdict({ explained }: { readonly explained: Explained }) {
  const { outcome, reasons, rule } = explained;
  const allowed = outcome === 'allow';
  return (
    <Alert
      color={outcome === 'deny' ? 'red' : allowed ? 'teal' : 'orange'}
      icon={outcome === 'deny' ? <IconShieldX /> : <IconShieldCheck />}
      title={OUTCOMES[outcome] ?? outcome}
    >
      <List size="sm" spacing={2}>
        {reasons.map((reason) => (
          <List.Item key={reason}>
            <Untrusted text={reason} longest={300} />
          </List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed" mt={4} ff="monospace">
        {rule}
      </Text>
    </Alert>
  );
}

function Result({ result }: { readonly result: Performed }) {
  const { status, output, effect, inbox } = result;
  const error = result.error as { readonly message?: string; readonly help?: string } | null;
  return (
    <Stack gap="xs" role="status">
      <Group gap="xs">
        <StatusBadge state={status} />
        {effect && <Ref to={`effect:${effect}`}>See the change</Ref>}
        {inbox && <Ref to={`inbox:${inbox}`}>See the approval</Ref>}
      </Group>
      {error && (
        <Text size="sm">
          <Untrusted text={`${error.message ?? ''} ${error.help ?? ''}`} />
        </Text>
      )}
      {output !== null && <JsonView value={output} label="answer" open={3} />}
    </Stack>
  );
}

function useTrying({ connector, action, connections }: TryProps) {
  // How long it lasts is asked for once; the input of the product is filled from it.
  const fields = fieldsOf(action.input).filter(({ name }) => name !== action.leaseInput);
  const [values, setValues] = useState<FormValues>(() => shownAtFirst(fields));
  const [connection, setConnection] = useState<string | null>(connections?.[0] ?? null);
  const [lease, setLease] = useState('1h');
  const [explained, setExplained] = useState<Explained>();
  const [result, setResult] = useState<Performed>();
  const [asked, setAsked] = useState(false);
  const lasting = action.effect === 'contain' || action.effect === 'change';
  const problems = problemsOf(fields, values);
  const body = () => ({
    ...{ connector, action: action.name, input: sentOf(fields, values) as never },
    ...(connection ? { connection } : {}),
    ...(lasting && lease.trim() !== '' ? { lease: lease.trim() } : {}),
  });
  const { error, busy, attempt } = useAttempt<'call'>(() => {
    setAsked(true);
    return Object.keys(problems).length === 0;
  });
  const run = (work: () => Promise<void>) => attempt('call', work);
  const edited =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value);
      // What was said about other arguments says nothing about these.
      setExplained(undefined);
    };
  return {
    ...{ fields, values, connection, lease, lasting, explained, result, error },
    busy: busy !== undefined,
    problems: asked ? problems : {},
    setValues: edited(setValues),
    setConnection: edited(setConnection),
    setLease: edited(setLease),
    explain: () => run(async () => setExplained(await client.explainGuard({ body: body() }))),
    perform: () =>
      run(async () => {
        setResult(await client.performAction({ body: body() }));
        setExplained(undefined);
        await refresh(['getConnection', 'listConnections', 'listEffects']);
      }),
  };
}

type Trying = ReturnType<typeof useTrying>;

function Buttons({ action, trying }: { readonly action: Action; readonly trying: Trying }) {
  const may = useMay(`action:${action.effect}`);
  const { explained, busy } = trying;
  if (!may) {
    return (
      <Text size="sm" c="dimmed">
        You may look, but not call it: the permission action:{action.effect} is missing.
      </Text>
    );
  }
  if (action.effect === 'read') {
    return (
      <Button loading={busy} onClick={() => void trying.perform()}>
        Call it
      </Button>
    );
  }
  if (!explained) {
    return (
      <Button loading={busy} variant="light" onClick={() => void trying.explain()}>
        What would the guard say?
      </Button>
    );
  }
  if (explained.outcome === 'deny') return null;
  return (
    <Button loading={busy} color="orange" onClick={() => void trying.perform()}>
      {explained.outcome === 'hold' ? 'Ask for approval' : 'Do it now'}
    </Button>
  );
}

/** Calls one action by hand: what only reads at once, everything else after the guard has said what it thinks. */
export function TryAction(props: TryProps) {
  const { action, connections, onClose } = props;
  const trying = useTrying(props);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={
        <Group gap="xs">
          <Text fw={650}>
            <Untrusted text={action.title} line longest={80} />
          </Text>
          <EffectBadge effect={action.effect} />
        </Group>
      }
    >
      <Stack gap="md">
        {action.effect !== 'read' && (
          <Alert color="orange" icon={<IconInfoCircle />}>
            This is the real thing, not a dry run. It passes the guard, stands in the ledger, and is done in your name.
          </Alert>
        )}
        {connections && (
          <Select
            label="Through"
            data={[...connections]}
            value={trying.connection}
            onChange={trying.setConnection}
            allowDeselect={false}
          />
        )}
        <SchemaForm
          fields={trying.fields}
          values={trying.values}
          onChange={trying.setValues}
          problems={trying.problems}
        />
        {trying.lasting && (
          <TextInput
            label="For how long"
            description="Such as 30m, 24h, 7d. It is undone by itself then. Blank: no end, where the policy allows that."
            value={trying.lease}
            onChange={(event) => trying.setLease(event.currentTarget.value)}
          />
        )}
        {trying.explained && <Verdict explained={trying.explained} />}
        <Group justify="flex-end">
          <Buttons action={action} trying={trying} />
        </Group>
        {trying.error !== undefined && <ErrorPanel error={trying.error} />}
        {trying.result && <Result result={trying.result} />}
      </Stack>
    </Drawer>
  );
}
