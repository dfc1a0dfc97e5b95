import { Button, Checkbox, Fieldset, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useSession } from '../../app/session.tsx';
import { useAction, useApi } from '../../app/use-api.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { loginCommand } from './login-command.ts';
import styles from './settings.module.css';
import { byNoun } from './token-state.ts';

const DAY = 86_400_000;
const LIVES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: '0', label: 'Never' },
];

interface NewTokenProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Makes a token, and shows it this once. */
export function NewToken({ opened, onClose }: NewTokenProps) {
  const [made, setMade] = useState<string>();
  const close = () => {
    setMade(undefined);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="New API token" size="lg" closeOnClickOutside={made === undefined}>
      {made === undefined ? <TokenForm onMade={setMade} onCancel={close} /> : <Made token={made} onClose={close} />}
    </Modal>
  );
}

function Made({ token, onClose }: { readonly token: string; readonly onClose: () => void }) {
  return (
    <Stack gap="sm">
      <Text size="sm">Copy it now: it is not shown again, and nobody can look it up.</Text>
      <CodeBlock text={token} label="token" />
      <Text size="sm">For the command line, run this and paste the token there:</Text>
      <CodeBlock text={loginCommand(window.location.origin)} label="command" />
      <Group justify="flex-end">
        <Button onClick={onClose}>I have copied it</Button>
      </Group>
    </Stack>
  );
}

interface TokenFormProps {
  readonly onMade: (token: string) => void;
  readonly onCancel: () => void;
}

function TokenForm({ onMade, onCancel }: TokenFormProps) {
  const [title, setTitle] = useState('');
  const [days, setDays] = useState('90');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const create = useAction('createToken', { refresh: ['listTokens'], onDone: ({ token }) => onMade(token) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expires_at = days === '0' ? null : Date.now() + Number(days) * DAY;
    create.mutate({ body: { title, permissions: [...chosen], expires_at } });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="What is it for?"
          placeholder="Nightly report"
          required
          withAsterisk={false}
          maxLength={100}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label="Expires after"
          data={LIVES}
          value={days}
          onChange={(value) => setDays(value ?? '90')}
          allowDeselect={false}
        />
        <PermissionChoice chosen={chosen} onChoose={setChosen} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={title.trim() === '' || chosen.length === 0}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface PermissionChoiceProps {
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
}

/** The permissions that one has oneself, to choose from: a token never has more. */
function PermissionChoice({ chosen, onChoose }: PermissionChoiceProps) {
  const { permissions } = useSession();
  const read = useApi('listPermissions', {});
  const own = (read.data?.items ?? []).filter(({ permission }) => permissions.includes(permission));
  const reading = own.map(({ permission }) => permission).filter((permission) => permission.endsWith(':read'));
  return (
    <Fieldset legend="It may" variant="default">
      <Group gap="xs" mb="sm">
        <Button size="compact-xs" variant="default" onClick={() => onChoose(reading)}>
          Only read
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => onChoose(own.map(({ permission }) => permission))}>
          All that I may
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => onChoose([])}>
          Nothing
        </Button>
      </Group>
      <Checkbox.Group value={[...chosen]} onChange={onChoose} aria-label="Permissions">
        <div className={styles.permissions}>
          {[...byNoun(own).values()].flat().map(({ permission, allows }) => (
            <Checkbox key={permission} value={permission} label={permission} description={allows} size="xs" />
          ))}
        </div>
      </Checkbox.Group>
    </Fieldset>
  );
}
