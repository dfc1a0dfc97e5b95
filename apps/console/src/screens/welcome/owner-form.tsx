import { isCounterpointError } from '@counterpoint/core';
import { Alert, Button, Paper, PasswordInput, Progress, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { client } from '../../app/client.ts';
import { openSession } from '../../app/session.tsx';
import { describeError } from '../../ui/describe-error.ts';
import { useCapitalLock } from '../sign-in/capital-lock.ts';
import { passwordHints, passwordStrength } from './password-hints.ts';
import styles from './welcome.module.css';

/** What a good password has, ticked off while it is typed. */
export function PasswordHints({ password, name }: { readonly password: string; readonly name: string }) {
  const strength = passwordStrength(password);
  return (
    <div>
      <Progress
        value={strength}
        size="sm"
        color={strength >= 60 ? 'teal' : 'yellow'}
        aria-label="Strength of the password"
      />
      <ul className={styles.hints}>
        {passwordHints(password, name).map(({ text, met }) => (
          <li key={text} data-met={met}>
            {met ? <IconCheck size={14} aria-hidden /> : <IconCircle size={14} aria-hidden />}
            <span>
              {text}
              <span className={styles.hidden}>{met ? ': yes' : ': not yet'}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function useCreation(code: string, name: string, password: string) {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await client.setup({ body: { code, name, password } });
      const { session } = await client.getSession();
      if (session) openSession(session);
      else window.location.assign('/sign-in');
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return { error, busy, submit };
}

function Problem({ error }: { readonly error: unknown }) {
  const { what, next } = describeError(error);
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title={what} role="alert">
      {next}
    </Alert>
  );
}

/** Makes the owner of a new installation, who is signed in from then on. @param code what the link brought; empty: it is asked for. */
export function OwnerForm({ code: brought }: { readonly code: string }) {
  const [code, setCode] = useState(brought);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const capitals = useCapitalLock();
  const { error, busy, submit } = useCreation(code, name, password);
  const asksCode =
    brought === '' ||
    isCounterpointError(error, 'identity.setup_code_wrong') ||
    isCounterpointError(error, 'identity.setup_code_expired');
  return (
    <Paper withBorder p="lg">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          {error !== undefined && <Problem error={error} />}
          {asksCode && (
            <TextInput
              label="One-time code"
              description="From the terminal in which the server was started"
              placeholder="XXXXX-XXXXX-XXXXX-XXXXX"
              autoComplete="off"
              spellCheck={false}
              required
              maxLength={60}
              value={code}
              data-autofocus={brought === '' ? true : undefined}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          )}
          <TextInput
            label="Your name"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            maxLength={100}
            value={name}
            data-autofocus={brought === '' ? undefined : true}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="new-password"
            required
            withAsterisk={false}
            maxLength={256}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
            {...capitals.watch}
          />
          <PasswordHints password={password} name={name} />
          {capitals.on && (
            <Text size="xs" c="var(--cp-warn)" role="status">
              Caps Lock is on.
            </Text>
          )}
          <Button
            type="submit"
            loading={busy}
            disabled={!passwordHints(password, name).every(({ met }) => met) || name.trim() === ''}
          >
            Create the owner
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
