import { Button, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { useAction } from '../../../app/use-api.ts';
import { ToneBadge } from '../../../ui/badges.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { useNow, When } from '../../../ui/when.tsx';
import { Section } from '../parts/section.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { type Credential, nameOfCredential, type ParticipantDetails, stateOfCredential } from './participant-rows.ts';
import { TokenShown } from './token-shown.tsx';

function NewToken({ id }: { readonly id: string }) {
  const [asking, setAsking] = useState(false);
  const [title, setTitle] = useState('');
  const [lasts, setLasts] = useState('90d');
  const [token, setToken] = useState<string>();
  const make = useAction('createParticipantToken', {
    forget: true,
    refresh: ['getParticipant'],
    onDone: (made) => setToken(made.token),
  });
  return (
    <>
      <Button size="compact-sm" variant="light" onClick={() => setAsking(true)}>
        Make a token
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title="Make a token"
        verb="Make it"
        onConfirm={() =>
          make.mutateAsync({
            id,
            body: { title: title.trim() || 'token', ...(lasts.trim() === '' ? {} : { valid_for: lasts.trim() }) },
          })
        }
      >
        <TextInput
          label="What it is for"
          placeholder="the collector on host 12"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label="Counts for"
          description="Such as 90d or 12h; empty: until it is revoked"
          value={lasts}
          onChange={(event) => setLasts(event.currentTarget.value)}
        />
      </Confirm>
      <TokenShown participant={id} token={token} onClose={() => setToken(undefined)} />
    </>
  );
}

const HEADS = ['Credential', 'State', 'Made', 'Used', 'Ends', 'Actions'];

interface RowProps {
  readonly credential: Credential;
  readonly may: boolean;
  readonly onRevoke: () => void;
}

function Row({ credential, may, onRevoke }: RowProps) {
  const { word, tone } = stateOfCredential(credential, useNow());
  const name = nameOfCredential(credential);
  return (
    <Table.Tr>
      <Table.Td>
        <Untrusted text={name} longest={120} />
        <Text size="xs" c="dimmed">
          {credential.kind}
        </Text>
      </Table.Td>
      <Table.Td>
        <ToneBadge word={word} tone={tone} />
      </Table.Td>
      <Table.Td>
        <When at={credential.created_at} />
      </Table.Td>
      <Table.Td>
        <When at={credential.used_at} none="never" />
      </Table.Td>
      <Table.Td>
        <When at={credential.not_after} none="never" />
      </Table.Td>
      <Table.Td>
        {may && credential.revoked_at === null && (
          <Button size="compact-xs" color="red" variant="light" onClick={onRevoke}>
            Revoke
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** Tokens and certificates of a participant: make one, revoke one. */
export function Credentials({ one: { id, credentials, kind } }: { readonly one: ParticipantDetails }) {
  const may = useMay('fabric:write');
  const [revoking, setRevoking] = useState<Credential>();
  const revoke = useAction('revokeParticipantCredential', {
    done: 'Revoked; sessions that were opened with it have ended',
    refresh: ['getParticipant', 'fabricMap'],
  });
  return (
    <Section
      title="Credentials"
      about="How it proves who it is; what is secret about them is never shown again"
      action={may && kind === 'token' && <NewToken id={id} />}
    >
      {credentials.length === 0 ? (
        <Text size="sm">It has none yet, and cannot join.</Text>
      ) : (
        <WideTable label="Credentials" minWidth={620} heads={HEADS}>
          {credentials.map((credential) => (
            <Row key={credential.id} credential={credential} may={may} onRevoke={() => setRevoking(credential)} />
          ))}
        </WideTable>
      )}
      <Confirm
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title="Revoke this credential?"
        verb="Revoke"
        danger
        onConfirm={() => revoke.mutateAsync({ id, credential: revoking?.id ?? '' })}
      >
        Whoever uses it is out at once, and cannot come back with it. That cannot be taken back; a new one can be made.
      </Confirm>
    </Section>
  );
}
