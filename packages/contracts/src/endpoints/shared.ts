import { z } from 'zod';

/** Severity names of OCSF `severity_id` 0 to 6, and 99 (other). */
export const severity = z.enum(['unknown', 'informational', 'low', 'medium', 'high', 'critical', 'fatal', 'other']);

/** What is thought of an alert, a case or an observable. */
export const verdict = z.enum(['malicious', 'suspicious', 'benign', 'unknown']);

/** Who and why: see the glossary's causality. */
export const causality = z.object({
  principal: z.string(),
  trace: z.string(),
  cause: z.string(),
  hop: z.number().int(),
});

/** A query parameter that names one or several of a list, with commas between; read as a list. */
export function severalOf<Options extends Readonly<Record<string, string>>>(names: z.ZodEnum<Options>) {
  return z
    .string()
    .max(500)
    .describe(`One or several of ${names.options.join(', ')}, with commas between`)
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(names));
}
