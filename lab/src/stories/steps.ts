import type { EffectRow, Reader, RunRow, Where } from '@counterpoint/events';
import type { StoryStep } from './lab-story.ts';

type Find = StoryStep['find'];

const ENDED = ['succeeded', 'failed', 'cancelled'] as const;

/** The alert that came in. */
export const alertIsIn: Find = async (store, trace) => {
  const [row] = await store.find('alerts', { where: { trace }, limit: 1 });
  return row && `alert:${row.id}`;
};

/** A case about it. */
export const caseIsOpen: Find = async (store, trace) => {
  const [row] = await store.find('cases', { where: { trace }, limit: 1 });
  return row && `case:${row.id}`;
};

/** The run of a playbook; by default in any state. */
export function runOf(playbook: string, status: readonly RunRow['status'][] = []): Find {
  return async (store, trace) => {
    const where = { trace, playbook, ...(status.length > 0 ? { status: { in: status } } : {}) };
    const [row] = await store.find('runs', { where, limit: 1 });
    return row && `run:${row.id}`;
  };
}

/** The run of a playbook, once it is over. */
export const runEnded = (playbook: string): Find => runOf(playbook, ENDED);

/** A change that was made through a connector. */
export function performed(connector: string): Find {
  return async (store, trace) => {
    const where: Where<EffectRow> = {
      trace,
      connector,
      state: { in: ['performed', 'undoing', 'undone'] },
      undo_of: '',
    };
    const [row] = await store.find('effects', { where, limit: 1 });
    return row ? `effect:${row.id}` : claimedBefore(store, trace, connector);
  };
}

/** A change that stood before: then this trace only has it stay. */
async function claimedBefore(store: Reader, trace: string, connector: string): Promise<string | undefined> {
  for (const { effect } of await store.find('claims', { where: { trace }, limit: 50 })) {
    const row = await store.get('effects', effect);
    if (row?.connector === connector) return `effect:${row.id}`;
  }
  return undefined;
}

/** An event of a topic. */
export function announced(topic: string): Find {
  return async (store, trace) => {
    const [row] = await store.find('outbox', { where: { trace, topic }, limit: 1 });
    return row && `event:${row.id}`;
  };
}

async function latestQuestion(store: Reader, trace: string) {
  const [row] = await store.find('inbox_items', {
    where: { trace },
    orderBy: [{ column: 'created_at', descending: true }],
    limit: 1,
  });
  return row;
}

/** Something that people are asked. */
export const peopleAreAsked: Find = async (store, trace) => {
  const row = await latestQuestion(store, trace);
  return row && `inbox:${row.id}`;
};

/** The question about a verdict that was taken back, when people answered that what followed is to stay. */
export const keptByPeople: Find = async (store, trace) => {
  const row = await latestQuestion(store, trace);
  const { decision } = (row?.answer ?? {}) as { readonly decision?: unknown };
  return row && decision === 'keep' ? `inbox:${row.id}` : undefined;
};

async function contained(store: Reader, trace: string, state: readonly EffectRow['state'][]): Promise<number> {
  return store.count('effects', { trace, effect: 'contain', undo_of: '', state: { in: state } });
}

/** Everything that cut something off is taken back. */
export const allUndone: Find = async (store, trace) => {
  const undone = await contained(store, trace, ['undone']);
  const left = await contained(store, trace, ['performed', 'undoing', 'undo_failed']);
  return undone > 0 && left === 0 ? `trace:${trace}` : undefined;
};
