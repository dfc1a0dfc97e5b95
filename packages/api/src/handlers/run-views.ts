import { mentionedIn, readPeople, whyRun } from '@counterpoint/actions';
import type { RunViewEndpointName } from '@counterpoint/contracts';
import type { Clock } from '@counterpoint/core';
import type { RunViews } from '@counterpoint/engine';
import type { RunRow, Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { listRuns } from '../runs/list-runs.ts';
import { durationOf, messageOf, overviewView, stepDetailView, stepView } from '../runs/run-shapes.ts';
import { createVersionNumbers, type VersionNumbers } from '../runs/version-numbers.ts';

/** What the handlers of looking at runs need. */
export interface RunViewServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly views: RunViews;
}

/** Lists of steps and facts go on behind a number. @throws api.cursor_invalid */
function numberIn(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,12}$/.test(cursor)) throw errors.cursor_invalid();
  return Number(cursor);
}

async function comparedRun(store: Store, numbers: VersionNumbers, row: RunRow, now: number) {
  const { id, playbook, version, status, created_at } = row;
  const [known, number] = await Promise.all([store.get('playbooks', playbook), numbers.of([version])]);
  const shown = {
    title: known?.title ?? playbook,
    number: number.get(version) ?? null,
    duration: durationOf(row, now),
  };
  return { id, playbook, version, status, created_at, ...shown };
}

/** Performs the operations that look at runs. */
export function runViewHandlers(services: RunViewServices): Handlers<RunViewEndpointName> {
  const { store, clock, views } = services;
  const numbers = createVersionNumbers(store);
  return {
    listRuns: ({ query }) => listRuns(store, numbers, query, clock.now()),
    async compareRuns({ query }) {
      const { a, b, compared } = await views.compare(query.a, query.b);
      const now = clock.now();
      return {
        a: await comparedRun(store, numbers, a, now),
        b: await comparedRun(store, numbers, b, now),
        same_playbook: a.playbook === b.playbook,
        same_version: a.version === b.version,
        first: compared.first ?? null,
        inputs: [...compared.inputs],
        ends: [...compared.ends],
        steps: compared.steps.map(({ address, step, a: one, b: other, sameInput, sameOutput }) => {
          return { address, step, a: one, b: other, same_input: sameInput, same_output: sameOutput };
        }),
        only_a: [...compared.onlyA],
        only_b: [...compared.onlyB],
        more: compared.more,
      };
    },
    async getRunOverview({ params }) {
      const overview = await views.overview(params.id ?? '');
      const { pauses } = overview.fold;
      const [why, people] = await Promise.all([
        whyRun(store, overview.run),
        readPeople(store, [...pauses.map(({ principal }) => principal), ...mentionedIn(messageOf(overview.run))]),
      ]);
      return overviewView(overview, why, people, clock.now());
    },
    async listRunSteps({ params, query }) {
      const { under, status = [], q, limit } = query;
      const filter = { under, status, q: q === '' ? undefined : q, after: numberIn(query.cursor), limit };
      const { steps, next } = await views.steps(params.id ?? '', filter);
      return { items: steps.map(stepView), next: next === null ? null : String(next) };
    },
    async getRunStep({ params }) {
      const step = await views.step(params.id ?? '', params.address ?? '');
      const { skippedBy } = step.record;
      return stepDetailView(step, await readPeople(store, skippedBy ? [skippedBy.principal] : []));
    },
    async listRunFacts({ params, query }) {
      const wish = { after: numberIn(query.cursor) ?? 0, limit: query.limit };
      const { facts, next } = await views.facts(params.id ?? '', wish);
      const items = facts.map(({ seq, kind, address, data, at }) => ({ seq, kind, address, data, at }));
      return { items, next: next === null ? null : String(next) };
    },
  };
}
