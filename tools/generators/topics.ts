import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonSchema } from '@counterpoint/connector-kit';
import { GENERATED } from './markdown.ts';
import { fieldTable } from './schema-fields.ts';

/** A file of `content/topics`, as far as its page shows it. */
interface TopicFile {
  readonly topic: string;
  readonly title: string;
  readonly description?: string;
  readonly schema?: JsonSchema;
}

function section({ topic, title, description, schema }: TopicFile): string {
  const fields = schema ? fieldTable(schema, 'It carries no data.') : 'An open topic: its data may have any form.';
  return `## ${topic}\n\n${title}. ${description ?? ''}\n\n${fields}`;
}

/** The reference page of the shipped topics. */
export async function topicsPage(root: string): Promise<string> {
  const sections = globSync('content/topics/*.json', { cwd: root })
    .sort()
    .map((file) => section(JSON.parse(readFileSync(join(root, file), 'utf8'))));
  return `${GENERATED}
# Topics

Events are announced on named, versioned topics. Each is a CloudEvents 1.0 envelope whose \`data\` has the fields below;
besides, it carries \`trace\` (what it belongs to), \`cause\` (what brought it about) and \`hop\` (how many events
lie before it on that way). Files: \`content/topics\`.

${sections.join('\n\n')}
`;
}
