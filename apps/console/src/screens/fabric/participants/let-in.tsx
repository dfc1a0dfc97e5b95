import { Button, Checkbox, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useAction } from '../../../app/use-api.ts';
import { NO_RIGHTS, RightsFields, type RightsText, rightsOf } from './rights-fields.tsx';
import { TokenShown } from './token-shown.tsx';

interface LetInProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

interface Wish extends RightsText {
  readonly id: string;
  readonly title: string;
  readonly site: string;
  readonly kind: 'token' | 'certificate';
  readonly token: boolean;
}

const EMPTY: Wish = { ...NO_RIGHTS, id: '', title: '', site: '', kind: 'token', token: true };
const ID = /^[a-z][a-z0-9_]{0,63}$/;

type Change = (fields: Partial<Wish>) => void;

function Names({ wish, change }: { readonly wish: Wish; readonly change: Change }) {
  const wrong = wish.id !== '' && !ID.test(wish.id);
  return (
    <>
      <TextInput
        label="Id"
        description="How reactions and events name it; it stays for good. Lower-case letters, digits and _"
        placeholder="intel"
        required
        data-autofocus
        value={wish.id}
        error={wrong ? 'Begins with a letter; lower-case letters, digits and _ only' : undefined}
        onChange={(event) => change({ id: event.currentTarget.value })}
      />
      <TextInput
        label="Title"
        placeholder="Threat intelligence"
        required
        maxLength={200}
        value={wish.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        <Select
          label="Proves itself"
          allowDeselect={false}
          data={[
            { value: 'token', label: 'By a token (HTTP, MQTT)' },
            { value: 'certificate', label: 'By a certificate (OpenDXL)' },
          ]}
          value={wish.kind}
          onChange={(kind) => change({ kind: kind === 'certificate' ? 'certificate' : 'token' })}
        />
        <TextInput
          label="Site"
          placeholder="none"
          maxLength={64}
          value={wish.site}
          onChange={(event) => change({ site: event.currentTarget.value })}
        />
      </SimpleGrid>
    </>
  );
}

function useLetIn(onMade: (id: string, token: string | undefined) => void) {
  const [wish, setWish] = useState(EMPTY);
  const refresh = ['listParticipants', 'fabricMap', 'listTopics', 'checkFabric'] as const;
  const create = useAction('createParticipant', { refresh });
  const makeToken = useAction('createParticipantToken', { forget: true });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { id, title, site, kind, token, ...texts } = wish;
    try {
      await create.mutateAsync({ body: { id, title, site, kind, ...rightsOf(texts) } });
      const made =
        token && kind === 'token' ? await makeToken.mutateAsync({ id, body: { title: 'first token' } }) : undefined;
      setWish(EMPTY);
      onMade(id, made?.token);
    } catch {
      // What went wrong was shown; what was typed stays.
    }
  };
  const change: Change = (fields) => setWish((before) => ({ ...before, ...fields }));
  return { wish, change, submit, busy: create.isPending || makeToken.isPending };
}

/** Lets a participant in: who it is, what it may do, what it is believed; with a token at once. */
export function LetIn({ opened, onClose }: LetInProps) {
  const navigate = useNavigate();
  const [shown, setShown] = useState<{ readonly id: string; readonly token: string }>();
  const leave = (id: string) => void navigate({ to: `/fabric/participants/${encodeURIComponent(id)}` });
  const { wish, change, submit, busy } = useLetIn((id, token) => {
    onClose();
    if (token === undefined) leave(id);
    else setShown({ id, token });
  });
  return (
    <>
      <Modal
        opened={opened}
        onClose={onClose}
        title="Let a participant in"
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              It may do nothing but what stands here. Participants of git are declared in content/participants instead.
            </Text>
            <Names wish={wish} change={change} />
            <RightsFields value={wish} onChange={change} />
            {wish.kind === 'token' && (
              <Checkbox
                label="Make a token for it at once"
                checked={wish.token}
                onChange={(event) => change({ token: event.currentTarget.checked })}
              />
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={busy} disabled={!ID.test(wish.id) || wish.title.trim() === ''}>
                Let it in
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
      <TokenShown
        participant={shown?.id ?? ''}
        token={shown?.token}
        onClose={() => {
          if (shown) leave(shown.id);
          setShown(undefined);
        }}
      />
    </>
  );
}
