import { Paper, Text } from '@mantine/core';
import { Navigate, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { openSession, useSessionQuery } from '../../app/session.tsx';
import { LoadingPanel } from '../../ui/loading.tsx';
import { BareFrame } from './bare-frame.tsx';
import { returnPath } from './return-path.ts';
import { SignInForm } from './sign-in-form.tsx';

/** Goes on to a path with its query, in place of this page. */
function GoOn({ to }: { readonly to: string }) {
  const { history } = useRouter();
  useEffect(() => history.replace(to), [history, to]);
  return <LoadingPanel />;
}

/** Where people sign in, and go on to what they wanted. */
export function SignInPage() {
  const session = useSessionQuery();
  const { to } = useSearch({ strict: false }) as { readonly to?: string };
  const next = returnPath(to);
  if (session.isPending) return <LoadingPanel />;
  if (session.data && !session.data.owned) return <Navigate to="/welcome" replace />;
  if (session.data?.session) return <GoOn to={next} />;
  return (
    <BareFrame title="Sign in" about={next === '/' ? undefined : 'Then you go on to what you opened.'}>
      <Paper withBorder p="lg">
        <SignInForm onSignedIn={openSession} />
      </Paper>
      <Text size="xs" c="dimmed">
        No password yet, or lost? Whoever set this server up runs <code>counterpoint password</code> on it.
      </Text>
    </BareFrame>
  );
}
