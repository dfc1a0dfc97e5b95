import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconUserQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { AppLink } from '../../../ui/app-link.tsx';
import { EffectBadge, EffectState, SimulatedMark, StatusBadge } from '../../../ui/badges.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import type { StepView } from '../run/run-view.ts';
import { Section } from './step-section.tsx';

type Effect = StepView['effects'][number];

/** What a step changed, and what the guard said to it. */
export function StepEffects({ step: { effects } }: { readonly step: StepView }) {
  if (effects.length === 0) return null;
  return (
    <Section title={effects.length === 1 ? 'Change' : `${effects.length} changes`}>
      <Stack gap="xs">
        {effects.map((effect) => (
          <OneEffect key={effect.id} effect={effect} />
        ))}
      </Stack>
    </Section>
  );
}

function OneEffect({ effect }: { readonly effect: Effect }) {
  const { outcome, rule, reasons } = decisionIn(effect.decision);
  return (
    <div>
      <Group gap="xs">
        <EffectState effect={effect} />
        <EffectBadge effect={effect.effect} />
        <SimulatedMark simulated={effect.simulated} />
        <AppLink to={`/effects/${effect.id}`}>
          <Untrusted
            text={`${effect.action.replaceAll('_', ' ')}${effect.target === '' ? '' : ` ${effect.target}`}`}
            longest={120}
          />
        </AppLink>
      </Group>
      <Text size="xs" c="dimmed" component="div">
        Through {effect.connection || effect.connector}
        {effect.lease_until !== null && (
          <>
            , until <When at={effect.lease_until} />
          </>
        )}
        {effect.preexisting && ', it was so before us'}
      </Text>
      {outcome !== '' && (
        <Text size="xs" c="dimmed" component="div">
          The guard: {outcome}
          {rule !== '' && ` by ${rule}`}
          {reasons.length > 0 && (
            <>
              {' '}
              (<Untrusted text={reasons.join('; ')} longest={300} />)
            </>
          )}
        </Text>
      )}
    </div>
  );
}

function decisionIn(decision: unknown) {
  const { outcome, rule, reasons } = (decision ?? {}) as {
    readonly outcome?: unknown;
    readonly rule?: unknown;
    readonly reasons?: unknown;
  };
  return {
    outcome: typeof outcome === 'string' ? outcome : '',
    rule: typeof rule === 'string' ? rule : '',
    reasons: Array.isArray(reasons) ? reasons.map(String) : [],
  };
}

/** What people are or were asked about a step. */
export function StepMatters({ step: { matters } }: { readonly step: StepView }) {
  return matters.map((matter) => (
    <Alert key={matter.id} color={matter.status === 'open' ? 'orange' : 'gray'} icon={<IconUserQuestion />} p="xs">
      <Group justify="space-between" gap="xs">
        <div>
          <StatusBadge state={matter.status} /> <Untrusted text={matter.text} longest={200} />
        </div>
        <Button size="compact-xs" variant="light" component={Link} to={`/approvals/${matter.id}`}>
          {matter.status === 'open' ? 'Look and decide' : 'Look'}
        </Button>
      </Group>
    </Alert>
  ));
}

/** The runs that a step called. */
export function StepCalls({ step: { calls } }: { readonly step: StepView }) {
  if (calls.length === 0) return null;
  return (
    <Section title="Called">
      {calls.map(({ id, playbook, status }) => (
        <Group key={id} gap="xs">
          <StatusBadge state={status} />
          <AppLink to={`/runs/${id}`}>
            <Untrusted text={playbook} line />
          </AppLink>
        </Group>
      ))}
    </Section>
  );
}
