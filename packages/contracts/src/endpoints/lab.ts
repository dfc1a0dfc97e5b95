import { z } from 'zod';
import { endpoint } from '../endpoint.ts';

const act = z.object({
  id: z.string(),
  title: z.string(),
  plot: z.string(),
  steps: z.array(z.string()).describe('What will follow, in the order in which it is expected'),
});

/** Stories that are played on a server with the lab. */
export const labEndpoints = {
  listStories: endpoint({
    method: 'GET',
    path: '/lab/stories',
    summary: 'List the stories that can be played; none without the lab',
    tag: 'lab',
    permission: 'playbook:read',
    response: z.object({
      lab: z.boolean(),
      items: z.array(z.object({ id: z.string(), title: z.string(), plot: z.string(), acts: z.array(act) })),
    }),
  }),
  playStory: endpoint({
    method: 'POST',
    path: '/lab/stories/:id/play',
    summary: 'Play an act of a story: real input comes in through the front door',
    tag: 'lab',
    permission: 'playbook:run',
    body: z.strictObject({ act: z.string().max(50).optional().describe('Default: the first') }),
    response: z.object({
      story: z.string(),
      act: z.string(),
      trace: z.string().describe('Everything that follows stands in this trace'),
    }),
    status: 202,
  }),
  followStory: endpoint({
    method: 'GET',
    path: '/lab/stories/:id/plays/:trace',
    summary: 'How far an act of a story that was played has come',
    tag: 'lab',
    permission: 'run:read',
    query: z.strictObject({ act: z.string().max(50).optional().describe('Default: the first') }),
    response: z.object({
      story: z.string(),
      act: z.string(),
      trace: z.string(),
      over: z
        .boolean()
        .describe('Whether nothing more follows; steps without a reference did not come true this time then'),
      steps: z.array(
        z.object({
          title: z.string(),
          ref: z.string().nullable().describe('Where it is to be seen; null while it has not come true'),
        }),
      ),
    }),
  }),
};
