import type { EffectRow, ReactionEventRow, Reader, RunRow, Store } from '@counterpoint/events';

/** How far what a reaction would have done, or asked to do, is what people and other automation did. */
export interface AgreementFigures {
  /** Version id of the reaction, and its number. */
  readonly version: string;
  readonly number: number;
  /** What it observed in mode `observe`. */
  readonly observed: {
    /** Somebody did the same on the same target within a day. */
    readonly agreed: number;
    /** People called it benign, or took it back. */
    readonly disagreed: number;
    /** Nobody did it within a day. */
    readonly not_done: number;
    /** Its day is not over yet. */
    readonly open: number;
    /** It would have changed nothing, so that there is nothing to compare. */
    readonly nothing: number;
  };
  /** What people said to its effects in mode `ask`. */
  readonly asked: { readonly approved: number; readonly denied: number; readonly open: number };
}

/** The actions that do the same as one, itself included: those that provide the same capability. */
export type SameAs = (connector: string, action: string) => readonly { connector: string; action: string }[];

/** What judging needs. */
export interface JudgeOptions {
  readonly store: Store;
  readonly sameAs: SameAs;
}

/** What a judgement is made from. */
interface Grounds {
  readonly store: Reader;
  readonly sameAs: SameAs;
}

/** How long it is looked for somebody who does the same, in milliseconds. */
const DAY = 86_400_000;
const PAGE = 500;
/** Figures are made of so many of the newest rows. */
const MOST = 10_000;

/** One thing that a reaction would have done, as `reaction_events.would` keeps it. */
interface Would {
  readonly connector: string;
  readonly action: string;
  readonly target: string;
}

/**
 * Judges what was observed within the last day, and a little longer so that nothing slips through between two rounds.
 * What was judged is judged again until its day is over: people may take an effect back later. Safe to repeat.
 */
export async function judgeObserved(options: JudgeOptions, now: number): Promise<void> {
  const { store } = options;
  const reactions = await store.find('playbooks', { where: { kind: 'reaction' }, limit: 10_000 });
  for (const { id: reaction } of reactions) {
    let after: readonly (string | number)[] | undefined;
    for (;;) {
      const rows: readonly ReactionEventRow[] = await store.find('reaction_events', {
        where: { reaction, outcome: 'observed', at: { gte: now - 1.25 * DAY } },
        orderBy: [{ column: 'at' }],
        limit: PAGE,
        ...(after ? { after } : {}),
      });
      for (const row of rows) await judgeOne(options, row);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) break;
      after = [last.at, last.id];
    }
  }
}

async function judgeOne(options: JudgeOptions, row: ReactionEventRow): Promise<void> {
  const judged = await judgementOf(options, row);
  if (judged === row.judged) return;
  await options.store.commit({
    rows: [{ op: 'update', table: 'reaction_events', row: { ...row, judged, rev: row.rev + 1 } }],
  });
}

async function judgementOf(options: Grounds, row: ReactionEventRow): Promise<ReactionEventRow['judged']> {
  const wishes = comparable(row);
  if (wishes.length === 0) return '';
  if (await calledBenign(options.store, row)) return 'disagreed';
  const done = await Promise.all(wishes.map((wish) => effectsLike(options, wish, row.at)));
  for (const effects of done) {
    for (const effect of effects) if (await takenBack(options.store, effect)) return 'disagreed';
  }
  return done.every((effects) => effects.length > 0) ? 'agreed' : '';
}

/** What has a target can be looked for in the ledger. */
function comparable({ would }: ReactionEventRow): readonly Would[] {
  const all = Array.isArray(would) ? (would as unknown as readonly Would[]) : [];
  return all.filter(({ target }) => target !== '');
}

async function calledBenign(reader: Reader, { trace }: ReactionEventRow): Promise<boolean> {
  const where = { trace, verdict: 'benign' } as const;
  const [alerts, cases] = await Promise.all([
    reader.find('alerts', { where, limit: 1 }),
    reader.find('cases', { where, limit: 1 }),
  ]);
  return alerts.length + cases.length > 0;
}

const DONE: readonly EffectRow['state'][] = ['performed', 'undoing', 'undone', 'undo_failed', 'expired'];

/** Effects that do the same on the same target: begun within a day after `at`, or in force then. */
async function effectsLike({ store, sameAs }: Grounds, wish: Would, at: number): Promise<readonly EffectRow[]> {
  const found: EffectRow[] = [];
  for (const { connector, action } of sameAs(wish.connector, wish.action)) {
    const connections = await store.find('connections', { where: { connector }, limit: 1_000 });
    for (const { id: connection } of connections) {
      const rows = await store.find('effects', {
        where: { connection, action, target: wish.target, created_at: { lte: at + DAY } },
        orderBy: [{ column: 'created_at', descending: true }],
        limit: 20,
      });
      found.push(...rows.filter((row) => DONE.includes(row.state) && (row.ended_at ?? at) >= at));
    }
  }
  return found;
}

/** Whether a person undid an effect. That its lease ended says nothing. */
async function takenBack(reader: Reader, { id, state, trace }: EffectRow): Promise<boolean> {
  if (state === 'performed' || state === 'expired') return false;
  const object = `effect:${id}`;
  const told = await reader.find('audit', { where: { trace, object, action: 'effect.undoing' }, limit: 20 });
  return told.some(({ principal }) => principal.startsWith('user:') || principal.startsWith('token:'));
}

interface Counting {
  readonly observed: { -readonly [Figure in keyof AgreementFigures['observed']]: number };
  readonly asked: { -readonly [Figure in keyof AgreementFigures['asked']]: number };
}

/**
 * The figures of a reaction, by version, the newest first. Versions that nothing is known of are left out. The newest that
 * it observed are judged as things stand now; nothing is written.
 */
export async function agreementOf(
  reader: Reader,
  reaction: string,
  { now, sameAs }: { readonly now: number; readonly sameAs: SameAs },
): Promise<readonly AgreementFigures[]> {
  const versions = new Map<string, Counting>();
  const of = (version: string): Counting => {
    const known = versions.get(version) ?? {
      observed: { agreed: 0, disagreed: 0, not_done: 0, open: 0, nothing: 0 },
      asked: { approved: 0, denied: 0, open: 0 },
    };
    versions.set(version, known);
    return known;
  };
  const observed = await reader.find('reaction_events', {
    where: { reaction, outcome: 'observed' },
    orderBy: [{ column: 'at', descending: true }],
    limit: MOST,
  });
  const newest = observed.slice(0, PAGE).filter(({ at }) => at > now - DAY);
  const judged = await Promise.all(newest.map((row) => judgementOf({ store: reader, sameAs }, row)));
  observed.forEach((row, index) => {
    of(row.version).observed[figureOf({ ...row, judged: judged[index] ?? row.judged }, now)] += 1;
  });
  await countAsked(reader, reaction, (version, figure) => {
    of(version).asked[figure] += 1;
  });
  const rows = await reader.find('playbook_versions', {
    where: { playbook: reaction },
    orderBy: [{ column: 'number', descending: true }],
    limit: 1_000,
  });
  return rows.flatMap(({ id, number }) => {
    const counting = versions.get(id);
    return counting ? [{ version: id, number, ...counting }] : [];
  });
}

function figureOf(row: ReactionEventRow, now: number): keyof AgreementFigures['observed'] {
  if (row.judged !== '') return row.judged;
  if (comparable(row).length === 0) return 'nothing';
  return row.at > now - DAY ? 'open' : 'not_done';
}

async function countAsked(
  reader: Reader,
  reaction: string,
  count: (version: string, figure: keyof AgreementFigures['asked']) => void,
): Promise<void> {
  const runs: readonly RunRow[] = await reader.find('runs', {
    where: { playbook: reaction, ask: true },
    orderBy: [{ column: 'created_at', descending: true }],
    limit: MOST,
  });
  for (let from = 0; from < runs.length; from += PAGE) {
    const part = runs.slice(from, from + PAGE);
    const versions = new Map(part.map(({ id, version }) => [id, version]));
    const items = await reader.find('inbox_items', {
      where: { run: { in: [...versions.keys()] }, kind: 'approval' },
      limit: MOST,
    });
    for (const { run, status } of items) {
      if (status === 'approved' || status === 'denied' || status === 'open') count(versions.get(run) ?? '', status);
    }
  }
}
