import { observableTypes } from '@counterpoint/formats';
import { z } from 'zod';

const scales = ['ocsf', 'suricata', 'wazuh', 'cvss', 'percent', 'syslog'] as const;
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const candidate = z.union([
  z.string(),
  z.strictObject({ path: z.string() }),
  z.strictObject({ template: z.string() }),
  z.strictObject({ expression: z.string() }),
  z.strictObject({ value: scalar }),
]);
const candidates = z.union([candidate, z.array(candidate).min(1).max(50)]);

const rule = z.union([
  z.string(),
  z.array(candidate).min(1).max(50),
  z.strictObject({
    from: candidates,
    when: z.string().optional(),
    map: z.record(z.string(), scalar).optional(),
    default: scalar.optional(),
    format: z.string().optional(),
  }),
]);

const id = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be lower-case words joined by _');

/** A normaliser document: how the items of one kind of input become OCSF Detection Findings. */
export const normalizerDocument = z.strictObject({
  kind: z.literal('normalizer/v1'),
  id,
  title: z.string().min(1).max(100),
  description: z.string().optional(),
  product: z.strictObject({ name: z.string(), vendor_name: z.string().optional() }),
  /** CEL over `item`: whether it looks like this kind of input. Used where nobody says what an input is. */
  detect: z.string(),
  /** Taken only when no other normaliser detects an item. */
  fallback: z.boolean().default(false),
  /** Where the list of items stands in an object that wraps it, in order. A list at the top is always taken apart. */
  items: z.array(z.string()).max(20).default([]),
  /** Conditions (CEL) that hold for alerts; an item for which one is false is suppressed with the reason. */
  only: z
    .array(z.strictObject({ if: z.string(), reason: z.string() }))
    .max(20)
    .default([]),
  /** What makes findings one alert: a list of parts, each with the places it may come from. */
  key: z.array(candidates).min(1).max(10),
  /** What tells a record from all others, so that it is known when it is sent again: the whole item, or parts of it. */
  identity: z.union([z.literal('item'), z.array(candidates).min(1).max(10)]).optional(),
  /** Words, and numbers on a scale; `map` comes before both. */
  severity: z.strictObject({
    from: candidates,
    scale: z.enum(scales).default('ocsf'),
    map: z.record(z.string(), scalar).optional(),
    default: z.string().optional(),
  }),
  /** Field of the finding -> where it comes from. */
  fields: z.record(z.string(), rule),
  /** Lists of MITRE ATT&CK technique ids, technique names and tactics. */
  attacks: z
    .strictObject({ ids: candidates, techniques: candidates.optional(), tactics: candidates.optional() })
    .optional(),
  /** `ignore`: parts of an item that are not searched. `add`: values whose type their text does not show. */
  observables: z
    .strictObject({
      ignore: z.array(z.string()).max(50).default([]),
      add: z
        .array(z.strictObject({ type: z.enum(observableTypes), from: candidates }))
        .max(50)
        .default([]),
    })
    .default({ ignore: [], add: [] }),
});

/** The content of a normaliser file. */
export type NormalizerDocument = z.infer<typeof normalizerDocument>;
/** How one field is filled. */
export type RuleDocument = z.infer<typeof rule>;
/** One or several places that a value may come from, in order. */
export type CandidatesDocument = z.infer<typeof candidates>;
