import { Button, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { useAction } from '../../../app/use-api.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import type { ParticipantDetails } from './participant-rows.ts';
import { RightsFields, type RightsText, rightsOf } from './rights-fields.tsx';

const CHANGED = ['getParticipant', 'listParticipants', 'fabricMap', 'listTopics', 'checkFabric'] as const;

interface Of {
  readonly one: ParticipantDetails;
}

function textOf({ rights, trust }: ParticipantDetails): RightsText {
  const lines = (patterns: readonly string[]) => patterns.join('\n');
  return {
    publish: lines(rights.publish),
    subscribe: lines(rights.subscribe),
    offer: lines(rights.offer),
    invoke: lines(rights.invoke),
    trust: lines(trust),
  };
}

function Edit({ one, onClose }: Of & { readonly onClose: () => void }) {
  const [title, setTitle] = useState(one.title);
  const [rights, setRights] = useState(() => textOf(one));
  const update = useAction('updateParticipant', { done: 'Changed', refresh: CHANGED, onDone: onClose });
  return (
    <Modal opened onClose={onClose} title={`Change ${one.id}`} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          update.mutate({ id: one.id, body: { title, ...rightsOf(rights) } });
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Title"
            required
            maxLength={200}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <RightsFields value={rights} onChange={setRights} />
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

function Switch({ one }: Of) {
  const [asking, setAsking] = useState(false);
  const update = useAction('updateParticipant', {
    done: one.enabled ? 'Disabled; its sessions have ended' : 'Enabled; it may join again',
    refresh: CHANGED,
  });
  if (!one.enabled) {
    return (
      <Button loading={update.isPending} onClick={() => update.mutate({ id: one.id, body: { enabled: true } })}>
        Enable
      </Button>
    );
  }
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        Disable
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Disable ${one.id}?`}
        verb="Disable"
        danger
        onConfirm={() => update.mutateAsync({ id: one.id, body: { enabled: false } })}
      >
        Its sessions end at once, and it cannot join until somebody enables it. What it published stays, and so do its
        effects.
      </Confirm>
    </>
  );
}

function Remove({ one, onClose }: Of & { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const remove = useAction('deleteParticipant', {
    done: 'Removed',
    refresh: ['listParticipants', 'fabricMap'],
    onDone: () => void navigate({ to: '/fabric/participants' }),
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Remove ${one.id}?`}
      verb="Remove"
      danger
      onConfirm={() => remove.mutateAsync({ id: one.id })}
    >
      <Text size="sm">
        Its credentials and services go with it. It is refused while changes that it made are in force. What it
        published stays in the log.
      </Text>
    </Confirm>
  );
}

/** Enable, disable, change, remove; what git declares is changed in git. */
export function ParticipantActions({ one }: Of) {
  const may = useMay('fabric:write');
  const [open, setOpen] = useState<'edit' | 'remove'>();
  if (!may) return null;
  const close = () => setOpen(undefined);
  return (
    <>
      <Switch one={one} />
      {!one.declared && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" aria-label="More" px={8}>
              <IconDots size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setOpen('edit')}>Change rights and trust…</Menu.Item>
            <Menu.Item color="red" onClick={() => setOpen('remove')}>
              Remove…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {open === 'edit' && <Edit one={one} onClose={close} />}
      {open === 'remove' && <Remove one={one} onClose={close} />}
    </>
  );
}
