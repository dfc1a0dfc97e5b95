import { Button, Group, Paper, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowBackUp, IconClockPlus, IconHelpCircle, IconUserQuestion, IconZoomCheck } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useMay } from '../../app/session.tsx';
import { useApi } from '../../app/use-api.ts';
import { EffectBadge, EffectState, SimulatedMark, ToneBadge } from '../../ui/badges.tsx';
import { LoadingPanel } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { TraceLink } from '../../ui/ref.tsx';
import { UnreadPage } from '../../ui/unread-page.tsx';
import { TraceTree } from '../trace/trace-tree.tsx';
import { noteDone } from '../welcome/checklist-notes.ts';
import { Until } from './effect-columns.tsx';
import { Claims, EffectFacts, Guarded, Life, Sent, WhyChain } from './effect-parts.tsx';
import { driftOf, mayBeExtended, mayBeUndone, type WholeChange } from './effect-words.ts';
import styles from './effects.module.css';
import { ExtendDialog } from './extend-dialog.tsx';
import { SettleDialog } from './settle-dialog.tsx';
import { UndoDialog } from './undo-dialog.tsx';
import { UndoTrouble } from './undo-trouble.tsx';
import { useVerify } from './use-verify.ts';

const ABOVE = [{ title: 'Changes in force', path: '/effects' }];

function Verbs({ effect }: { readonly effect: WholeChange }) {
  const [undoing, undo] = useDisclosure();
  const [extending, extend] = useDisclosure();
  const [settling, settle] = useDisclosure();
  const verify = useVerify();
  const [undoes, uses, reads] = [useMay('effect:undo'), useMay('connection:use'), useMay('action:read')];
  return (
    <>
      {undoes && effect.state === 'unknown' && (
        <Button leftSection={<IconHelpCircle size={16} />} onClick={settle.open}>
          Did it happen?
        </Button>
      )}
      {effect.inbox !== null && (
        <Button leftSection={<IconUserQuestion size={16} />} component={Link} to={`/approvals/${effect.inbox}`}>
          Look and decide
        </Button>
      )}
      {reads && effect.ended_at === null && effect.undo_of === '' && effect.state !== 'held' && (
        <Button
          variant="default"
          leftSection={<IconZoomCheck size={16} />}
          loading={verify.isPending}
          onClick={() => verify.mutate({ body: { effects: [effect.id] } })}
        >
          Read back
        </Button>
      )}
      {uses && mayBeExtended(effect) && (
        <Button variant="default" leftSection={<IconClockPlus size={16} />} onClick={extend.open}>
          Keep longer
        </Button>
      )}
      {undoes && mayBeUndone(effect) && (
        <Button color="red" variant="light" leftSection={<IconArrowBackUp size={16} />} onClick={undo.open}>
          Undo
        </Button>
      )}
      <UndoDialog of={undoing ? { effects: [effect.id] } : undefined} onClose={undo.close} />
      <ExtendDialog effect={extending ? effect : undefined} onClose={extend.close} />
      <SettleDialog effect={settling ? effect : undefined} undoes={effect.undo_of !== ''} onClose={settle.close} />
    </>
  );
}

function Marks({ effect }: { readonly effect: WholeChange }) {
  const drift = driftOf(effect);
  return (
    <>
      <EffectState effect={effect} />
      <EffectBadge effect={effect.effect} />
      {drift !== '' && <ToneBadge tone="bad" word={drift} />}
      {effect.preexisting && (
        <ToneBadge tone="calm" word="was so before us" means="We found it like this, and never undo it" />
      )}
      <SimulatedMark simulated={effect.simulated} />
    </>
  );
}

/** What led to it and what came of it, in place. */
function Story({ of }: { readonly of: string }) {
  return (
    <Paper withBorder component="section" aria-label="What happened">
      <Title order={2} size="h6" p="sm">
        What happened
      </Title>
      <div className={styles.story}>
        <TraceTree of={of} flow={false} />
      </div>
    </Paper>
  );
}

/** One change: what it is, why it is there, who keeps it, and what can be done about it. */
export function EffectPage() {
  const { id } = useParams({ strict: false }) as { readonly id: string };
  const { data: effect, error, refetch } = useApi('getEffect', { id });
  const blocks = effect?.effect === 'contain';
  useEffect(() => {
    if (blocks) noteDone('why');
  }, [blocks]);
  if (error && !effect) {
    return <UnreadPage title="Change" above={ABOVE} error={error} retry={refetch} />;
  }
  if (!effect) return <LoadingPanel />;
  return (
    <Page
      title={effect.title}
      above={ABOVE}
      marks={<Marks effect={effect} />}
      about={
        <Group gap={6}>
          <span>
            Stays: <Until effect={effect} />
          </span>
          <TraceLink to={`effect:${effect.id}`}>Trace</TraceLink>
        </Group>
      }
      actions={<Verbs effect={effect} />}
    >
      <UndoTrouble effect={effect} />
      <div className={styles.halves}>
        <div className={styles.column}>
          <WhyChain effect={effect} />
          <Claims effect={effect} />
          <Sent effect={effect} />
        </div>
        <div className={styles.column}>
          <EffectFacts effect={effect} />
          <Life effect={effect} />
          <Guarded effect={effect} />
        </div>
      </div>
      <Story of={`effect:${effect.id}`} />
    </Page>
  );
}
