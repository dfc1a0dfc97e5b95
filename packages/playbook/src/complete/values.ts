import type { ActionManifest, JsonSchema } from '@counterpoint/connector-kit';
import { describeType, typeFromJsonSchema } from '@counterpoint/expressions';
import type { Catalogue } from '../catalogue.ts';
import type { OutlineStep, OutlineUse } from '../outline/outline.ts';
import { type CompletionOption, option } from './completion.ts';
import { TEMPLATE_OPTION } from './template-option.ts';

/** What values are chosen from. */
export interface Choices {
  readonly catalogue: Catalogue;
  readonly uses: readonly OutlineUse[];
  readonly steps: readonly OutlineStep[];
}

const WORDS: Readonly<Record<string, readonly string[]>> = {
  'playbook.kind': ['playbook/v1', 'reaction/v1'],
  'reaction.kind': ['playbook/v1', 'reaction/v1'],
  'playbook.priority': ['low', 'normal', 'high', 'emergency'],
  'reaction.mode': ['observe', 'ask', 'act'],
  'trigger.missed': ['skip', 'once', 'all'],
  'use.targets': ['one', 'all'],
  'concurrency.on_conflict': ['join', 'queue', 'replace', 'drop'],
  'step.on_failure': ['fail', 'continue'],
  'step.on_item_error': ['fail', 'collect', 'skip'],
  'step.on_branch_error': ['fail', 'collect'],
  'step.join': ['all', 'any'],
  'lease.while': ['case_open'],
  'deadline.then': ['deny', 'approve', 'fail', 'continue'],
  'wait.since': ['now', 'run_start'],
  'schema.type': ['string', 'integer', 'number', 'boolean', 'array', 'object'],
};

const FLAGS: ReadonlySet<string> = new Set([
  'step.detach',
  'trigger.sync',
  'trigger.public',
  'trigger.alert',
  'trigger.case',
  'trigger.manual',
  'by.delegate',
  'schema.required',
  'schema.untrusted',
]);

/** What can be the value of `key` in a map of `context` whose other fields are `siblings`. */
export function valueOptions(
  context: string,
  key: string,
  siblings: ReadonlyMap<string, string>,
  choices: Choices,
): readonly CompletionOption[] {
  const { catalogue, steps } = choices;
  const place = `${context}.${key}`;
  const words = WORDS[place] ?? (FLAGS.has(place) ? ['true', 'false'] : undefined);
  if (words) return words.map((word) => option(word, 'value'));
  const isTopic = [
    'trigger.topic',
    'subscribe.topic',
    'wait.topic',
    'step.publish',
    'announcement.topic',
    'failure.publish',
  ];
  if (isTopic.includes(place)) return topics(catalogue);
  switch (place) {
    case 'step.action':
      return actions(choices);
    case 'step.call':
      return [...catalogue.playbooks.keys()].map((id) => option(id, 'playbook'));
    case 'step.connection':
      return connections(siblings, choices);
    case 'step.undo':
    case 'covers.':
      return steps.map(({ name, summary }) => option(name, 'reference', summary));
    case 'wait.window':
      return [...(catalogue.calendars?.keys() ?? [])].map((id) => option(id, 'value', 'calendar'));
    case 'retry.on':
    case 'retry.':
    case 'catch.on':
    case 'catch.':
      return [...(catalogue.errorNames ?? [])].map((name) => option(name, 'value', 'error'));
    case 'use.connector':
      return connectors(catalogue);
    case 'use.capability':
      return capabilities(catalogue);
    case 'use.connection':
      return [...(catalogue.connections ?? [])].map(([id, { connector }]) => option(id, 'connection', connector));
    default:
      return context === 'uses' ? [...connectors(catalogue), ...capabilities(catalogue)] : [];
  }
}

function topics({ topics: declared }: Catalogue): readonly CompletionOption[] {
  return [...declared.values()].map(({ topic, title }) => option(topic, 'topic', '', title));
}

function connectors(catalogue: Catalogue): readonly CompletionOption[] {
  return [...catalogue.connectors.values()]
    .filter(({ builtin }) => !builtin)
    .map(({ id, title, description }) => option(id, 'connector', title, description));
}

function capabilities(catalogue: Catalogue): readonly CompletionOption[] {
  return [...catalogue.capabilities].map(([name, { effect }]) => option(name, 'capability', effect));
}

function actions({ catalogue, uses }: Choices): readonly CompletionOption[] {
  const builtins = [...catalogue.connectors.values()].filter(({ builtin }) => builtin);
  const aliases = [
    ...uses.map(({ alias, kind, name, connector }) => ({
      alias,
      capability: kind === 'capability' ? name : '',
      connector,
    })),
    ...builtins.map(({ id }) => ({ alias: id, capability: '', connector: id })),
  ];
  return aliases.flatMap((one) => actionsOf(one, catalogue));
}

/** What an alias stands for. */
export interface Aliased {
  readonly alias: string;
  /** Name of a capability, else empty. */
  readonly capability: string;
  /** Id of a connector, else empty. */
  readonly connector: string;
}

/** The actions that an alias has. */
export function actionsOf(
  { alias, capability, connector }: Aliased,
  catalogue: Catalogue,
): readonly CompletionOption[] {
  const contract = catalogue.capabilities.get(capability);
  if (contract) return [option(`${alias}.${capability}`, 'capability', contract.effect)];
  return Object.entries(catalogue.connectors.get(connector)?.actions ?? {}).map(([name, action]) =>
    option(`${alias}.${name}`, 'action', action.effect, wordsOf(action)),
  );
}

function wordsOf({ title, description = '' }: ActionManifest): string {
  return [title, description].filter((text) => text !== '').join(': ');
}

function connections(siblings: ReadonlyMap<string, string>, { catalogue, uses }: Choices): readonly CompletionOption[] {
  const alias = siblings.get('action')?.split('.')[0] ?? '';
  const wanted = uses.find((use) => use.alias === alias)?.connector;
  return [...(catalogue.connections ?? [])]
    .filter(([, { connector }]) => wanted === undefined || wanted === '' || connector === wanted)
    .map(([id, { connector }]) => option(id, 'connection', connector));
}

/** The schema of what a step takes under `with`; undefined when that is not known. */
export function argumentsOf(step: ReadonlyMap<string, string>, { catalogue, uses }: Choices): JsonSchema | undefined {
  const call = step.get('call');
  if (call !== undefined) {
    const inputs = Object.entries(catalogue.playbooks.get(call)?.inputs ?? {});
    return {
      properties: Object.fromEntries(inputs.map(([name, { schema }]) => [name, schema])),
      required: inputs.filter(([, { required }]) => required).map(([name]) => name),
    };
  }
  const [alias = '', action = ''] = (step.get('action') ?? '').split('.');
  const use = uses.find((one) => one.alias === alias);
  if (use?.kind === 'capability') return catalogue.capabilities.get(use.name)?.input;
  const declared = catalogue.connectors.get(use ? use.connector : alias)?.actions ?? {};
  return Object.hasOwn(declared, action) ? declared[action]?.input : undefined;
}

/** The fields of an object schema that are not written yet, what is required first. */
export function inputOptions(
  schema: JsonSchema | undefined,
  present: ReadonlyMap<string, string>,
): readonly CompletionOption[] {
  const required = new Set(Array.isArray(schema?.required) ? schema.required : []);
  return Object.entries(propertiesOf(schema))
    .filter(([name]) => !present.has(name))
    .sort(([a], [b]) => Number(required.has(b)) - Number(required.has(a)))
    .map(([name, field]) => {
      const type = describeType(typeFromJsonSchema(field));
      const doc =
        typeof field.description === 'string' ? field.description : typeof field.title === 'string' ? field.title : '';
      return option(name, 'input', required.has(name) ? `${type}, required` : type, doc, `${name}: `);
    });
}

/** What can be the value of a field of an object schema. */
export function argumentOptions(
  schema: JsonSchema | undefined,
  name: string,
  choices: Choices,
): readonly CompletionOption[] {
  const properties = propertiesOf(schema);
  const field = Object.hasOwn(properties, name) ? properties[name] : undefined;
  const words = Array.isArray(field?.enum)
    ? field.enum.map((word) => JSON.stringify(word).replace(/^"([\w.-]+)"$/, '$1'))
    : [];
  const flags = field?.type === 'boolean' ? ['true', 'false'] : [];
  const tables = name === 'table' ? [...(choices.catalogue.tables?.values() ?? [])] : [];
  return [
    ...[...words, ...flags].map((word) => option(word, 'value')),
    ...tables.map(({ id, title }) => option(id, 'table', title)),
    TEMPLATE_OPTION,
  ];
}

function propertiesOf(schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> {
  const { properties } = schema ?? {};
  const isMap = properties !== null && typeof properties === 'object' && !Array.isArray(properties);
  return isMap ? (properties as Readonly<Record<string, JsonSchema>>) : {};
}
