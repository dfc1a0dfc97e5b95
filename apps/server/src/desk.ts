import type { CheckedSource, PlaybookDesk } from '@counterpoint/api';
import type { ConnectorManifest } from '@counterpoint/connector-kit';
import type { Store } from '@counterpoint/events';
import { type Catalogue, checkPlaybook, compilePlaybook, type PlaybookSignature } from '@counterpoint/playbook';
import type { Content } from './content.ts';

/** Everything a playbook is checked against, apart from an installation. */
export function offlineCatalogue(
  content: Pick<Content, 'topics' | 'capabilities'>,
  manifests: ReadonlyMap<string, ConnectorManifest>,
  playbooks: ReadonlyMap<string, PlaybookSignature>,
): Catalogue {
  const { topics, capabilities } = content;
  return { connectors: manifests, capabilities, topics, playbooks, connections: undefined };
}

/**
 * The signatures of playbooks that may call each other: checked again and again, as long as one more becomes known.
 * A playbook with errors has no signature.
 */
export function signaturesOf(
  sources: Iterable<string>,
  catalogueWith: (known: ReadonlyMap<string, PlaybookSignature>) => Catalogue,
): ReadonlyMap<string, PlaybookSignature> {
  const known = new Map<string, PlaybookSignature>();
  let waiting = [...sources];
  for (;;) {
    const left = waiting.filter((source) => {
      const { plan, signature } = checkPlaybook(source, catalogueWith(known));
      if (plan && signature) known.set(plan.id, signature);
      return !signature;
    });
    if (left.length === waiting.length) return known;
    waiting = left;
  }
}

/** Checks playbooks against this server's connectors, connections, topics and published playbooks. */
export function createDesk(
  store: Store,
  content: Content,
  manifests: ReadonlyMap<string, ConnectorManifest>,
): PlaybookDesk {
  const catalogue = async (): Promise<Catalogue> => {
    const [connections, published] = await Promise.all([
      store.find('connections', { limit: 10_000 }),
      store.find('playbooks', { where: { enabled: true }, limit: 10_000 }),
    ]);
    const versions = await Promise.all(published.map(({ current }) => store.get('playbook_versions', current)));
    const known = new Map(connections.map(({ id, connector }) => [id, { connector }]));
    const withPlaybooks = (playbooks: ReadonlyMap<string, PlaybookSignature>): Catalogue => ({
      ...offlineCatalogue(content, manifests, playbooks),
      connections: known,
    });
    return withPlaybooks(
      signaturesOf(
        versions.flatMap((version) => version?.source ?? []),
        withPlaybooks,
      ),
    );
  };
  return {
    async check(source): Promise<CheckedSource> {
      const { plan, findings } = checkPlaybook(source, await catalogue());
      const ok = findings.every(({ severity }) => severity !== 'error');
      return { plan: ok ? plan : undefined, id: plan?.id ?? compilePlaybook(source).plan?.id, findings };
    },
  };
}
