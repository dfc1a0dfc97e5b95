import { z } from 'zod';
import { endpoint, json, time } from '../endpoint.ts';
import { outline, outlineFinding } from './editing-outline.ts';

const source = z.string().max(1_000_000).describe('The text of a playbook or reaction; it may be faulty');
const offset = z.number().int().min(0);
const address = z.string().max(1_000);

/** Where a step is put: into which list, before which of its steps. */
const place = z.strictObject({
  step: address.describe('Address of the step whose list it is; empty: a list of the document itself'),
  slot: z.string().max(200).describe('`name` of a slot in the outline, also of one that is not written yet'),
  index: z.number().int().min(0).describe('Before which step of the list; past the end: behind the last one'),
});

/** What a new step begins as. The checker points at what is still to be filled in. */
const newStep = z.strictObject({
  kind: z.string().describe('A verb of the language, such as `action`, `if` or `wait`'),
  name: z.string().max(64).optional().describe('Id of the step; default: a free one made from what it does'),
  connector: z
    .string()
    .optional()
    .describe('Of an action: id of its connector; `uses` gets an alias for it where there is none'),
  capability: z
    .string()
    .optional()
    .describe('Of an action, instead of a connector: `uses` gets an alias for the capability'),
  action: z.string().optional().describe('Of an action: its name; of `call`: id of the playbook'),
});

const wrapping = z.enum(['if', 'foreach', 'while', 'parallel', 'try']);

/** One structural edit. */
const edit = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('add'), at: place, step: newStep }),
  z.strictObject({ op: z.literal('delete'), addresses: z.array(address).min(1).max(500) }),
  z.strictObject({ op: z.literal('move'), address, to: place.describe('As the lists are before the move') }),
  z.strictObject({
    op: z.literal('rename'),
    address,
    name: z.string().max(64).describe('The new id; every reference in the text follows'),
  }),
  z.strictObject({
    op: z.literal('wrap'),
    addresses: z.array(address).min(1).max(500).describe('Steps that stand one behind the other in one list'),
    in: wrapping,
    name: z.string().max(64).optional().describe('Id of the block; default: a free one'),
  }),
  z.strictObject({ op: z.literal('duplicate'), address }),
  z.strictObject({ op: z.literal('set_title'), title: z.string().min(1).max(200) }),
]);

/** Replace `from` to `to` by `insert`; offsets count UTF-16 units of the text that was sent. */
const change = z.object({ from: offset, to: offset, insert: z.string() });

const optionKind = z.enum([
  'key',
  'step',
  'action',
  'capability',
  'connector',
  'connection',
  'input',
  'value',
  'topic',
  'table',
  'playbook',
  'reference',
  'field',
  'function',
]);

const testName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/)
  .describe('Lower-case letters, digits, `_` and `-`');

const playbookTest = z.object({
  playbook: z.string(),
  name: testName.describe('The id of the playbook is the name of the file that came with it'),
  origin: z.enum(['content', 'stored']).describe('`content`: the file that came with the playbook; it is not changed'),
  replaces_content: z.boolean().describe('Stored under the name of the file of the content, and used instead of it'),
  source: z.string(),
  rev: z.number().int().describe('To be named when it is saved or deleted; 0 for one of the content'),
  principal: z.string().describe('Who saved it last; empty for one of the content'),
  updated_at: time.nullable(),
  cases: z.array(z.object({ name: z.string(), from: offset, to: offset, line: z.number().int() })),
  findings: z.array(outlineFinding).describe('`step` is always null: they are about the test'),
});

const stepError = z.object({ code: z.string(), name: z.string(), message: z.string(), step: z.string() }).nullable();

const caseResult = z.object({
  file: z.string().describe('Name of the test, as in `tests` or in the list'),
  name: z.string(),
  from: offset,
  to: offset,
  line: z.number().int(),
  passed: z.boolean(),
  millis: z.number(),
  problems: z
    .array(z.string())
    .describe(
      'What makes it fail whatever it expects, such as an action without an answer, or that all of them took over 20 seconds',
    ),
  differences: z.array(
    z.object({
      about: z.string(),
      expected: z.string(),
      actual: z.string(),
      from: offset,
      to: offset,
      line: z.number().int(),
      column: z.number().int(),
    }),
  ),
  status: z.string(),
  error: stepError,
  outputs: json,
  steps: z
    .array(z.object({ address: z.string(), status: z.string(), error: stepError }))
    .describe('Those that began, in order; addresses have indices of rounds, as those of runs (`each[0].block`)'),
  calls: z.array(z.object({ kind: z.string(), address: z.string(), name: z.string(), with: json })),
});

/** Editing playbooks as text: the outline that canvases draw, edits as splices, completion, merging, tests. */
export const editingEndpoints = {
  outlinePlaybook: endpoint({
    method: 'POST',
    path: '/playbooks/outline',
    summary: 'The structure of a playbook or reaction with the place of everything in its text, also of a faulty one',
    tag: 'playbooks',
    permission: 'playbook:read',
    body: z.strictObject({
      source,
      check: z
        .boolean()
        .default(true)
        .describe(
          'Whether findings are those of the whole check; else only what the text alone tells, at half the time',
        ),
    }),
    response: outline,
  }),
  outlineVersion: endpoint({
    method: 'GET',
    path: '/playbooks/:id/versions/:version/outline',
    summary: 'The outline of a stored version: `current`, `draft`, a number, or the id that runs name as their version',
    tag: 'playbooks',
    permission: 'playbook:read',
    response: outline.extend({ version: z.string().describe('As asked for'), source: z.string() }),
  }),
  editPlaybook: endpoint({
    method: 'POST',
    path: '/playbooks/edit',
    summary: 'What a structural edit changes in a text; lines it does not concern stay byte for byte',
    tag: 'playbooks',
    permission: 'playbook:read',
    body: z.strictObject({
      source,
      edit,
      tests: z
        .array(z.strictObject({ name: z.string().max(200), source: z.string().max(1_000_000) }))
        .max(50)
        .default([])
        .describe('Tests of the playbook; `rename` follows into them'),
    }),
    response: z.object({
      changes: z
        .array(change)
        .describe('In the order of the text, none over another; all offsets are those of the text that was sent'),
      select: address.nullable().describe('The step to select afterwards'),
      remarks: z
        .array(z.string())
        .describe('Sentences for people: what it did beyond what was asked, such as opening brackets around a step'),
      tests: z.array(z.object({ name: z.string(), changes: z.array(change) })).describe('Only those that change'),
    }),
  }),
  completePlaybook: endpoint({
    method: 'POST',
    path: '/playbooks/complete',
    summary: 'What can be written at a place of a text, which may be broken there',
    tag: 'playbooks',
    permission: 'playbook:read',
    body: z.strictObject({ source, offset: offset.describe('Where the cursor is') }),
    response: z.object({
      from: offset.describe('An option replaces the text from here'),
      to: offset.describe('to here; the cursor is in between'),
      options: z.array(
        z.object({
          label: z.string(),
          insert: z.string().describe('What is written; lines after the first are indented for this place'),
          kind: optionKind,
          detail: z.string().describe('A few words: a type, a signature, `required`; may be empty'),
          doc: z.string().describe('A sentence or two; may be empty'),
          also: z
            .array(change)
            .describe(
              'What else changes when it is taken: an action of a connector that `uses` does not have yet puts it there. Offsets are those of the text that was sent',
            ),
        }),
      ),
    }),
  }),
  mergePlaybook: endpoint({
    method: 'POST',
    path: '/playbooks/merge',
    summary: 'Bring two changes of one text together, line by line',
    tag: 'playbooks',
    permission: 'playbook:read',
    body: z.strictObject({
      base: source.describe('What both began from'),
      mine: source,
      theirs: source,
    }),
    response: z.object({
      merged: z.string().describe('Both changes; where they collide, the text of `mine`'),
      conflicts: z.array(
        z.object({
          from: offset.describe('Offsets in `merged`: there stands `mine`'),
          to: offset,
          base: z.string(),
          mine: z.string(),
          theirs: z.string(),
        }),
      ),
    }),
  }),
  listDrafts: endpoint({
    method: 'GET',
    path: '/drafts',
    summary: 'Drafts of playbooks and reactions, last saved first, those never published among them',
    tag: 'playbooks',
    permission: 'playbook:read',
    response: z.object({
      items: z.array(
        z.object({
          playbook: z.string(),
          title: z.string().describe('As the draft says; empty when it says none'),
          kind: z.enum(['playbook', 'reaction']),
          published: z.boolean().describe('Whether a version of it was ever published'),
          rev: z.number().int(),
          principal: z.string(),
          updated_at: time,
        }),
      ),
    }),
  }),
  listPlaybookTests: endpoint({
    method: 'GET',
    path: '/playbooks/:id/tests',
    summary: 'The tests of a playbook or reaction: the file that came with it, and those stored here',
    tag: 'playbooks',
    permission: 'playbook:read',
    response: z.object({ items: z.array(playbookTest) }),
  }),
  savePlaybookTest: endpoint({
    method: 'PUT',
    path: '/playbooks/:id/tests/:name',
    summary: 'Save a test of a playbook, also one with findings; refused when somebody else changed it meanwhile',
    tag: 'playbooks',
    permission: 'playbook:publish',
    body: z.strictObject({
      source,
      rev: z.number().int().min(0).default(0).describe('Revision that was read last; 0 for a new one'),
    }),
    response: playbookTest,
  }),
  deletePlaybookTest: endpoint({
    method: 'DELETE',
    path: '/playbooks/:id/tests/:name',
    summary: 'Delete a stored test; the file of the content of that name counts again',
    tag: 'playbooks',
    permission: 'playbook:publish',
    query: z.strictObject({ rev: z.coerce.number().int().min(0).default(0).describe('Revision that was read last') }),
    response: z.object({ playbook: z.string(), name: z.string() }),
  }),
  runPlaybookTests: endpoint({
    method: 'POST',
    path: '/playbooks/:id/tests/run',
    summary: 'Run the tests of a playbook: actions answer as the tests say, nothing leaves the server',
    tag: 'playbooks',
    permission: 'playbook:read',
    body: z.strictObject({
      source: source.optional().describe('What to test; default: the draft, or the current version without one'),
      tests: z
        .array(z.strictObject({ name: z.string().max(200), source: z.string().max(1_000_000) }))
        .min(1)
        .max(50)
        .optional()
        .describe('Tests to run instead of all that the list has'),
    }),
    response: z.object({
      playbook: z.string(),
      passed: z.number().int(),
      failed: z.number().int(),
      cases: z.array(caseResult),
      findings: z.array(outlineFinding).describe('Of the playbook; with an error among them nothing was run'),
      files: z
        .array(z.object({ name: z.string(), findings: z.array(outlineFinding) }))
        .describe('Findings of tests; one with an error was not run'),
    }),
  }),
};
