import { Button, PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { openSession, useSession } from '../../app/session.tsx';
import { useAction } from '../../app/use-api.ts';
import { describeError } from '../../ui/describe-error.ts';
import { showError } from '../../ui/notices.tsx';
import { PasswordHints } from '../welcome/owner-form.tsx';
import { passwordHints } from '../welcome/password-hints.ts';
import { Section } from './section.tsx';
import styles from './settings.module.css';

const SHOW = { 'aria-label': 'Show or hide the password' };

/** Changes one's password; every other session ends with it. */
export function PasswordForm() {
  const { user } = useSession();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useAction('setPassword', {
    done: 'The password is changed; you are signed out everywhere else',
    refresh: ['listSessions'],
    onDone: ({ session }) => {
      if (session) openSession(session);
      setCurrent('');
      setPassword('');
    },
    // Shown at the fields; a wrong present password is no ended session.
    onError: (error) => {
      if (!('code' in error) || !String(error.code).startsWith('identity.')) showError(error);
      return true;
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ body: { current, password } });
  };
  const wrong = change.error ? describeError(change.error) : undefined;
  const aboutNew = wrong?.code === 'identity.password_weak';
  return (
    <Section title="Password" about="You are signed out everywhere else when it changes.">
      <form onSubmit={submit} className={styles.form}>
        <Stack gap="sm">
          <input type="hidden" name="username" autoComplete="username" value={user.name} readOnly />
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            maxLength={1000}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            visibilityToggleButtonProps={SHOW}
            error={wrong && !aboutNew ? wrong.what : undefined}
          />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            required
            withAsterisk={false}
            maxLength={256}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={SHOW}
            error={aboutNew ? wrong?.what : undefined}
          />
          {password !== '' && <PasswordHints password={password} name={user.name} />}
          <div>
            <Button
              type="submit"
              loading={change.isPending}
              disabled={current === '' || !passwordHints(password, user.name).every(({ met }) => met)}
            >
              Change the password
            </Button>
          </div>
        </Stack>
      </form>
    </Section>
  );
}
