import { retryOnConflict } from '@counterpoint/cases';
import { hashJson, type Json } from '@counterpoint/core';
import type { ConnectionRow, Store } from '@counterpoint/events';
import type { Participant } from '../../participants/participant.ts';
import {
  type BundledConnection,
  type BundledParticipant,
  type BundledReaction,
  type EdgeBundle,
  signBundle,
} from '../bundle.ts';
import { sealForNode } from '../seal-for-node.ts';
import { secretContext } from '../secret-context.ts';
import type { SignedText } from '../signed-text.ts';
import { bundleSetting, type EdgeCentreOptions } from './centre.ts';

const MANY = 10_000;

/** What a node is to work by, before it has a number and its secrets are sealed. */
export interface Draft {
  readonly connections: readonly ConnectionRow[];
  readonly reactions: readonly BundledReaction[];
  readonly participants: readonly BundledParticipant[];
  readonly rest: Pick<EdgeBundle, 'topics' | 'capabilities' | 'policy' | 'publishers' | 'switches'>;
  /** The topics that its reactions subscribe to. */
  readonly subscribes: readonly string[];
}

type Parts = Pick<EdgeCentreOptions, 'store' | 'plans' | 'participants' | 'content'>;

async function reactionsOf({ store, plans }: Parts, site: string) {
  const rows = await store.find('playbooks', { where: { kind: 'reaction', enabled: true }, limit: MANY });
  const reactions: BundledReaction[] = [];
  const subscribes = new Set<string>();
  for (const { id } of rows) {
    // One that cannot be compiled reacts nowhere.
    const published = await plans.current(id).catch(() => undefined);
    if (published?.plan.reaction?.site !== site) continue;
    const { plan } = published;
    subscribes.add(plan.reaction?.topic ?? '');
    const permissions = [...(await published.permissions())].sort();
    reactions.push({ id, version: plan.version, source: plan.source, permissions });
  }
  return { reactions, subscribes: [...subscribes].sort() };
}

/** Participants of the site: tools that join the node where it stands. */
async function participantsOf({ store, participants }: Parts, site: string): Promise<readonly BundledParticipant[]> {
  const own = participants.all().filter((one) => one.site === site && one.kind === 'token' && one.enabled);
  return Promise.all(
    own.map(async ({ id, title, rights: { publish, subscribe }, trust }) => {
      const rows = await store.find('credentials', {
        where: { participant: id, kind: 'token', revoked_at: null },
        limit: MANY,
      });
      const tokens = rows.map(({ id: credential, hash, not_after }) => ({ id: credential, hash, not_after }));
      return { id, title, publish, subscribe, trust, tokens };
    }),
  );
}

/** Gathers what a node is to work by now. Opens no secret. */
export async function draftBundle(parts: Parts, { id, site }: Participant): Promise<Draft> {
  const { store, participants, content } = parts;
  const [connections, switches, { reactions, subscribes }, ofSite] = await Promise.all([
    store.find('connections', { where: { site: id, enabled: true }, limit: MANY }),
    store.find('switches', { where: { engaged: true }, limit: MANY }),
    reactionsOf(parts, site),
    participantsOf(parts, site),
  ]);
  const trusted = participants.all().filter(({ enabled, trust }) => enabled && trust.length > 0);
  return {
    ...{ connections, reactions, subscribes, participants: ofSite },
    rest: {
      ...content(),
      publishers: Object.fromEntries(trusted.map((one) => [one.id, one.trust])),
      switches: Object.fromEntries(switches.map((one) => [one.id, one.reason])),
    },
  };
}

/** The same for the same draft. Secrets are known by their ids: a new value has a new one. */
function hashOf({ connections, reactions, participants, rest }: Draft, { id, site }: Participant): string {
  const of = connections.map(({ updated_at: _at, created_at: _made, rev: _rev, ...row }) => row);
  return hashJson({ id, site, connections: of, reactions, participants, rest } as unknown as Json);
}

interface Numbered {
  readonly number: number;
  readonly hash: string;
}

/**
 * The number of a draft: that of the last bundle when nothing has changed since, else the next one, which is written down.
 *
 * @param held the number that the node works by: more than ours when the centre was restored from an older backup
 */
export async function numberOf(
  { store }: Pick<Parts, 'store'>,
  participant: Participant,
  draft: Draft,
  held: number,
): Promise<number> {
  return retryOnConflict(() => numberOnce(store, participant, hashOf(draft, participant), held));
}

async function numberOnce(store: Store, participant: Participant, hash: string, held: number): Promise<number> {
  const setting = bundleSetting(participant.id);
  const standing = await store.get('settings', setting);
  const before = standing?.value as unknown as Numbered | undefined;
  if (before?.hash === hash && before.number >= held) return before.number;
  const value = { number: Math.max(before?.number ?? 0, held) + 1, hash };
  const row = { id: setting, value, rev: (standing?.rev ?? 0) + 1 };
  await store.commit({ rows: [{ op: standing ? 'update' : 'insert', table: 'settings', row }] });
  return value.number;
}

/** Seals the secrets of a draft for the node, and signs the whole. @throws what opening secrets throws */
export async function signedBundle(
  options: Pick<EdgeCentreOptions, 'openSecret' | 'clock' | 'installation' | 'privateKey'>,
  { id: node, site }: Participant,
  draft: Draft,
  number: number,
  key: string,
): Promise<SignedText> {
  const { openSecret, clock, installation, privateKey } = options;
  const sealed = async ({ id, secrets }: ConnectionRow): Promise<BundledConnection['secrets']> => {
    const fields = Object.entries(secrets).map(async ([field, secret]) => {
      const context = secretContext(installation, node, id, field);
      return [field, sealForNode(key, await openSecret(secret), context)] as const;
    });
    return Object.fromEntries(await Promise.all(fields));
  };
  const connections = await Promise.all(
    draft.connections.map(async (row): Promise<BundledConnection> => {
      const { id, connector, title, config, network, allowed_hosts, simulated } = row;
      const secrets = await sealed(row);
      return { ...{ id, connector, title, network, allowed_hosts, simulated, secrets }, config: config as never };
    }),
  );
  const bundle: EdgeBundle = {
    format: 'counterpoint-edge-bundle/v1',
    ...{ installation, node, site, number, connections, ...draft.rest },
    reactions: draft.reactions,
    participants: draft.participants,
    issued_at: clock.now(),
  };
  return signBundle(bundle, privateKey);
}
