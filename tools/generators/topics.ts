import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonSchema } from '@counterpoint/connector-kit';
import {
  actorRef,
  type FabricDocument,
  type FabricGraph,
  giversOf,
  readDocuments,
  takersOf,
} from '@counterpoint/fabric';
import { GENERATED } from './markdown.ts';
import { fieldTable } from './schema-fields.ts';

/** A file of `content/topics`, as far as its page shows it. */
interface TopicFile {
  readonly topic: string;
  readonly title: string;
  readonly description?: string;
  readonly schema?: JsonSchema;
}

/** Who publishes and takes what, as the shipped content says. */
function shippedGraph(root: string): FabricGraph {
  const cwd = join(root, 'content');
  const documents = Object.entries(FOLDERS).flatMap(([folder, kind]) =>
    globSync(`${folder}/*.yaml`, { cwd })
      .filter((file) => !file.endsWith('.test.yaml'))
      .sort()
      .map((file): FabricDocument => ({ kind, file, text: readFileSync(join(cwd, file), 'utf8') })),
  );
  const names = { connectors: new Map(), capabilities: new Map(), connections: new Map() };
  return readDocuments(documents, new Map(), names).graph;
}

const FOLDERS = { playbooks: 'playbook', reactions: 'reaction', participants: 'participant' } as const;

function listed(refs: readonly string[], otherwise: string): string {
  const names = [...new Set(refs)].map((ref) => (ref === 'server' ? 'this server' : `\`${ref}\``));
  return names.length === 0 ? otherwise : names.join(', ');
}

function section({ topic, title, description, schema }: TopicFile, graph: FabricGraph): string {
  const refs = (ends: ReturnType<typeof giversOf>) => ends.map(({ actor }) => actorRef(actor));
  const ends = [
    `- Version: ${/\.v(\d+)$/.exec(topic)?.[1] ?? 'none'}`,
    `- Published by: ${listed(refs(giversOf(graph, topic)), 'whoever has the right to')}`,
    `- Taken by: ${listed(refs(takersOf(graph, topic)), 'nobody that is shipped')}`,
  ].join('\n');
  const fields = schema ? fieldTable(schema, 'It carries no data.') : 'An open topic: its data may have any form.';
  return `## ${topic}\n\n${title}. ${description ?? ''}\n\n${ends}\n\n${fields}`;
}

/** The reference page of the shipped topics. */
export async function topicsPage(root: string): Promise<string> {
  const graph = shippedGraph(root);
  const sections = globSync('content/topics/*.json', { cwd: root })
    .sort()
    .map((file) => section(JSON.parse(readFileSync(join(root, file), 'utf8')), graph));
  return `${GENERATED}
# Topics

Events are announced on named, versioned topics. Each is a CloudEvents 1.0 envelope whose \`data\` has the fields below;
besides, it carries \`trace\` (what it belongs to), \`cause\` (what brought it about) and \`hop\` (how many events
lie before it on that way). Files: \`content/topics\`. Who publishes and takes them is what the shipped playbooks, reactions
and participants declare.

The version is part of the name. A version only ever gains fields that may be left out; every other change is a new version
(\`….v2\`) beside the old one. \`counterpoint fabric check --against <folder>\` tells what has changed otherwise.

${sections.join('\n\n')}
`;
}
