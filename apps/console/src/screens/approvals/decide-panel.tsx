import { isCounterpointError } from '@counterpoint/core';
import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core';
import { IconCheck, IconSend, IconUserShare, IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useSession } from '../../app/session.tsx';
import { refresh, useAction } from '../../app/use-api.ts';
import { type FormField, fieldsOf, problemsOf, sentOf } from '../../ui/schema-fields.ts';
import { SchemaForm } from '../../ui/schema-form.tsx';
import { plainText } from '../../ui/untrusted-text.ts';
import { useNow } from '../../ui/when.tsx';
import { usePeople } from '../cases/use-people.ts';
import styles from './approvals.module.css';
import { formOf, type Matter, notYours, valuesAtFirst } from './matter-words.ts';

const STALE = ['getInboxItem', 'listInbox', 'status', 'listRuns', 'getRun'] as const;

/** Others may have been quicker: what is shown is read anew beside what is said about the error. */
function readAgain(): false {
  void refresh(STALE);
  return false;
}

function useForm(matter: Matter) {
  const schema = formOf(matter.form);
  const fields = useMemo<readonly FormField[]>(() => (schema ? fieldsOf(schema) : []), [schema]);
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>(() => valuesAtFirst(fields));
  const [tried, setTried] = useState(false);
  const problems = problemsOf(fields, values);
  return {
    fields,
    values,
    setValues,
    problems: tried ? problems : {},
    /** What is sent; undefined while something is wrong, which is shown from then on. */
    read: (): Record<string, unknown> | null | undefined => {
      setTried(true);
      if (Object.keys(problems).length > 0) return undefined;
      return fields.length === 0 ? null : sentOf(fields, values);
    },
  };
}

function Delegate({ matter }: { readonly matter: Matter }) {
  const [opened, setOpened] = useState(false);
  const [to, setTo] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const { items } = usePeople();
  const hand = useAction('delegateInboxItem', {
    done: 'Handed over',
    refresh: STALE,
    onDone: () => setOpened(false),
  });
  return (
    <>
      <Button variant="subtle" leftSection={<IconUserShare size={16} aria-hidden />} onClick={() => setOpened(true)}>
        Hand over…
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Hand the decision to somebody else" centered>
        <Stack gap="sm">
          <Select
            label="Whom"
            searchable
            data={items.map(({ id, name }) => ({ value: id, label: plainText(name, 60) }))}
            value={to}
            onChange={setTo}
          />
          <Textarea
            label="Why"
            autosize
            minRows={2}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpened(false)}>
              Cancel
            </Button>
            <Button
              disabled={to === null}
              loading={hand.isPending}
              onClick={() => to !== null && hand.mutate({ id: matter.id, body: { to, reason } })}
            >
              Hand over
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

interface VerdictProps {
  readonly matter: Matter;
  readonly form: ReturnType<typeof useForm>;
  readonly reason: string;
  /** Something else would run than what was shown: it has to be looked at again. */
  readonly onChanged: () => void;
}

function ApproveOrDeny({ matter, form, reason, onChanged }: VerdictProps) {
  const { id, covers_hash } = matter;
  const approve = useAction('approveInboxItem', {
    done: ({ status }) => (status === 'open' ? 'Your approval counts; others are still asked' : 'Approved'),
    refresh: STALE,
    onError: (error) => {
      if (!isCounterpointError(error, 'cases.shown_differs')) return readAgain();
      onChanged();
      return true;
    },
  });
  const deny = useAction('denyInboxItem', { done: 'Denied', refresh: STALE, onError: readAgain });
  const yes = () => {
    const entered = form.read();
    if (entered !== undefined) approve.mutate({ id, body: { covers_hash, reason, form: entered as never } });
  };
  return (
    <Group grow gap="sm">
      <Button
        color="red"
        variant="light"
        size="md"
        leftSection={<IconX size={18} aria-hidden />}
        loading={deny.isPending}
        disabled={approve.isPending}
        onClick={() => deny.mutate({ id, body: { reason } })}
      >
        Deny
      </Button>
      <Button
        size="md"
        leftSection={<IconCheck size={18} aria-hidden />}
        loading={approve.isPending}
        disabled={deny.isPending}
        onClick={yes}
      >
        Approve
      </Button>
    </Group>
  );
}

function AnswerButton({ matter, form, reason }: Omit<VerdictProps, 'onChanged'>) {
  const answer = useAction('answerInboxItem', { done: 'Answered', refresh: STALE, onError: readAgain });
  const send = () => {
    const entered = form.read();
    if (entered !== undefined) answer.mutate({ id: matter.id, body: { form: entered as never, reason } });
  };
  return (
    <Button
      size="md"
      fullWidth
      leftSection={<IconSend size={18} aria-hidden />}
      loading={answer.isPending}
      onClick={send}
    >
      Send the answer
    </Button>
  );
}

/** Where people decide: the form, why, and the buttons that each send a request of their own. */
export function DecidePanel({ matter, onChanged }: { readonly matter: Matter; readonly onChanged: () => void }) {
  const form = useForm(matter);
  const [reason, setReason] = useState('');
  const { user } = useSession();
  const now = useNow();
  const over = matter.due_at !== null && matter.due_at <= now;
  if (!matter.may_decide || over) {
    return (
      <Alert color="gray" p="sm">
        <Text size="sm">{notYours(matter, user.id, now)}</Text>
      </Alert>
    );
  }
  return (
    <section className={styles.decide} aria-label="Decide">
      <Stack gap="sm">
        {form.fields.length > 0 && (
          <SchemaForm fields={form.fields} values={form.values} onChange={form.setValues} problems={form.problems} />
        )}
        <Textarea
          label="Why"
          description="Kept with the decision and in the audit log"
          autosize
          minRows={1}
          maxRows={5}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {matter.kind === 'question' ? (
          <AnswerButton matter={matter} form={form} reason={reason.trim()} />
        ) : (
          <ApproveOrDeny matter={matter} form={form} reason={reason.trim()} onChanged={onChanged} />
        )}
        {matter.may_delegate && <Delegate matter={matter} />}
      </Stack>
    </section>
  );
}
