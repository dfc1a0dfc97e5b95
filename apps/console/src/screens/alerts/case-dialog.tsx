import { Button, Group, Modal, Select, Stack, Tabs, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useAction, useApi } from '../../app/use-api.ts';
import { useGo } from '../../ui/app-link.tsx';
import { plainText } from '../../ui/untrusted-text.ts';
import { type Alert, caseTitleOf, type OwnChange } from './alert-changes.ts';
import { useAlertChanges } from './use-alert-changes.ts';

const idsOf = ({ alerts = [], ids = alerts.map(({ id }) => id) }: Pick<CaseDialogProps, 'alerts' | 'ids'>) => [...ids];

interface CaseDialogProps {
  /** Undefined: the dialog is closed. */
  readonly alerts: readonly Alert[] | undefined;
  /** All that are meant, where more are chosen than the list has read. Default: those of `alerts`. */
  readonly ids?: readonly string[] | undefined;
  readonly onClose: () => void;
  readonly onDone: () => void;
  /** Hears what the alerts are now. */
  readonly onChanged?: (changes: readonly OwnChange[]) => void;
}

const PATIENCE = 200;

function OpenCase({ alerts, ids, onClose, onDone }: CaseDialogProps & { readonly alerts: readonly Alert[] }) {
  const [title, setTitle] = useState(() => plainText(caseTitleOf(alerts), 480));
  const go = useGo();
  const open = useAction('createCase', {
    done: 'Case opened',
    refresh: ['listAlerts', 'listCases'],
    onDone: ({ id }) => {
      onDone();
      onClose();
      go(`/cases/${id}`);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        open.mutate({ body: { title: title.trim(), alerts: idsOf({ alerts, ids }) } });
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Title"
          description="What it is about, for whoever takes it over"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          maxLength={500}
          required
          data-autofocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={open.isPending} disabled={title.trim() === ''}>
            Open the case
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function PutIntoCase({ alerts, ids, onClose, onDone, onChanged }: CaseDialogProps) {
  const [search, setSearch] = useState('');
  const [words] = useDebouncedValue(search, PATIENCE);
  const [chosen, setChosen] = useState<string | null>(null);
  const cases = useApi(
    'listCases',
    { query: { status: 'open,in_progress', q: words.slice(0, 200), limit: 20 } },
    { keep: true },
  );
  const change = useAlertChanges(onChanged);
  const put = async () => {
    if (chosen === null) return;
    await change({ ids: idsOf({ alerts, ids }), case: chosen });
    onDone();
    onClose();
  };
  return (
    <Stack gap="sm">
      <Select
        label="Case"
        description="Open cases, the newest first"
        placeholder="Words of its title"
        searchable
        data={(cases.data?.items ?? []).map(({ id, title }) => ({ value: id, label: plainText(title, 90) }))}
        filter={({ options }) => options}
        value={chosen}
        onChange={setChosen}
        onSearchChange={setSearch}
        nothingFoundMessage="No open case has these words"
        comboboxProps={{ withinPortal: true }}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={chosen === null} onClick={() => void put()}>
          Put into the case
        </Button>
      </Group>
    </Stack>
  );
}

/** Opens a case with alerts, or puts them into one that there is. */
export function CaseDialog(props: CaseDialogProps) {
  const { alerts, onClose } = props;
  const count = idsOf(props).length;
  return (
    <Modal
      opened={alerts !== undefined}
      onClose={onClose}
      title={`A case for ${count === 1 ? 'this alert' : `${count} alerts`}`}
      centered
    >
      {alerts && (
        <Tabs defaultValue="open">
          <Tabs.List mb="sm">
            <Tabs.Tab value="open">Open a case</Tabs.Tab>
            <Tabs.Tab value="put">Put into a case</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="open">
            <OpenCase {...props} alerts={alerts} />
          </Tabs.Panel>
          <Tabs.Panel value="put">
            <PutIntoCase {...props} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Modal>
  );
}
