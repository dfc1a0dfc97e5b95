import type { CallResult } from '@counterpoint/sdk';
import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { client } from '../../app/client.ts';
import { describeError } from '../../ui/describe-error.ts';
import { useCapitalLock } from './capital-lock.ts';

interface SignInFormProps {
  /** Who signs in again; undefined: whoever it is enters their name. */
  readonly name?: string;
  readonly onSignedIn: (session: CallResult<'signIn'>) => Promise<unknown> | unknown;
}

/** Whether the browser holds the cookie that it was just given: some keep none over plain HTTP, not even on their own machine. */
async function cookieIsKept(): Promise<boolean> {
  return (await client.getSession()).session !== null;
}

const NO_COOKIE = new Error('this browser did not keep the cookie of the session');

/** What stands over the form when it did not work. */
function Refusal({ error }: { readonly error: unknown }) {
  const { what, next } =
    error === NO_COOKIE
      ? {
          what: 'You were let in, but this browser did not keep the cookie of the session.',
          next: 'Allow cookies for this address. Safari keeps none over plain HTTP: open the console over HTTPS, or take another browser.',
        }
      : describeError(error);
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title={what} role="alert">
      {next}
    </Alert>
  );
}

function useSigningIn(name: string, password: string, onSignedIn: SignInFormProps['onSignedIn']) {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const session = await client.signIn({ body: { name, password } });
      if (!(await cookieIsKept())) throw NO_COOKIE;
      await onSignedIn(session);
    } catch (thrown) {
      setError(thrown);
      document.querySelector<HTMLInputElement>('input[name=password]')?.select();
    } finally {
      setBusy(false);
    }
  };
  return { error, busy, submit };
}

/** Name and password; works with password managers. */
export function SignInForm({ name: known, onSignedIn }: SignInFormProps) {
  const [name, setName] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const capitals = useCapitalLock();
  const { error, busy, submit } = useSigningIn(name, password, onSignedIn);
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        {error !== undefined && <Refusal error={error} />}
        <TextInput
          label="Name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          readOnly={known !== undefined}
          data-autofocus={known === undefined ? true : undefined}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          maxLength={1000}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          data-autofocus={known === undefined ? undefined : true}
          {...capitals.watch}
        />
        <Text size="xs" c="var(--cp-warn)" role="status" mih={18}>
          {capitals.on ? 'Caps Lock is on.' : ''}
        </Text>
        <Button type="submit" loading={busy} fullWidth>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
