import { builtinConnectors } from '@counterpoint/cases';
import type { ConnectorManifest } from '@counterpoint/connector-kit';
import { connectors } from '@counterpoint/connectors';
import { isCounterpointError } from '@counterpoint/core';
import { fabricManifest, manifestOf, parseParticipant } from '@counterpoint/fabric';
import {
  type Calendar,
  type CapabilityContract,
  type Catalogue,
  parseCalendar,
  parseCapability,
  parseTable,
  parseTopic,
  type TableDeclaration,
  type TopicDeclaration,
} from '@counterpoint/playbook';
import { offlineCatalogue, shippedContent } from '@counterpoint/server';
import type { ContentKind } from './content-kind.ts';
import { type FileFinding, plainFinding } from './file-finding.ts';
import { findFiles } from './find-files.ts';

/** A declaration file: its text, or what is wrong with it. */
type Declared = { readonly finding: FileFinding } | { readonly add: (world: World) => void };

interface World {
  readonly topics: Map<string, TopicDeclaration>;
  readonly capabilities: Map<string, CapabilityContract>;
  readonly tables: Map<string, TableDeclaration>;
  readonly calendars: Map<string, Calendar>;
  /** The connectors that participants with offers are. */
  readonly participants: Map<string, ConnectorManifest>;
}

/** The kinds of files that playbooks are checked against, with the folder and ending of those that are shipped. */
const declaredKinds = {
  topic: 'topics/*.json',
  capability: 'capabilities/*.json',
  table: 'tables/*.yaml',
  calendar: 'calendars/*.yaml',
  participant: 'participants/*.yaml',
} as const satisfies Partial<Record<ContentKind, string>>;

/** A kind of file that playbooks are checked against. */
export type DeclaredKind = keyof typeof declaredKinds;

/** Whether playbooks are checked against files of this kind. */
export function isDeclared(kind: string): kind is DeclaredKind {
  return Object.hasOwn(declaredKinds, kind);
}

type Readers = { readonly [Kind in DeclaredKind]: (text: string) => (world: World) => void };

const readers: Readers = {
  topic(text) {
    const topic = parseTopic(JSON.parse(text));
    return ({ topics }) => topics.set(topic.topic, topic);
  },
  capability(text) {
    const { name, contract } = parseCapability(JSON.parse(text));
    return ({ capabilities }) => capabilities.set(name, contract);
  },
  table(text) {
    const table = parseTable(text);
    return ({ tables }) => tables.set(table.id, table);
  },
  calendar(text) {
    const calendar = parseCalendar(text, Date.now());
    return ({ calendars }) => calendars.set(calendar.id, calendar);
  },
  participant(text) {
    // What is wrong with it is told where it is examined itself.
    const { participant } = parseParticipant(text);
    return ({ participants }) => {
      if (participant) participants.set(participant.declaration.id, manifestOf(participant.declaration, 'unless_said'));
    };
  },
};

/** Reads a file that playbooks are checked against. */
export function readDeclaration(kind: DeclaredKind, text: string): Declared {
  try {
    return { add: readers[kind](text) };
  } catch (error) {
    if (isCounterpointError(error)) return { finding: plainFinding(error.code, error.message) };
    const message = error instanceof Error ? error.message : String(error);
    const [, line = 1, column = 1] = /line (\d+) column (\d+)/.exec(message) ?? [];
    const place = { line: Number(line), column: Number(column) };
    return { finding: plainFinding('content.json', `This is not valid JSON: ${message}.`, place) };
  }
}

/** What files are checked against: the shipped content, connectors and built-ins, and declarations of one's own. */
export function offlineWorld(own: readonly { readonly kind: DeclaredKind; readonly text: string }[]): Catalogue {
  const world: World = {
    topics: new Map(),
    capabilities: new Map(),
    tables: new Map(),
    calendars: new Map(),
    participants: new Map(),
  };
  const shipped = Object.entries(declaredKinds).flatMap(([kind, pattern]) =>
    findFiles([shippedContent], [pattern]).map(({ text }) => ({ kind: kind as DeclaredKind, text })),
  );
  for (const { kind, text } of [...shipped, ...own]) {
    const declared = readDeclaration(kind, text);
    if ('add' in declared) declared.add(world);
  }
  const manifests = [...connectors.values(), ...builtinConnectors].map(({ manifest }) => manifest);
  const known = [fabricManifest, ...world.participants.values(), ...manifests];
  return offlineCatalogue(world, new Map(known.map((manifest) => [manifest.id, manifest])));
}
