import { findingCatalogue } from '@counterpoint/playbook';
import { GENERATED, table } from './markdown.ts';

/** The reference page of what `counterpoint validate` finds. */
export async function findingsPage(): Promise<string> {
  const rows = findingCatalogue.map((entry) => [`\`${entry.code}\``, entry.severity, entry.message, entry.help]);
  return `${GENERATED}
# Findings

What \`counterpoint validate\`, the editor and publishing say about a playbook or reaction. Documents with errors are not
published; warnings do not hinder. Names in braces are filled in. The language itself is described in
[the language reference](playbook-language.md).

${table(['code', 'severity', 'what is wrong', 'what to do'], rows)}
`;
}
