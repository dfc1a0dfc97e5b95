import { type Endpoint, type EndpointName, endpoints } from '@counterpoint/contracts';
import { PERMISSIONS, type Permission, ROLES, type Role } from '@counterpoint/identity';
import { createMemoryStore } from '@counterpoint/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pathOf, type Surface, startSurface } from './testing/surface.ts';

let surface: Surface;
beforeAll(async () => {
  surface = await startSurface(createMemoryStore());
});
afterAll(() => surface.close());

/** A body that each operation takes, so that whoever is let in comes as far as its handler. */
const BODIES: Partial<Record<EndpointName, unknown>> = {
  createToken: { title: 'x', permissions: ['alert:read'] },
  setSwitch: { engaged: true, reason: 'x' },
  updateAlert: {},
  addNote: { text: 'x' },
  updateCase: {},
  validatePlaybook: { source: '' },
  publishPlaybook: { source: '' },
  enablePlaybook: { enabled: false },
  startRun: {},
  cancelRun: {},
  thawRestore: { reason: 'x' },
  pauseRun: { reason: 'x' },
  resumeRun: { reason: 'x' },
  retryStep: { address: 'x', reason: 'x' },
  skipStep: { address: 'x', reason: 'x' },
  rerunRun: { reason: 'x' },
  retryRunFrom: { address: 'x', reason: 'x' },
  replayRuns: { reason: 'x' },
  migrateRun: { reason: 'x' },
  migrateRuns: { reason: 'x' },
  resolveStep: { address: 'x', happened: true },
  undoEffect: { reason: 'x' },
  undoEffects: { run: 'x', reason: 'x' },
  extendEffect: { for: '1h', reason: 'x' },
  verifyEffects: { effects: ['x'] },
  resolveEffect: { happened: true, reason: 'x' },
  performAction: { connector: 'x', action: 'x' },
  explainGuard: { connector: 'x', action: 'x' },
  retract: { reason: 'x' },
  whatIf: { topic: 'a.v1', data: {} },
  rewindConsumer: { after: 0, reason: 'x' },
  redeliverDead: { reason: 'x' },
  redeliverAllDead: { reason: 'x' },
  discardDead: { reason: 'x' },
  decideStorm: { decision: 'release' },
  approveInboxItem: { covers_hash: 'x' },
  denyInboxItem: {},
  answerInboxItem: {},
  delegateInboxItem: { to: 'x' },
  createEdgeNode: { id: 'x', site: 'x' },
  createConnection: { id: 'x', connector: 'x', title: 'x' },
  createParticipant: { id: 'x', title: 'x' },
  updateParticipant: {},
  issueDxlCertificate: { csr: 'x' },
  createParticipantToken: { title: 'x' },
  invokeService: { service: 'x.y' },
  updateConnection: {},
  createSource: { id: 'x', title: 'x', normalizer: 'x' },
  updateSource: {},
  dryRunPlaybook: {},
  backtestPlaybook: {},
  saveDraft: { source: '' },
  outlinePlaybook: { source: '' },
  editPlaybook: { source: '', edit: { op: 'set_title', title: 'x' } },
  completePlaybook: { source: '', offset: 0 },
  mergePlaybook: { base: '', mine: '', theirs: '' },
  savePlaybookTest: { source: '' },
  runPlaybookTests: {},
  setPassword: { password: 'x' },
  publishDraft: { rev: 1 },
  rollBackPlaybook: {},
  tryIngest: { text: '{}' },
  updateAlerts: { ids: ['x'], status: 'new' },
  createCase: { title: 'x' },
  checkConnection: { connector: 'x' },
  tryConnection: { connector: 'x' },
  playStory: {},
};

/** What an operation must be asked with, for the same reason. */
const QUERIES: Partial<Record<EndpointName, string>> = {
  listRecentEvents: '?topic=a.v1',
  search: '?q=x',
  compareRuns: '?a=x&b=y',
};

const guarded = (Object.entries(endpoints) as [EndpointName, Endpoint][]).filter(
  ([, { permission }]) => permission !== 'anonymous',
);

async function call(name: EndpointName, definition: Endpoint, token: string) {
  surface.reached.length = 0;
  const body = BODIES[name];
  const answer = await surface.send({
    method: definition.method,
    path: `${pathOf(definition)}${QUERIES[name] ?? ''}`,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: answer.text, reached: surface.reached.includes(name) };
}

function mayCall(permissions: ReadonlySet<Permission>, { permission }: Endpoint): boolean {
  return permission.startsWith('self:') || permissions.has(permission as Permission);
}

describe.each(Object.keys(ROLES) as Role[])('the role %s', (role) => {
  it('is let through exactly where it has the permission', async () => {
    const permissions: ReadonlySet<Permission> = ROLES[role];
    const token = await surface.tokenWith(permissions);
    for (const [name, definition] of guarded) {
      const { status, reached, text } = await call(name, definition, token);
      const expected = mayCall(permissions, definition)
        ? { reached: true, status: 404 }
        : { reached: false, status: 403 };
      expect({ reached, status }, `${name}: ${text}`).toEqual(expected);
      if (status === 403) expect(JSON.parse(text).code).toBe('identity.forbidden');
    }
  });
});

describe('a token with a single permission', () => {
  it('opens the routes of that permission and no others', async () => {
    for (const permission of Object.keys(PERMISSIONS) as Permission[]) {
      const token = await surface.tokenWith([permission]);
      for (const [name, definition] of guarded) {
        const { status } = await call(name, definition, token);
        const allowed = mayCall(new Set([permission]), definition);
        expect(status === 403, `${permission} on ${name}: ${status}`).toBe(!allowed);
      }
    }
  });
});
