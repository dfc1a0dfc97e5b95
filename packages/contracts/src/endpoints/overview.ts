import { z } from 'zod';
import { endpoint, time } from '../endpoint.ts';

const int = z.number().int();

const matter = z.object({
  kind: z
    .enum([
      'switch_engaged',
      'approvals_open',
      'outcome_unknown',
      'undo_failed',
      'storm',
      'account_broken',
      'connection_failing',
      'dead_letters',
      'runs_failed',
      'source_silent',
      'alerts_waiting',
      'cases_waiting',
    ])
    .describe('docs/explanation/overview-figures.md says when each is there'),
  urgency: z.enum(['now', 'soon', 'note']),
  count: int,
  since: time.nullable().describe('Since when the oldest of them is there'),
  ids: z.array(z.string()).describe('At most five of them; one, when there is one only'),
  detail: z.string().describe('A title or reason, as it was given; may come from outside'),
});

const runSlice = z.object({ at: time, succeeded: int, failed: int, cancelled: int });

const spread = z
  .object({
    count: int.describe('How many it is of'),
    mean: int.describe('Milliseconds'),
    median: int.describe('Milliseconds, to about one in a hundred'),
  })
  .nullable()
  .describe('null: there was none');

const acknowledge = z
  .object({ people: spread, others: int.describe('How many playbooks, reactions and API tokens took in hand first') })
  .describe('From when it came to when it was first taken in hand, of those taken in hand in the last 7 days');

const duration = z
  .object({ count: int.describe('How many it is the mean of'), mean: int.describe('Milliseconds') })
  .nullable()
  .describe('null: there was none');

const saved = z.object({
  minutes: z.number(),
  simulated: z.number().describe('Of these, minutes of runs on simulated events'),
});

/** What needs somebody now, and how things went. */
export const overviewEndpoints = {
  overview: endpoint({
    method: 'GET',
    path: '/overview',
    summary: 'What needs somebody now and how things went, in one answer; parts that the caller may not see are null',
    tag: 'operations',
    permission: 'self:read',
    response: z.object({
      at: time,
      matters: z.array(matter).describe('What needs somebody, the most urgent first; only of what the caller may see'),
      runs: z
        .object({
          live: int.describe('Queued, running or waiting now'),
          waiting: int,
          paused: int,
          day: z.object({ width: int, slices: z.array(runSlice) }).describe('Ended runs of the last 24 hours'),
          week: z.object({ width: int, slices: z.array(runSlice) }).describe('Ended runs of the last 7 days'),
        })
        .nullable(),
      alerts: z
        .object({
          fresh: int.describe('Alerts that nobody has taken up: status new'),
          oldest: time.nullable().describe('When the oldest of them came'),
          day: z.object({ width: int, slices: z.array(z.object({ at: time, count: int })) }),
          week: z.object({ width: int, slices: z.array(z.object({ at: time, count: int })) }),
          acknowledge,
          resolve: spread.describe('From when it came to when it was resolved, of those resolved in the last 7 days'),
        })
        .nullable(),
      times: z
        .object({
          decide: duration.describe('From asking people to their decision, last 7 days'),
          acknowledge,
          close: spread.describe('From the opening of a case to its closing, cases closed in the last 7 days'),
          open_cases: int,
          unowned_cases: int.describe('Those with the status open and no owner'),
        })
        .nullable(),
      approvals: z.object({ open: int, oldest: time.nullable(), due: time.nullable() }).nullable(),
      saved: z
        .object({
          day: saved,
          week: saved,
          total: saved,
          upto: time.nullable().describe('Runs that ended until then are counted; null: none yet'),
          top: z.array(z.object({ playbook: z.string(), action: z.string(), steps: int, minutes: z.number() })),
        })
        .nullable(),
      effects: z
        .object({
          in_force: z.array(z.object({ class: z.string(), count: int })),
          ending: int.describe('Of these, how many end by themselves within the next hour'),
        })
        .nullable(),
      sources: z
        .array(
          z.object({
            id: z.string(),
            title: z.string(),
            state: z.enum(['receiving', 'silent', 'new', 'disabled']),
            simulated: z.boolean(),
            last_at: time.nullable(),
            last_day: int,
            missing: int,
            turned_away: int.describe('Posts that it refused at its door in the last hour, such as with a wrong token'),
          }),
        )
        .nullable(),
      connections: z.object({ enabled: int, failing: int, untested: int, simulated: int }).nullable(),
      empty: z.boolean().describe('Nothing has ever come in, and there is no source: a new installation without lab'),
    }),
  }),
};
