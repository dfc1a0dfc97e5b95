import { builtinConnectors } from '@counterpoint/cases';
import type { ConnectorManifest } from '@counterpoint/connector-kit';
import { connectors } from '@counterpoint/connectors';
import { isCounterpointError, type Json } from '@counterpoint/core';
import {
  type CapabilityContract,
  type Catalogue,
  parseCapability,
  parseTopic,
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
}

/** Reads a topic or capability file. */
export function readDeclaration(kind: Extract<ContentKind, 'topic' | 'capability'>, text: string): Declared {
  try {
    const json: Json = JSON.parse(text);
    if (kind === 'topic') {
      const topic = parseTopic(json);
      return { add: ({ topics }) => topics.set(topic.topic, topic) };
    }
    const { name, contract } = parseCapability(json);
    return { add: ({ capabilities }) => capabilities.set(name, contract) };
  } catch (error) {
    if (isCounterpointError(error)) return { finding: plainFinding(error.code, error.message) };
    const message = error instanceof Error ? error.message : String(error);
    const [, line = 1, column = 1] = /line (\d+) column (\d+)/.exec(message) ?? [];
    const place = { line: Number(line), column: Number(column) };
    return { finding: plainFinding('content.json', `This is not valid JSON: ${message}.`, place) };
  }
}

/** What files are checked against: the shipped content, connectors and built-ins, and declarations of one's own. */
export function offlineWorld(
  own: readonly { readonly kind: 'topic' | 'capability'; readonly text: string }[],
): Catalogue {
  const world: World = { topics: new Map(), capabilities: new Map() };
  const shipped = (['topic', 'capability'] as const).flatMap((kind) => {
    const folder = kind === 'topic' ? 'topics' : 'capabilities';
    return findFiles([shippedContent], [`${folder}/*.json`]).map(({ text }) => ({ kind, text }));
  });
  for (const { kind, text } of [...shipped, ...own]) {
    const declared = readDeclaration(kind, text);
    if ('add' in declared) declared.add(world);
  }
  const manifests: [string, ConnectorManifest][] = [...connectors.values(), ...builtinConnectors].map(
    ({ manifest }) => [manifest.id, manifest],
  );
  return offlineCatalogue(world, new Map(manifests));
}
