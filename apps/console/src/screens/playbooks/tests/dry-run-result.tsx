import type { CallResult } from '@counterpoint/sdk';
import { Accordion, Group, Paper, Stack, Text, UnstyledButton } from '@mantine/core';
import { outlineAddress } from '../../../canvas/steps-index.ts';
import { EffectBadge, StatusBadge, ToneBadge } from '../../../ui/badges.tsx';
import { JsonView } from '../../../ui/json-view.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';

type Result = CallResult<'dryRunPlaybook'>;
type Call = Result['calls'][number];

interface Props {
  readonly result: Result;
  readonly onSelect: (address: string) => void;
}

/** What a dry run came to: how it would end, and every call that it would make with what the guard says to it. */
export function DryRunResult({ result, onSelect }: Props) {
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <StatusBadge state={result.status} />
        {result.error && <Untrusted size="sm" c="var(--cp-bad)" text={result.error.message} longest={300} />}
        <Text size="sm" c="dimmed">
          {result.calls.length === 1 ? '1 call' : `${result.calls.length} calls`}
        </Text>
      </Group>
      {result.questions.map((question) => (
        <Paper key={question.address} withBorder p="xs">
          <Group gap="xs">
            <ToneBadge tone="warn" word={question.kind} />
            <Untrusted size="sm" text={question.text} longest={300} />
            <ToneBadge tone="calm" word={question.answer} means="What people were taken to say" />
          </Group>
        </Paper>
      ))}
      <Accordion variant="contained" multiple>
        {result.calls.map((call) => (
          <OneCall key={keyOf(call)} call={call} onSelect={onSelect} />
        ))}
      </Accordion>
      {result.published.map((event) => (
        <Text size="sm" key={`${event.topic} ${JSON.stringify(event.data)}`}>
          Publishes on <Untrusted text={event.topic} fw={600} />
        </Text>
      ))}
    </Stack>
  );
}

/** Where an answer comes from, in words. */
const answers: Readonly<Record<Call['answer'], string>> = {
  product: 'answered by the product',
  recording: 'answered as last time',
  example: 'answer made up from its schema',
  refused: 'refused',
  none: 'no answer',
};

function GuardMark({ guard }: { readonly guard: NonNullable<Call['guard']> }) {
  const tones = { allow: 'good', deny: 'bad', hold: 'warn', defer: 'warn' } as const;
  const tone = tones[guard.outcome as keyof typeof tones] ?? 'calm';
  return <ToneBadge tone={tone} word={`guard: ${guard.outcome}`} means={guard.reasons.join(' ')} />;
}

/** A step that calls every provider of a capability has one call of each. */
function keyOf({ address, connector, target }: Call): string {
  return `${address} ${connector} ${target}`;
}

function OneCall({ call, onSelect }: { readonly call: Call } & Pick<Props, 'onSelect'>) {
  return (
    <Accordion.Item value={keyOf(call)}>
      <Accordion.Control>
        <Group gap={6}>
          <Text size="sm" fw={600}>
            {call.name}
          </Text>
          {call.effect && <EffectBadge effect={call.effect} />}
          {call.guard && <GuardMark guard={call.guard} />}
          {call.target !== '' && <Untrusted size="xs" c="dimmed" text={call.target} line longest={80} />}
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap={6}>
          <Group gap="sm">
            <UnstyledButton
              c="var(--mantine-color-anchor)"
              fz="xs"
              onClick={() => onSelect(outlineAddress(call.address))}
            >
              {call.address}
            </UnstyledButton>
            <Text size="xs" c="dimmed">
              {answers[call.answer]}
            </Text>
          </Group>
          {call.guard?.reasons.map((reason) => (
            <Untrusted key={reason} size="sm" text={reason} longest={300} />
          ))}
          {call.error && <Untrusted size="sm" c="var(--cp-bad)" text={call.error.message} longest={400} />}
          <JsonView value={{ with: call.with, output: call.output }} label={`Call of ${call.name}`} />
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}
