import { actionsErrors, guardErrors } from '@counterpoint/actions';
import type { CheckedSource, PlaybookDesk } from '@counterpoint/api';
import { casesErrors } from '@counterpoint/cases';
import { type ConnectorManifest, connectorErrors } from '@counterpoint/connector-kit';
import { engineErrors } from '@counterpoint/engine';
import type { Store } from '@counterpoint/events';
import { expressionErrors } from '@counterpoint/expressions';
import { type Catalogue, checkPlaybook, checkPlaybooks, outlineDocument } from '@counterpoint/playbook';
import type { Content } from './content.ts';

/** The names by which `retry.on` and `catch` know the errors that a step can end with. */
const errorNames: ReadonlySet<string> = new Set(
  [connectorErrors, actionsErrors, guardErrors, casesErrors, expressionErrors, engineErrors]
    .flatMap(({ specs }) => Object.keys(specs))
    .map((code) => code.slice(code.indexOf('.') + 1)),
);

/** Everything that playbooks are checked against apart from an installation. */
export function offlineCatalogue(
  { topics, capabilities, tables, calendars }: Pick<Content, 'topics' | 'capabilities' | 'tables' | 'calendars'>,
  connectors: ReadonlyMap<string, ConnectorManifest>,
): Catalogue {
  return {
    connectors,
    capabilities,
    topics,
    tables,
    calendars,
    playbooks: new Map(),
    connections: undefined,
    errorNames,
  };
}

/** Checks playbooks against this server's connectors, connections, topics and published playbooks. */
export function createDesk(
  store: Store,
  content: Content,
  manifests: ReadonlyMap<string, ConnectorManifest>,
): PlaybookDesk {
  const offline = offlineCatalogue(content, manifests);
  const signatures = createSignatures(store, offline);

  const world = async (): Promise<Catalogue> => {
    const rows = await store.find('connections', { limit: 10_000 });
    const connections = new Map(rows.map(({ id, connector }) => [id, { connector }]));
    return { ...offline, connections, playbooks: await signatures(connections) };
  };

  return {
    catalogue: offline,
    world,
    async check(source): Promise<CheckedSource> {
      const now = await world();
      const outline = outlineDocument(source, now);
      const { plan, findings } = checkPlaybook(source, now);
      return { plan, id: outline.id === '' ? undefined : outline.id, findings, outline };
    },
  };
}

type Connections = NonNullable<Catalogue['connections']>;
type Signatures = Catalogue['playbooks'];

/** How the published playbooks are called. All of them are checked for that, so it is kept as long as nothing changes. */
function createSignatures(store: Store, offline: Catalogue): (connections: Connections) => Promise<Signatures> {
  let seen: readonly unknown[] = [];
  let kept: Signatures = new Map();
  return async (connections) => {
    const rows = await store.find('playbooks', { where: { enabled: true }, limit: 10_000 });
    const versions = rows.map(({ current }) => current).sort();
    const now = [
      ...versions,
      ...[...connections].map(([id, { connector }]) => `${id} ${connector}`),
      ...offline.connectors.values(),
    ];
    if (now.length === seen.length && now.every((one, index) => one === seen[index])) return kept;
    const texts = new Map<string, string>();
    for (const { id, current } of rows) {
      const version = await store.get('playbook_versions', current);
      if (version) texts.set(id, version.source);
    }
    const results = checkPlaybooks(texts, { ...offline, connections });
    kept = new Map([...results].flatMap(([id, { signature }]) => (signature ? [[id, signature] as const] : [])));
    seen = now;
    return kept;
  };
}
