import { fabricFindingSpecs } from '@counterpoint/fabric';
import { findingCatalogue } from '@counterpoint/playbook';
import { GENERATED, table } from './markdown.ts';

const HEAD = ['code', 'severity', 'what is wrong', 'what to do'];

/** The reference page of what `counterpoint validate` and `counterpoint fabric check` find. */
export async function findingsPage(): Promise<string> {
  const rows = findingCatalogue.map((entry) => [`\`${entry.code}\``, entry.severity, entry.message, entry.help]);
  const fabric = Object.entries(fabricFindingSpecs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { severity, message, help }]) => [`\`fabric.${name}\``, severity, message, help]);
  return `${GENERATED}
# Findings

What \`counterpoint validate\`, the editor and publishing say about a playbook or reaction. Documents with errors are not
published; warnings do not hinder. Names in braces are filled in. The language itself is described in
[the language reference](playbook-language.md).

${table(HEAD, rows)}

## How they fit together

What \`counterpoint fabric check\` says about reactions, playbooks and participants together.

${table(HEAD, fabric)}
`;
}
