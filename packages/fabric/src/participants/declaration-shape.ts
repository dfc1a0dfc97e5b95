import { nearest } from '@counterpoint/core';
import { z } from 'zod';

const NAME = /^[a-z][a-z0-9_]*$/;
const SITE = /^[a-z0-9][a-z0-9_.-]*$/i;

const name = z.string().max(64).regex(NAME, 'must be snake_case');
const pattern = z.string().min(1).max(800);
const patterns = z.array(pattern).max(200);

/** A strict object whose complaint about an unknown key names the nearest known one. */
function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const described = issue.keys.map((key) => {
        const near = nearest(key, known);
        return near === undefined ? `"${key}"` : `"${key}" (did you mean "${near}"?)`;
      });
      return `unknown key ${described.join(', ')}`;
    },
  });
}

const what = {
  title: z.string().min(1).max(200),
  description: z.string().max(5_000).default(''),
  site: z.union([z.literal(''), z.string().max(64).regex(SITE, 'must be a name such as zurich')]).default(''),
  publishes: patterns.default([]),
  subscribes: patterns.default([]),
  offers: z.record(name, z.record(z.string(), z.json())).default({}),
  capabilities: z.record(name, name).default({}),
  reads: patterns.default([]),
  settings: z.record(z.string(), z.json()).default({}),
  simulated: z.boolean().default(false),
};

/** The form of `content/participants/<id>.yaml`. */
export const declaredShape = strict({
  kind: z.literal('participant/v1'),
  id: name,
  joins_with: z.enum(['token', 'certificate', 'edge']).default('token'),
  ...what,
  rights: strict({
    publish: patterns.optional(),
    subscribe: patterns.optional(),
    offer: patterns.optional(),
    invoke: patterns.optional(),
  }).default({}),
  trust: patterns.default([]),
});

/** The form of what a participant says of itself when it joins; all of it may be left out. */
export const announcedShape = strict({
  kind: z.literal('participant/v1').optional(),
  id: name.optional(),
  ...what,
  title: what.title.optional(),
});

/** Whether `id` can be the id of a participant. */
export function isParticipantId(id: string): boolean {
  return name.safeParse(id).success;
}
