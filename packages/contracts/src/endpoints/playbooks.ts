import { z } from 'zod';
import { endpoint, json, pageOf, pageQuery, time } from '../endpoint.ts';

const finding = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  suggestion: z.string().nullable(),
  line: z.number().int(),
  column: z.number().int(),
});
const findings = z.array(finding);
const source = z.string().max(1_000_000);
const version = z.string().max(20).describe('`current`, `draft`, or the number of a version');

const draftTest = z
  .strictObject({
    name: z.string().max(200).describe('Name of the test'),
    from: source.describe('Its text before'),
    to: source.describe('Its text afterwards'),
    shipped: source.nullable().describe('The text that came with the playbook, where no other one was stored before'),
  })
  .describe('What a rename in a draft made of a test');

const draft = z.object({
  playbook: z.string(),
  source: z.string(),
  rev: z.number().int(),
  tests: z
    .array(draftTest)
    .describe(
      'What it changed in stored tests, in order: whoever discards it can take that back; publishing lets it stay',
    ),
  base: z.string().describe('Version that it began from; empty for a new playbook'),
  base_is_current: z.boolean(),
  principal: z.string(),
  updated_at: time,
  findings,
});

const versionInfo = z.object({
  playbook: z.string(),
  number: z.number().int(),
  id: z.string().describe('SHA-256 of playbook id and source'),
  published_at: time,
  principal: z.string().describe('Who published it first; it acts with their rights'),
  current: z.boolean(),
});

const stepError = z.object({ code: z.string(), name: z.string(), message: z.string(), step: z.string() }).nullable();
const observedStep = z.object({ address: z.string(), status: z.string(), error: stepError });

const staged = z.strictObject({
  topic: z.string(),
  data: json.default({}),
  after_ms: z.number().int().min(0).default(0).describe('Milliseconds after the start of the run'),
});

const dryCall = z.object({
  kind: z.enum(['action', 'playbook']),
  address: z.string(),
  name: z.string().describe('`alias.action`, or the id of a playbook'),
  connector: z.string(),
  action: z.string(),
  effect: z.string().nullable(),
  target: z.string().describe('What it would act on, as `<type>:<value>`; empty where nothing says so'),
  with: json,
  lease_ms: z.number().nullable(),
  guard: z.object({ outcome: z.string(), rule: z.string(), reasons: z.array(z.string()) }).nullable(),
  answer: z
    .enum(['product', 'recording', 'example', 'refused', 'none'])
    .describe('Where the answer comes from: asked for real, the last receipt in the ledger, or made from the schema'),
  output: json,
  error: stepError,
});

const agreement = z.object({ agrees: z.number().int(), differs: z.number().int() });

const comparedCall = z.object({
  address: z.string(),
  name: z.string(),
  effect: z.string().nullable(),
  with: json,
});

const comparison = z.object({
  run: z.string().describe('Run id; empty for an alert that started none'),
  alert: z.string(),
  at: time,
  verdict: z.string().describe('What analysts say of the alert or its case; `unknown` when nothing'),
  before: z.object({ status: z.string(), contained: z.boolean() }),
  after: z.object({ status: z.string(), contained: z.boolean() }),
  first: z
    .object({ step: z.string(), before: z.string(), after: z.string() })
    .nullable()
    .describe('The first step that goes another way'),
  differences: z.array(z.object({ about: z.string(), before: z.string(), after: z.string() })),
  new_calls: z.array(comparedCall),
  dropped_calls: z.array(comparedCall),
  simulated: z.array(z.string()).describe('Addresses of steps that the recording has no answer for'),
});

/** Trying playbooks before they are published, and their versions. */
export const playbookEndpoints = {
  dryRunPlaybook: endpoint({
    method: 'POST',
    path: '/playbooks/:id/dry-run',
    summary: 'What a playbook would do: nothing is changed, actions that read ask the products',
    tag: 'playbooks',
    permission: 'playbook:run',
    body: z.strictObject({
      source: source.optional().describe('What to try instead of a stored version'),
      version: version.default('current'),
      event: json.optional().describe('What the trigger hands over'),
      alert: z.string().optional().describe('Id of an alert whose event it gets'),
      run: z.string().optional().describe('Id of a run whose event and inputs it gets'),
      inputs: z.record(z.string(), json).default({}),
      trigger: z
        .string()
        .optional()
        .describe('Id of the trigger that the event meets; default: the first that it does'),
      people: z.enum(['approve', 'deny', 'time_out']).default('approve').describe('What people are taken to say'),
      reads: z.enum(['real', 'simulated']).default('real'),
      events: z.array(staged).max(100).default([]).describe('What comes while it waits'),
    }),
    response: z.object({
      playbook: z.string(),
      version: z.string(),
      status: z.string(),
      error: stepError,
      outputs: json,
      steps: z.array(observedStep),
      calls: z.array(dryCall),
      questions: z.array(
        z.object({ address: z.string(), kind: z.string(), text: z.string(), covers: json, answer: z.string() }),
      ),
      published: z.array(z.object({ topic: z.string(), data: json })),
      undone: z.array(z.string()),
      findings,
    }),
  }),
  backtestPlaybook: endpoint({
    method: 'POST',
    path: '/playbooks/:id/backtest',
    summary: 'How another version would have decided what was recorded; nothing is sent anywhere',
    tag: 'playbooks',
    permission: 'run:read',
    body: z.strictObject({
      source: source.optional().describe('What to try instead of a stored version'),
      version: version.default('draft'),
      since: time.optional().describe('Only runs and alerts from this moment on'),
      limit: z.number().int().min(1).max(5_000).default(500),
      alerts: z.boolean().default(true).describe('Also alerts that started no run of this playbook'),
    }),
    response: z.object({
      playbook: z.string(),
      version: z.string(),
      compared: z.number().int(),
      same: z.number().int(),
      different: z.number().int(),
      skipped: z.array(z.object({ run: z.string(), reason: z.string() })),
      simulated: z.number().int().describe('Runs in which at least one answer had to be simulated'),
      verdicts: z.object({ before: agreement, after: agreement, without: z.number().int() }),
      runs: z.array(comparison).describe('Those that differ'),
      findings,
    }),
  }),
  getDraft: endpoint({
    method: 'GET',
    path: '/playbooks/:id/draft',
    summary: 'The draft of a playbook, with what is wrong with it',
    tag: 'playbooks',
    permission: 'playbook:read',
    response: draft,
  }),
  saveDraft: endpoint({
    method: 'PUT',
    path: '/playbooks/:id/draft',
    summary:
      'Save a draft; refused when somebody else saved another one meanwhile: `details` of the problem has `rev`, `source`, `principal` and `updated_at` of theirs, for `mergePlaybook`',
    tag: 'playbooks',
    permission: 'playbook:publish',
    body: z.strictObject({
      source,
      rev: z.number().int().min(0).default(0).describe('Revision that was read last; 0 when there was no draft'),
      tests: z
        .array(draftTest)
        .max(200)
        .optional()
        .describe('What it changed in stored tests until now; default: as the draft that stands says'),
    }),
    response: draft,
  }),
  discardDraft: endpoint({
    method: 'DELETE',
    path: '/playbooks/:id/draft',
    summary: 'Throw a draft away',
    tag: 'playbooks',
    permission: 'playbook:publish',
    query: z.strictObject({ rev: z.coerce.number().int().min(0).default(0).describe('Revision that was read last') }),
    response: z.object({ playbook: z.string() }),
  }),
  publishDraft: endpoint({
    method: 'POST',
    path: '/playbooks/:id/draft/publish',
    summary: 'Publish a draft; a finding of severity error refuses it',
    tag: 'playbooks',
    permission: 'playbook:publish',
    body: z.strictObject({
      rev: z.number().int().min(1).describe('Revision that was read last'),
      force: z.boolean().default(false).describe('Also when another version was published since the draft was begun'),
    }),
    response: z.object({ version: versionInfo, findings }),
    status: 201,
  }),
  listVersions: endpoint({
    method: 'GET',
    path: '/playbooks/:id/versions',
    summary: 'List the published versions of a playbook, newest first',
    tag: 'playbooks',
    permission: 'playbook:read',
    query: pageQuery,
    response: pageOf(versionInfo),
  }),
  getVersion: endpoint({
    method: 'GET',
    path: '/playbooks/:id/versions/:number',
    summary: 'One published version with its source',
    tag: 'playbooks',
    permission: 'playbook:read',
    response: versionInfo.extend({ source: z.string() }),
  }),
  rollBackPlaybook: endpoint({
    method: 'POST',
    path: '/playbooks/:id/rollback',
    summary: 'Make an earlier version the current one again; runs under way keep theirs',
    tag: 'playbooks',
    permission: 'playbook:publish',
    body: z.strictObject({
      to: z.number().int().min(1).optional().describe('Number of the version; default: the one before the current'),
    }),
    response: z.object({ from: z.number().int(), version: versionInfo }),
  }),
  diffPlaybook: endpoint({
    method: 'GET',
    path: '/playbooks/:id/diff',
    summary: 'What differs between two versions of a playbook, what matters for safety first',
    tag: 'playbooks',
    permission: 'playbook:read',
    query: z.strictObject({ from: version.default('current'), to: version.default('draft') }),
    response: z.object({
      from: z.string(),
      to: z.string(),
      changes: z.array(
        z.object({
          safety: z.boolean(),
          kind: z.string(),
          about: z.string(),
          from: json,
          to: json,
          text: z.string(),
        }),
      ),
      text: z.string().describe('Unified diff of the sources'),
    }),
  }),
};
