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

/**
 * A normaliser document: how the items of one kind of input become OCSF Detection Findings. See
 * `docs/reference` for the meaning of each member.
 */
export const normalizerDocument = z.strictObject({
  kind: z.literal('normalizer/v1'),
  id,
  title: z.string().min(1).max(100),
  description: z.string().optional(),
  product: z.strictObject({ name: z.string(), vendor_name: z.string().optional() }),
  detect: z.string(),
  /** Taken only when no other normaliser detects an item. */
  fallback: z.boolean().default(false),
  items: z.array(z.string()).max(20).default([]),
  only: z
    .array(z.strictObject({ if: z.string(), reason: z.string() }))
    .max(20)
    .default([]),
  key: z.array(candidates).min(1).max(10),
  identity: z.union([z.literal('item'), z.array(candidates).min(1).max(10)]).optional(),
  severity: z.strictObject({
    from: candidates,
    scale: z.enum(scales).default('ocsf'),
    map: z.record(z.string(), scalar).optional(),
    default: z.string().optional(),
  }),
  fields: z.record(z.string(), rule),
  attacks: z
    .strictObject({ ids: candidates, techniques: candidates.optional(), tactics: candidates.optional() })
    .optional(),
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
