import type { CallResult } from '@counterpoint/sdk';
import { List, Stack, Text } from '@mantine/core';
import { useAction } from '../../app/use-api.ts';
import { useGo } from '../../ui/app-link.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

type Connection = CallResult<'getConnection'>;

const MOST_NAMED = 8;

function Named({ what, users }: { readonly what: string; readonly users: Connection['playbooks'] }) {
  if (users.length === 0) return null;
  return (
    <div>
      <Text size="sm">{what}</Text>
      <List size="sm">
        {users.slice(0, MOST_NAMED).map(({ id, title, kind }) => (
          <List.Item key={id}>
            <Untrusted text={title || id} longest={100} /> ({kind})
          </List.Item>
        ))}
        {users.length > MOST_NAMED && <List.Item>and {users.length - MOST_NAMED} more</List.Item>}
      </List>
    </div>
  );
}

/** Who acts through a connection that is about to go, and what that means for them. */
function Bereft({ playbooks }: Pick<Connection, 'playbooks'>) {
  if (playbooks.length === 0) return <Text size="sm">No published playbook or reaction acts through it.</Text>;
  return (
    <>
      <Named
        what="Name it, and fail until a connection with this id is there again:"
        users={playbooks.filter(({ how }) => how === 'named')}
      />
      <Named
        what="Take whichever connection fits, and fail unless another enabled one does:"
        users={playbooks.filter(({ how }) => how !== 'named')}
      />
    </>
  );
}

/** Asks before a connection goes: who acts through it, and what stands in the way. */
export function RemoveDialog({
  connection,
  onClose,
}: {
  readonly connection: Connection;
  readonly onClose: () => void;
}) {
  const go = useGo();
  const { id, title, in_force, connector } = connection;
  const remove = useAction('deleteConnection', {
    done: `Removed ${title}`,
    refresh: ['listConnections', 'listConnectors'],
    onDone: () => go(`/connectors/${encodeURIComponent(connector)}`),
  });
  if (in_force > 0) {
    return (
      <Confirm
        opened
        onClose={onClose}
        title="It cannot be removed yet"
        verb="Show them"
        onConfirm={async () => go(`/effects?connection=${encodeURIComponent(id)}`)}
      >
        <Text size="sm">
          {in_force === 1 ? 'One change' : `${in_force} changes`} made through it {in_force === 1 ? 'is' : 'are'} in
          force, and only this connection can undo {in_force === 1 ? 'it' : 'them'}. Undo first, or disable the
          connection instead.
        </Text>
      </Confirm>
    );
  }
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Remove ${title}?`}
      verb="Remove"
      danger
      onConfirm={() => remove.mutateAsync({ id })}
    >
      <Stack gap="xs">
        <Text size="sm">Its credential leaves the vault for good. The record of what was done through it stays.</Text>
        <Bereft playbooks={connection.playbooks} />
      </Stack>
    </Confirm>
  );
}
