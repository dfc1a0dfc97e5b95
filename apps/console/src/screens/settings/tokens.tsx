import type { CallResult } from '@counterpoint/sdk';
import { Badge, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useAction, useApi } from '../../app/use-api.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useNow, When } from '../../ui/when.tsx';
import { NewToken } from './new-token.tsx';
import { Section } from './section.tsx';
import styles from './settings.module.css';
import { inOrder, tokenState } from './token-state.ts';

type Token = CallResult<'listTokens'>['items'][number];

function TokenLine({ token, onRevoke }: { readonly token: Token; readonly onRevoke: () => void }) {
  const state = tokenState(token, useNow());
  const { title, permissions, created_at, expires_at, revoked_at } = token;
  return (
    <li className={styles.line} data-ended={state !== 'valid'}>
      <div>
        <Group gap="xs">
          <Text fw={500} size="sm" component="span">
            <Untrusted text={title} line />
          </Text>
          {state !== 'valid' && (
            <Badge variant="light" color="gray">
              {state}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" title={permissions.join(', ')}>
          {permissions.length === 1 ? permissions[0] : `${permissions.length} permissions`} · made{' '}
          <When at={created_at} />
          {revoked_at !== null && (
            <>
              {' '}
              · revoked <When at={revoked_at} />
            </>
          )}
          {revoked_at === null && (
            <>
              {' '}
              · expires <When at={expires_at} none="never" />
            </>
          )}
        </Text>
      </div>
      {state === 'valid' && (
        <Button variant="default" size="compact-sm" onClick={onRevoke}>
          Revoke
        </Button>
      )}
    </li>
  );
}

/** API tokens: for programs and the command line. */
export function Tokens() {
  const read = useApi('listTokens', {});
  const [making, { open, close }] = useDisclosure();
  const [leaving, setLeaving] = useState<Token>();
  const revoke = useAction('revokeToken', { done: 'The token is revoked', refresh: ['listTokens'] });
  const now = useNow();
  const tokens = inOrder(read.data?.items ?? [], now);
  return (
    <Section
      title="API tokens"
      about="For programs and the command line. A token is shown once, when it is made."
      actions={
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={open}>
          New token
        </Button>
      }
    >
      {read.isPending && <LoadingRows rows={3} height={44} />}
      {read.error && <ErrorPanel error={read.error} retry={() => read.refetch()} />}
      {read.data && tokens.length === 0 && (
        <EmptyState icon={IconKey} title="No tokens">
          A program that speaks to this server shows a token with just the permissions that it needs.
        </EmptyState>
      )}
      <ul className={styles.lines}>
        {tokens.map((token) => (
          <TokenLine key={token.id} token={token} onRevoke={() => setLeaving(token)} />
        ))}
      </ul>
      <NewToken opened={making} onClose={close} />
      <Confirm
        opened={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title="Revoke this token?"
        verb="Revoke"
        danger
        onConfirm={() => revoke.mutateAsync({ id: leaving?.id ?? '' })}
      >
        Whatever uses it is refused from now on. This cannot be taken back.
      </Confirm>
    </Section>
  );
}
