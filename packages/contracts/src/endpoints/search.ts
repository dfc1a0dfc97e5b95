import { z } from 'zod';
import { endpoint, time } from '../endpoint.ts';

/** The kinds of things that a search finds, in the order of its answer. */
export const searchKinds = [
  'observable',
  'alert',
  'case',
  'run',
  'playbook',
  'reaction',
  'effect',
  'event',
  'topic',
  'participant',
  'connector',
  'connection',
  'source',
] as const;

/** Going to anything by its id, name or value. */
export const searchEndpoints = {
  search: endpoint({
    method: 'GET',
    path: '/search',
    summary:
      'Find anything that the caller may read: by the beginning of its id (8 characters and more), an observable as a whole (defanged or not), or words of its title; of alerts and cases those of the newest 20,000, and at least of the last day',
    tag: 'search',
    permission: 'self:read',
    query: z.strictObject({ q: z.string().trim().min(1).max(300) }),
    response: z.object({
      items: z
        .array(
          z.object({
            kind: z.enum(searchKinds),
            ref: z.string().describe('Reference of what was found, such as `alert:…`'),
            title: z.string(),
            detail: z.string().describe('What tells it from others of the same title; may be empty'),
          }),
        )
        .describe('At most 8 of each kind'),
      titles_since: time
        .nullable()
        .describe(
          'Titles of alerts and cases from before were not looked at; null: all were, or no words were looked for',
        ),
    }),
  }),
};
