import { globSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isCounterpointError } from '@counterpoint/core';
import { type DeclaredParticipant, parseParticipant } from '@counterpoint/fabric';
import { anyNoise, defaultNoise, type NoiseList, noiseList } from '@counterpoint/formats';
import { type Normalizer, parseNoise, parseNormalizer } from '@counterpoint/ingest';
import {
  type Calendar,
  type CapabilityContract,
  parseCalendar,
  parseCapability,
  parseTable,
  parseTopic,
  type TableDeclaration,
  type TopicDeclaration,
} from '@counterpoint/playbook';
import { errors } from './errors.ts';

/** The shipped content, or that of a folder of one's own with the same layout. */
export interface Content {
  readonly folder: string;
  readonly topics: ReadonlyMap<string, TopicDeclaration>;
  readonly capabilities: ReadonlyMap<string, CapabilityContract>;
  readonly normalizers: ReadonlyMap<string, Normalizer>;
  readonly tables: ReadonlyMap<string, TableDeclaration>;
  readonly calendars: ReadonlyMap<string, Calendar>;
  readonly participants: ReadonlyMap<string, DeclaredParticipant>;
  /** What is not worth being an observable: the built-in list and those of the folder. */
  readonly noise: NoiseList;
  /** File -> source text. */
  readonly playbooks: ReadonlyMap<string, string>;
  /** As `playbooks`. */
  readonly reactions: ReadonlyMap<string, string>;
  /** Id of a playbook or reaction -> the text of the tests beside it. */
  readonly tests: ReadonlyMap<string, string>;
  /** Path of the guard policy. */
  readonly policy: string;
}

/** Where the shipped content lies. */
export const shippedContent = join(import.meta.dirname, '../../../content');

function readAll<Item>(folder: string, pattern: string, parse: (text: string) => Item): Map<string, Item> {
  const items = new Map<string, Item>();
  for (const file of globSync(pattern, { cwd: folder }).sort()) {
    try {
      items.set(file, parse(readFileSync(join(folder, file), 'utf8')));
    } catch (cause) {
      const reason = isCounterpointError(cause) ? cause.message.replace(/\.$/, '') : String(cause);
      throw errors.content_invalid({ file, reason }, { cause });
    }
  }
  return items;
}

/** The texts of documents; their tests lie beside them. */
function readSources(folder: string, pattern: string): ReadonlyMap<string, string> {
  const all = readAll(folder, pattern, (text) => text);
  return new Map([...all].filter(([file]) => !file.endsWith('.test.yaml')));
}

/** The tests beside playbooks and reactions, by the id in their file name. */
function readTests(folder: string): ReadonlyMap<string, string> {
  const all = readAll(folder, '{playbooks,reactions}/*.test.yaml', (text) => text);
  return new Map([...all].map(([file, text]) => [basename(file, '.test.yaml'), text]));
}

function byKey<Item>(items: ReadonlyMap<string, Item>, key: (item: Item) => string): Map<string, Item> {
  return new Map([...items.values()].map((item) => [key(item), item]));
}

function parsePlainNormalizer(text: string): Normalizer {
  const { normalizer, findings } = parseNormalizer(text);
  if (normalizer) return normalizer;
  const [first] = findings;
  throw new Error(first ? `line ${first.line}: ${first.message}` : 'it has findings');
}

function parsePlainNoise(text: string): NoiseList {
  const parsed = parseNoise(text);
  if ('noise' in parsed) return parsed.noise;
  throw new Error(parsed.problems.join('; '));
}

function parsePlainParticipant(text: string, options: Parameters<typeof parseParticipant>[1]) {
  const { participant, findings } = parseParticipant(text, options);
  if (participant) return participant;
  const [first] = findings;
  throw new Error(first ? `line ${first.line}: ${first.message}` : 'it has findings');
}

/** Reads a content folder. @throws server.content_missing, server.content_invalid */
export function loadContent(folder: string = shippedContent): Content {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw errors.content_missing({ folder });
  const from = { shipped: folder === shippedContent };
  const topics = readAll(folder, 'topics/*.json', (text) => parseTopic(JSON.parse(text), from));
  const capabilities = readAll(folder, 'capabilities/*.json', (text) => parseCapability(JSON.parse(text), from));
  const normalizers = readAll(folder, 'normalizers/*.yaml', parsePlainNormalizer);
  const tables = readAll(folder, 'tables/*.yaml', parseTable);
  const now = Date.now();
  const calendars = readAll(folder, 'calendars/*.yaml', (text) => parseCalendar(text, now));
  const contracts = new Map([...capabilities.values()].map(({ name, contract }) => [name, contract]));
  const participants = readAll(folder, 'participants/*.yaml', (text) =>
    parsePlainParticipant(text, { contracts, ...from }),
  );
  const noise = readAll(folder, 'noise/*.yaml', parsePlainNoise);
  return {
    folder,
    topics: byKey(topics, ({ topic }) => topic),
    capabilities: contracts,
    normalizers: byKey(normalizers, ({ id }) => id),
    tables: byKey(tables, ({ id }) => id),
    calendars: byKey(calendars, ({ id }) => id),
    participants: byKey(participants, ({ declaration }) => declaration.id),
    noise: anyNoise(noiseList(defaultNoise), ...noise.values()),
    playbooks: readSources(folder, 'playbooks/*.yaml'),
    reactions: readSources(folder, 'reactions/*.yaml'),
    tests: readTests(folder),
    policy: join(folder, 'policy/policy.yaml'),
  };
}
