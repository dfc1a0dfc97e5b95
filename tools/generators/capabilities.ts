import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonSchema } from '@counterpoint/connector-kit';
import { parseParticipant } from '@counterpoint/fabric';
import { readConnectorFolders } from '../generate-connectors.ts';
import { GENERATED } from './markdown.ts';
import { fieldTable } from './schema-fields.ts';

/** A file of `content/capabilities`. */
interface CapabilityFile {
  readonly capability: string;
  readonly title: string;
  readonly description?: string;
  readonly effect: string;
  readonly target?: readonly string[];
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

function targetOf(target: CapabilityFile['target']): string {
  return target ? ` Acts on: ${target.map((type) => `\`${type}\``).join(' or ')}.` : '';
}

/** Who provides a capability: connectors, with links to their pages, and the participants that are declared in git. */
function providersOf(capability: string, root: string): string {
  const connectors = readConnectorFolders().flatMap(({ manifest: { id, capabilities } }) => {
    const action = capabilities?.[capability];
    return action === undefined ? [] : [`[\`${id}.${action}\`](connectors/${id}.md)`];
  });
  const files = globSync('content/participants/*.yaml', { cwd: root }).sort();
  const participants = files.flatMap((file) => {
    const { declaration } = parseParticipant(readFileSync(join(root, file), 'utf8')).participant ?? {};
    const offer = declaration?.capabilities[capability];
    return declaration && offer
      ? [`the participant \`${declaration.id}.${offer}\`${declaration.simulated ? ' of the lab' : ''}`]
      : [];
  });
  return [...connectors, ...participants].join(', ') || 'nobody that ships';
}

function section(
  { capability, title, description, effect, target, input, output }: CapabilityFile,
  root: string,
): string {
  return `## ${capability}

${title}. ${description ?? ''}

Effect class: \`${effect}\`.${targetOf(target)} Provided by: ${providersOf(capability, root)}.

### What ${capability} takes

${fieldTable(input, 'Nothing.')}

### What ${capability} gives

${fieldTable(output, 'Nothing.')}`;
}

/** The reference page of the shipped capabilities and who provides them. */
export async function capabilitiesPage(root: string): Promise<string> {
  const sections = globSync('content/capabilities/*.json', { cwd: root })
    .sort()
    .map((file) => section(JSON.parse(readFileSync(join(root, file), 'utf8')), root));
  return `${GENERATED}
# Capabilities

A capability is what several connectors can do, under one contract. A playbook that says
\`uses: { firewall: { capability: block_ip } }\` acts through the first enabled connection, by id, whose connector provides
it; a real connection comes before a simulated one. Files: \`content/capabilities\`.

${sections.join('\n\n')}
`;
}
