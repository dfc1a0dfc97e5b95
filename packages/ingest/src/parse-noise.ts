import { isCounterpointError } from '@counterpoint/core';
import { type NoiseList, noiseList, observableTypes } from '@counterpoint/formats';
import { parseDocument } from 'yaml';
import { z } from 'zod';

const texts = z.array(z.string().min(1)).max(100_000).optional();
const noiseDocument = z.strictObject({
  kind: z.literal('noise/v1'),
  id: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
  title: z.string().min(1),
  description: z.string().optional(),
  values: texts,
  domains: texts,
  cidrs: texts,
  substrings: texts,
  patterns: z.array(z.strictObject({ type: z.enum(observableTypes), glob: z.string().min(1) })).optional(),
});

/** A noise list of `content/noise`, or what is wrong with it. */
export type ParsedNoise =
  | { readonly id: string; readonly title: string; readonly noise: NoiseList }
  | { readonly problems: readonly string[] };

const MAX_SIZE = 4 * 1024 * 1024;

/**
 * Reads a noise list (YAML 1.2, `kind: noise/v1`): values, domains, networks, texts and patterns that are not worth
 * being observables. Never throws. Join several with `anyNoise` of formats.
 */
export function parseNoise(text: string): ParsedNoise {
  if (text.length > MAX_SIZE) return { problems: [`it is larger than ${MAX_SIZE} characters`] };
  try {
    const document = parseDocument(text, { version: '1.2', strict: true, logLevel: 'silent' });
    const troubles = [...document.errors, ...document.warnings].map(({ message }) => message);
    if (troubles.length > 0) return { problems: troubles };
    const { kind: _, id, title, description: __, ...lists } = noiseDocument.parse(document.toJS({ maxAliasCount: 0 }));
    const noise = noiseList(Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined)));
    return { id, title, noise };
  } catch (error) {
    if (error instanceof z.ZodError) {
      return { problems: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) };
    }
    if (isCounterpointError(error) || error instanceof Error) return { problems: [error.message] };
    throw error;
  }
}
