import { Stack, Textarea } from '@mantine/core';
import { patternsOf } from './participant-rows.ts';

/** Rights and trust as they are typed: one pattern a line. */
export interface RightsText {
  readonly publish: string;
  readonly subscribe: string;
  readonly offer: string;
  readonly invoke: string;
  readonly trust: string;
}

/** Nothing is allowed. */
export const NO_RIGHTS: RightsText = { publish: '', subscribe: '', offer: '', invoke: '', trust: '' };

/** What was typed, as the server takes it. */
export function rightsOf({ publish, subscribe, offer, invoke, trust }: RightsText) {
  return {
    rights: {
      publish: [...patternsOf(publish)],
      subscribe: [...patternsOf(subscribe)],
      offer: [...patternsOf(offer)],
      invoke: [...patternsOf(invoke)],
    },
    trust: [...patternsOf(trust)],
  };
}

const FIELDS: readonly (readonly [field: keyof RightsText, label: string, means: string, example: string])[] = [
  [
    'publish',
    'May publish on',
    'Topics, one a line. * stands for one word, > at the end for the rest.',
    'verdict.url.v1',
  ],
  ['subscribe', 'May take', 'Topics that it may hear of. What it may not take, it never sees.', 'file.submitted.v1'],
  ['offer', 'May offer', 'Services that others may ask it for. * stands for any text.', 'sinkhole.*'],
  [
    'invoke',
    'May ask for',
    'Services that it may ask others for. What changes something passes the same door as any action.',
    'mail_gateway.get_attachment',
  ],
  [
    'trust',
    'Is believed on',
    'To be allowed to speak is not to be believed: only what it says on these topics may cut something off. The reaction must take its word, too.',
    'verdict.url.v1',
  ],
];

interface RightsFieldsProps {
  readonly value: RightsText;
  readonly onChange: (value: RightsText) => void;
}

/** What a participant may do, and what it is believed. */
export function RightsFields({ value, onChange }: RightsFieldsProps) {
  return (
    <Stack gap="sm">
      {FIELDS.map(([field, label, means, example]) => (
        <Textarea
          key={field}
          label={label}
          description={means}
          placeholder={example}
          autosize
          minRows={1}
          maxRows={8}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={value[field]}
          onChange={(event) => onChange({ ...value, [field]: event.currentTarget.value })}
        />
      ))}
    </Stack>
  );
}
