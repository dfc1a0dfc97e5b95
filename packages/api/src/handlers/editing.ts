import type { EditingEndpointName } from '@counterpoint/contracts';
import { engineErrors, renameInTest } from '@counterpoint/engine';
import type { Store } from '@counterpoint/events';
import {
  compilePlaybook,
  completePlaybook,
  editPlaybook,
  mergeTexts,
  outlineDocument,
  type PlaybookEdit,
} from '@counterpoint/playbook';
import type { Handlers } from '../handler-types.ts';
import { outlineView } from '../outline-view.ts';
import type { PlaybookDesk } from '../playbook-desk.ts';
import { readSource } from './playbook-source.ts';

/** What the handlers of the editor need. */
export interface EditingServices {
  readonly store: Store;
  readonly desk: PlaybookDesk;
}

type Names =
  | 'outlinePlaybook'
  | 'outlineVersion'
  | 'editPlaybook'
  | 'completePlaybook'
  | 'mergePlaybook'
  | 'listDrafts';
type Group = Pick<Handlers<EditingEndpointName>, Names>;

const VERSION_ID = /^[0-9a-f]{64}$/;

/** Drafts that are listed; an installation has a few. */
const MOST_DRAFTS = 500;

/** The source of `current`, `draft`, a number, or the id of a version. @throws what {@link readSource} throws */
async function sourceOf(store: Store, playbook: string, version: string): Promise<string> {
  if (!VERSION_ID.test(version)) return (await readSource(store, playbook, version)).source;
  const row = await store.get('playbook_versions', version);
  if (row?.playbook !== playbook) throw engineErrors.version_unknown({ version });
  return row.source;
}

async function outlineOf({ desk }: EditingServices, source: string, check: boolean) {
  if (!check) return outlineView(outlineDocument(source, await desk.world()), compilePlaybook(source).findings);
  const { outline, findings } = await desk.check(source);
  return outlineView(outline, findings);
}

/** The tests that a rename follows into, and what changes in them. */
function testChanges(edit: PlaybookEdit, tests: readonly { name: string; source: string }[]) {
  if (edit.op !== 'rename') return [];
  const own = edit.address.slice(edit.address.lastIndexOf('.') + 1).replace(/@\d+$/, '');
  return tests
    .map(({ name, source: text }) => ({ name, changes: [...renameInTest(text, own, edit.name)] }))
    .filter(({ changes }) => changes.length > 0);
}

async function draftList(store: Store) {
  const drafts = await store.find('drafts', {
    orderBy: [{ column: 'updated_at', descending: true }],
    limit: MOST_DRAFTS,
  });
  const ids = drafts.map(({ id }) => id);
  const rows = ids.length === 0 ? [] : await store.find('playbooks', { where: { id: { in: ids } }, limit: ids.length });
  const published = new Set(rows.map(({ id }) => id));
  return drafts.map(({ id, source, rev, principal, updated_at }) => {
    const { title, kind } = outlineDocument(source);
    return { playbook: id, title, kind, published: published.has(id), rev, principal, updated_at };
  });
}

/** Performs what the editor of playbooks asks; nothing of it is stored. */
export function editingHandlers(services: EditingServices): Group {
  const { store, desk } = services;
  return {
    outlinePlaybook: ({ body }) => outlineOf(services, body.source, body.check),
    async outlineVersion({ params }) {
      const version = params.version ?? '';
      const source = await sourceOf(store, params.id ?? '', version);
      return { ...(await outlineOf(services, source, true)), version, source };
    },
    async editPlaybook({ body: { source, edit, tests } }) {
      const { changes, select, remarks } = editPlaybook(source, edit, await desk.world());
      const rest = { select: select ?? null, remarks: [...remarks] };
      return { changes: [...changes], ...rest, tests: testChanges(edit, tests) };
    },
    async completePlaybook({ body: { source, offset } }) {
      const { from, to, options } = completePlaybook(source, offset, await desk.world());
      return { from, to, options: options.map((option) => ({ ...option, also: [...option.also] })) };
    },
    async mergePlaybook({ body: { base, mine, theirs } }) {
      const { text, conflicts } = mergeTexts(base, mine, theirs);
      return { merged: text, conflicts: [...conflicts] };
    },
    listDrafts: async () => ({ items: await draftList(store) }),
  };
}
