import { createPublicKey } from 'node:crypto';
import type { Json } from '@counterpoint/core';
import type { Change, EdgeCommandRow } from '@counterpoint/events';
import { errors } from '../../errors.ts';
import { createTurns } from '../../participants/in-turn.ts';
import type { Actor, Participant } from '../../participants/participant.ts';
import { unknownParticipant } from '../../participants/wish.ts';
import { readPrivateKey } from '../key-text.ts';
import { fingerprintOf } from '../node-keys.ts';
import { type SignedText, signMessage } from '../signed-text.ts';
import { type EdgeCentre, type EdgeCentreOptions, type EdgeNode, type SyncWish, workingSetting } from './centre.ts';
import { draftBundle, numberOf, signedBundle } from './compose-bundle.ts';
import { issueJoinToken, joinNode, knownNode } from './join.ts';
import { mergeBatch } from './merge.ts';
import { createSites, performService, pingNode } from './sites.ts';

/** Tables whose rows nodes are told of. */
const TOLD: ReadonlySet<string> = new Set([
  'playbooks',
  'connections',
  'switches',
  'participants',
  'credentials',
  'edge_commands',
]);
/** How often what other processes wrote is looked for, in milliseconds. */
const LOOK = 1_000;
/** How long what is signed counts, in milliseconds. */
const COUNTS = 300_000;
/** Nobody waits longer for a change, in milliseconds. */
const LONGEST = 60_000;
const AT_ONCE = 100;

interface Keeping {
  readonly options: EdgeCentreOptions;
  readonly publicKey: string;
  readonly turn: ReturnType<typeof createTurns>;
  /** Called whenever something was written that nodes may have to be told. */
  readonly waiting: Set<() => void>;
}

/** Makes the {@link EdgeCentre}. */
export function createEdgeCentre(options: EdgeCentreOptions): EdgeCentre {
  const { store } = options;
  const publicKey = createPublicKey(readPrivateKey(options.privateKey, 'ed25519'))
    .export({ type: 'spki', format: 'pem' })
    .toString();
  const keeping: Keeping = { options, publicKey, turn: createTurns(), waiting: new Set() };
  const stop = store.onCommitted((change) => {
    if (isTold(change)) for (const wake of keeping.waiting) wake();
  });
  return {
    fingerprint: fingerprintOf(publicKey),
    sites: createSites(options),
    create: (wish, by) => create(keeping, wish, by),
    issueToken: (node, by) => issueJoinToken(options, edgeOf(keeping, node).id, by),
    async join(token, key) {
      const { participant, token: lasting } = await joinNode(options, token, key);
      const { id: node, site } = participant;
      return { node, site, installation: options.installation, token: lasting, centreKey: publicKey };
    },
    sync: (node, wish, signal) => sync(keeping, edgeOf(keeping, node), wish, signal),
    ping: async (node, timeout) => pingNode(options, edgeOf(keeping, node).id, timeout),
    changed: (signal) => nextChange(keeping, options.clock.monotonic() + LONGEST, signal).heard,
    async topicsOf(node) {
      return (await draftBundle(options, edgeOf(keeping, node))).subscribes;
    },
    merge: (node, batch) => keeping.turn(node, () => mergeBatch(options, node, batch)),
    nodes: () => Promise.all(edges(keeping).map((participant) => shown(keeping, participant))),
    node: (id) => lookAt(keeping, edgeOf(keeping, id)),
    close: stop,
  };
}

function isTold({ rows = [] }: Change): boolean {
  return rows.some(({ table }) => TOLD.has(table));
}

function edges({ options }: Keeping): readonly Participant[] {
  return options.participants
    .all()
    .filter(({ kind }) => kind === 'edge')
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** @throws fabric.participant_unknown, fabric.participant_invalid */
function edgeOf(keeping: Keeping, id: string): Participant {
  const participant = keeping.options.participants.get(id);
  if (participant?.kind === 'edge') return participant;
  if (participant) throw errors.participant_invalid({ participant: id, reason: 'it is no edge node' });
  throw unknownParticipant(
    id,
    edges(keeping).map((one) => one.id),
  );
}

async function create(
  keeping: Keeping,
  { id, title, site, trust }: Parameters<EdgeCentre['create']>[0],
  by: Actor,
): Promise<Awaited<ReturnType<EdgeCentre['create']>>> {
  const standing = edges(keeping).find((one) => one.site === site);
  if (standing && standing.id !== id) throw errors.edge_site_taken({ site, node: standing.id });
  const rights = { publish: [], subscribe: [], offer: [performService(id)], invoke: [] };
  await keeping.options.participants.create({ id, title, kind: 'edge', site, rights, trust }, by);
  return issueJoinToken(keeping.options, id, by);
}

/** Resolves when something was written that nodes may have to be told, from now on, or the time is over. */
function nextChange({ options, waiting }: Keeping, until: number, signal: AbortSignal) {
  const { clock, alone } = options;
  const left = Math.max(0, until - clock.monotonic());
  const heard = Promise.withResolvers<void>();
  const done = () => {
    waiting.delete(done);
    disarm();
    signal.removeEventListener('abort', done);
    heard.resolve();
  };
  const disarm = clock.after(alone ? left : Math.min(left, LOOK), done);
  waiting.add(done);
  signal.addEventListener('abort', done, { once: true });
  if (signal.aborted) done();
  return { heard: heard.promise, forget: done };
}

async function sync(
  keeping: Keeping,
  participant: Participant,
  { bundle, done, wait }: SyncWish,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<EdgeCentre['sync']>>> {
  const { options } = keeping;
  const known = await knownNode(options.store, participant.id);
  if (!known) throw errors.edge_unknown({ node: participant.id });
  await noteWorking(options, participant.id, bundle);
  for (const one of done) await settle(keeping, participant.id, one);
  const until = options.clock.monotonic() + wait;
  for (;;) {
    // Listened to before it is looked, so that nothing comes in between unseen.
    const change = nextChange(keeping, until, signal);
    try {
      const now = edgeOf(keeping, participant.id);
      const draft = await draftBundle(options, now);
      const number = await numberOf(options, now, draft, bundle);
      const commands = await waitingFor(keeping, now.id);
      if (number > bundle || commands.length > 0 || signal.aborted || options.clock.monotonic() >= until) {
        return {
          bundle: number > bundle ? await signedBundle(options, now, draft, number, known.key) : null,
          commands: commands.length === 0 ? null : signedCommands(keeping, now.id, commands),
        };
      }
      await change.heard;
    } finally {
      change.forget();
    }
  }
}

/** Writes down which bundle a node works by. */
async function noteWorking({ store }: EdgeCentreOptions, node: string, bundle: number): Promise<void> {
  const id = workingSetting(node);
  if ((await store.get('settings', id))?.value === bundle) return;
  await store.commit({ rows: [{ op: 'put', table: 'settings', row: { id, value: bundle, rev: 1 } }] });
}

function waitingFor({ options }: Keeping, node: string): Promise<readonly EdgeCommandRow[]> {
  return options.store.find('edge_commands', { where: { node, state: 'waiting' }, limit: AT_ONCE });
}

function signedCommands({ options }: Keeping, node: string, rows: readonly EdgeCommandRow[]): SignedText {
  const { installation, clock, privateKey } = options;
  const body = rows.map(({ id, kind, effect, reason, principal, trace, cause, hop, rev }): Json => {
    return { id, kind, effect, reason, principal, trace, cause, hop, rev };
  });
  return signMessage('commands', { installation, node, until: clock.now() + COUNTS, body }, privateKey);
}

/** Notes what became of a command; only of one that the node was given. */
async function settle({ options }: Keeping, node: string, { id, result }: SyncWish['done'][number]): Promise<void> {
  const { store, clock } = options;
  const row = await store.get('edge_commands', id);
  if (row?.node !== node || row.state === 'done') return;
  const at = clock.now();
  const after: EdgeCommandRow = { ...row, state: 'done', result, done_at: at, rev: row.rev + 1 };
  const audit = {
    ...{ at, principal: `participant:${node}`, action: 'edge.released', object: `effect:${row.effect}` },
    ...{ data: { result }, trace: row.trace },
  };
  await store.commit({ rows: [{ op: 'update', table: 'edge_commands', row: after }], audit: [audit] });
}

async function shown({ options }: Keeping, participant: Participant): Promise<EdgeNode> {
  const { store } = options;
  // As it stands now, whether the node has asked since or not.
  const draft = await draftBundle(options, participant);
  const [known, bundle, working, waiting] = await Promise.all([
    knownNode(store, participant.id),
    numberOf(options, participant, draft, 0),
    store.get('settings', workingSetting(participant.id)),
    store.count('edge_commands', { node: participant.id, state: 'waiting' }),
  ]);
  return {
    participant,
    waiting,
    joinedAt: known?.joinedAt ?? null,
    fingerprint: known ? fingerprintOf(known.key) : '',
    worksBy: typeof working?.value === 'number' ? working.value : 0,
    bundle,
  };
}

async function lookAt(keeping: Keeping, participant: Participant): Promise<Awaited<ReturnType<EdgeCentre['node']>>> {
  const { options } = keeping;
  const [basics, { connections, reactions }, commands] = await Promise.all([
    shown(keeping, participant),
    draftBundle(options, participant),
    options.store.find('edge_commands', {
      where: { node: participant.id },
      orderBy: [{ column: 'created_at', descending: true }],
      limit: AT_ONCE,
    }),
  ]);
  return {
    ...basics,
    connections: connections.map(({ id }) => id),
    reactions: reactions.map(({ id }) => id),
    commands,
  };
}
