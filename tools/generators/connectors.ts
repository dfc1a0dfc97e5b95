import { type BuiltinConnector, builtinConnectors } from '@counterpoint/cases';
import type { ActionManifest, ActionReference, ConnectorManifest } from '@counterpoint/connector-kit';
import { readConnectorFolders } from '../generate-connectors.ts';
import { GENERATED, table } from './markdown.ts';
import { fieldTable } from './schema-fields.ts';

const FOLDER = 'docs/reference/connectors';

const code = (text: string) => `\`${text.replaceAll('\n', ' ')}\``;

function reference({ action, with: given }: ActionReference): string {
  return `\`${action}\` with ${code(JSON.stringify(given))}`;
}

/** What is to be known about an action besides its fields, one bullet each. */
function facts(action: ActionManifest): string[] {
  const { target, preexisting, before, inverse, irreversible, verify, unverifiable, lease, completion } = action;
  const polls = completion && `${reference(completion.poll)} every ${completion.interval}, for ${completion.timeout}`;
  return [
    `Effect class: \`${action.effect}\``,
    action.idempotent
      ? 'Idempotent: doing it again is the same as doing it once'
      : 'Not idempotent: never repeated by itself when its answer was lost',
    target && `Acts on: ${code(target)}`,
    before && `Asks before: ${reference(before)}`,
    preexisting && `Was so already when: ${code(preexisting)}; then undoing it is not ours`,
    lease && `Lease: \`${lease.argument}\` receives its remaining seconds, so that the product ends it by itself too`,
    inverse && `Undone by: ${reference(inverse)}`,
    irreversible && `Cannot be undone: ${irreversible}`,
    verify && `In force when: ${reference(verify)} gives ${code(verify.holds)}`,
    unverifiable && `Cannot be verified: ${unverifiable}`,
    polls && `Completes later: asks ${polls}`,
    action.timeout && `Time-out: ${action.timeout}`,
    action.minutes_saved ? `Minutes saved by one call: ${action.minutes_saved}` : undefined,
  ].filter((fact) => fact !== undefined && fact !== '') as string[];
}

function actionSection([name, action]: [string, ActionManifest]): string {
  const description = action.description ? `\n\n${action.description}` : '';
  return `## ${name}

${action.title}.${description}

${facts(action)
  .map((fact) => `- ${fact}.`)
  .join('\n')}

### What ${name} takes

${fieldTable(action.input, 'Nothing.')}

### What ${name} gives

${fieldTable(action.output, 'Whatever the product answers.')}`;
}

function hosts({ allowed_hosts, base_url }: ConnectorManifest): string {
  if (allowed_hosts) return `what ${code(allowed_hosts)} gives`;
  return base_url ? `the host of ${code(base_url)}` : 'none: it reaches no network through HTTP';
}

function connectionSection(manifest: ConnectorManifest): string {
  const { connection, rate_limit, test, capabilities, documentation } = manifest;
  const provided = Object.entries(capabilities ?? {}).map(
    ([name, action]) => `[\`${name}\`](../capabilities.md#${name}) by \`${action}\``,
  );
  return `- Follows: <${documentation}>
- Allowed hosts, unless the connection names others: ${hosts(manifest)}.
- Rate limit kept: ${rate_limit ? `${rate_limit.requests} requests per ${rate_limit.per}, for each connection` : 'none'}.
- Tested by: ${test ? reference(test) : 'no action proves the credential'}.
- Capabilities: ${provided.join(', ') || 'none'}.

## Connection

${fieldTable(connection, 'It needs no configuration.')}`;
}

function builtinSection({ permissions }: BuiltinConnector): string {
  const needs = permissions
    ? `Reading needs \`${permissions.read}\`, changing \`${permissions.write}\`, besides \`action:<effect class>\`.`
    : 'It needs `action:read` and nothing more.';
  return `Part of the product: it acts on our own records only, needs no connection, passes no guard and writes no ledger
([decision 2](../../decisions/0002-built-in-actions-pass-no-guard.md)). ${needs}`;
}

function page(manifest: ConnectorManifest, about: string): string {
  return `${GENERATED}
# ${manifest.title}

${manifest.description}

Id \`${manifest.id}\`, vendor ${manifest.vendor}, version ${manifest.version}. All connectors: [index](index.md).

${about}

${Object.entries(manifest.actions).map(actionSection).join('\n\n')}
`;
}

function indexPage(manifests: readonly ConnectorManifest[]): string {
  const rows = manifests.map(({ id, title, vendor, builtin, actions, capabilities }) => [
    `[\`${id}\`](${id}.md)`,
    builtin ? `${title} (built in)` : title,
    vendor,
    Object.entries(actions)
      .map(([name, { effect }]) => `\`${name}\` (${effect})`)
      .join(', '),
    Object.keys(capabilities ?? {})
      .map((name) => `\`${name}\``)
      .join(', '),
  ]);
  return `${GENERATED}
# Connectors

Each action has an effect class: \`read\` leaves the world as it was, \`notify\` tells people, \`change\` changes something
without cutting anything off, \`contain\` cuts something off for a time, \`destroy\` cannot be taken back. All but \`read\`
pass [the guard](../../explanation/the-guard.md) and are in the ledger.

${table(['id', 'title', 'vendor', 'actions', 'provides'], rows)}
`;
}

/** The index of connectors and a page for each, in the form of `tools/generate.ts`. */
export function connectorPages(): readonly { readonly path: string; make(): Promise<string> }[] {
  const installed = readConnectorFolders().map(({ manifest }) => manifest);
  const builtin = builtinConnectors.map(({ manifest }) => manifest);
  const file = (name: string, content: string) => ({ path: `${FOLDER}/${name}.md`, make: async () => content });
  return [
    file('index', indexPage([...installed, ...builtin])),
    ...installed.map((manifest) => file(manifest.id, page(manifest, connectionSection(manifest)))),
    ...builtinConnectors.map((one) => file(one.manifest.id, page(one.manifest, builtinSection(one)))),
  ];
}
