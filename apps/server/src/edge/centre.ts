import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSigningKey } from '@counterpoint/audit';
import { type Json, newTraceId } from '@counterpoint/core';
import { createEventCheck } from '@counterpoint/engine';
import { createEdgeCentre, type EdgeCentre } from '@counterpoint/fabric';
import type { Automation } from '../automation.ts';
import type { Content } from '../content.ts';
import type { FabricMembers } from '../fabric/participants.ts';
import type { Foundations } from '../foundations.ts';
import { rolesOf } from '../roles.ts';

const SETTING = 'edge.signing_key';

/** What the centre of edge nodes is put together from. */
export interface EdgeCentreParts {
  readonly foundations: Foundations;
  readonly content: Content;
  readonly automation: Automation;
  readonly members: Pick<FabricMembers, 'participants' | 'services'>;
}

/** Opens the centre of edge nodes, whose signing key is made on the first start and kept in the vault. */
export async function openEdgeCentre(parts: EdgeCentreParts): Promise<EdgeCentre> {
  const { foundations, content, automation, members } = parts;
  const { store, clock, vault, config, installation } = foundations;
  const read = (pattern: string) => documents(content.folder, pattern);
  const documentsOfContent = { topics: read('topics/*.json'), capabilities: read('capabilities/*.json') };
  const centre = createEdgeCentre({
    ...{ store, clock, installation },
    alone: rolesOf(config).alone,
    privateKey: await signingKey(foundations),
    participants: members.participants,
    services: members.services,
    plans: automation.plans,
    openSecret: (id) => vault.open(id, { purpose: 'gateway' }),
    titleOf: (connector) => automation.context.connectors.get(connector)?.manifest.title ?? connector,
    content: () => ({ ...documentsOfContent, policy: readFileSync(config['policy.file'] || content.policy, 'utf8') }),
    checkEvent: createEventCheck(content.topics),
  });
  automation.reachSites(centre.sites);
  return centre;
}

function documents(folder: string, pattern: string): readonly Json[] {
  const files = globSync(pattern, { cwd: folder }).sort();
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json);
}

async function signingKey({ store, vault }: Foundations): Promise<string> {
  const standing = await store.get('settings', SETTING);
  if (typeof standing?.value === 'string') return vault.open(standing.value, { purpose: 'gateway' });
  const pem = newSigningKey();
  const sealed = vault.seal('Signing key for edge nodes', pem, { principal: 'system', trace: newTraceId() });
  const row = { id: SETTING, value: sealed.id, rev: 1 };
  await store.commit({
    ...sealed.change,
    rows: [...(sealed.change.rows ?? []), { op: 'insert', table: 'settings', row }],
  });
  return pem;
}
