import { actionsErrors, guardErrors } from '@counterpoint/actions';
import type { CheckedSource, PlaybookDesk } from '@counterpoint/api';
import { casesErrors } from '@counterpoint/cases';
import { type ConnectorManifest, connectorErrors } from '@counterpoint/connector-kit';
import { engineErrors } from '@counterpoint/engine';
import type { Store } from '@counterpoint/events';
import { expressionErrors } from '@counterpoint/expressions';
import { type Catalogue, checkPlaybooks, compilePlaybook } from '@counterpoint/playbook';
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

  const published = async (): Promise<Map<string, string>> => {
    const rows = await store.find('playbooks', { where: { enabled: true }, limit: 10_000 });
    const versions = await Promise.all(rows.map(({ current }) => store.get('playbook_versions', current)));
    return new Map(versions.flatMap((version) => (version ? [[version.playbook, version.source] as const] : [])));
  };

  return {
    catalogue: offline,
    async check(source): Promise<CheckedSource> {
      const [texts, rows] = await Promise.all([published(), store.find('connections', { limit: 10_000 })]);
      const connections = new Map(rows.map(({ id, connector }) => [id, { connector }]));
      const id = compilePlaybook(source).plan?.id;
      const key = id ?? '';
      const checked = checkPlaybooks(texts.set(key, source), { ...offline, connections }).get(key);
      return { plan: checked?.plan, id, findings: checked?.findings ?? [] };
    },
  };
}
