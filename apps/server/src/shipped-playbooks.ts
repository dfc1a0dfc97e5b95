import type { PlaybookDesk } from '@counterpoint/api';
import type { Clock } from '@counterpoint/core';
import { publishPlaybook } from '@counterpoint/engine';
import type { Store } from '@counterpoint/events';
import type { Content } from './content.ts';
import { errors } from './errors.ts';

/**
 * Publishes the playbooks and reactions of the content folder that are new, or newer than the version that was published from it. A
 * playbook that a person published is left as it is, and one that is published as it stands is not checked again.
 *
 * @throws server.content_invalid
 */
export async function publishShipped(store: Store, clock: Clock, desk: PlaybookDesk, content: Content): Promise<void> {
  const shipped = await currentOfSystem(store);
  for (const [file, source] of [...content.playbooks, ...content.reactions]) {
    if (shipped.has(source)) continue;
    const { plan, findings } = await desk.check(source);
    if (!plan) {
      const first = findings.find(({ severity }) => severity === 'error');
      const reason = first ? `line ${first.position.line}: ${first.message.replace(/\.$/, '')}` : 'it cannot be read';
      throw errors.content_invalid({ file, reason });
    }
    const standing = await store.get('playbooks', plan.id);
    const version = standing && (await store.get('playbook_versions', standing.current));
    if (version && version.principal !== 'system') continue;
    await publishPlaybook(store, plan, { principal: 'system', now: clock.now() });
  }
}

/** The sources of the current versions that came from the content folder. */
async function currentOfSystem(store: Store): Promise<ReadonlySet<string>> {
  const playbooks = await store.find('playbooks', { limit: 10_000 });
  const versions = await Promise.all(playbooks.map(({ current }) => store.get('playbook_versions', current)));
  return new Set(versions.flatMap((version) => (version?.principal === 'system' ? [version.source] : [])));
}
