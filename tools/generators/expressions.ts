import { functionCatalogue } from '@counterpoint/expressions';
import { GENERATED } from './markdown.ts';

type FunctionDoc = (typeof functionCatalogue)[number];

function exampleLine({ expression, result, error }: FunctionDoc['examples'][number]): string {
  return error === undefined ? `${expression}\n  // ${JSON.stringify(result)}` : `${expression}\n  // ends in ${error}`;
}

function entry(doc: FunctionDoc): string {
  const signatures = doc.signatures.map((signature) => `\`${signature}\``).join(' · ');
  const method = doc.method && doc.group !== 'optional values' ? ' Also as a method of its first argument.' : '';
  const examples = doc.examples.length > 0 ? `\n\n\`\`\`cel\n${doc.examples.map(exampleLine).join('\n')}\n\`\`\`` : '';
  return `### ${doc.name}\n\n${signatures}\n\n${doc.summary}${method}${examples}`;
}

/** The reference page of the expression language's functions. */
export async function expressionsPage(): Promise<string> {
  const groups = new Map<string, FunctionDoc[]>();
  for (const doc of functionCatalogue) groups.set(doc.group, [...(groups.get(doc.group) ?? []), doc]);
  const sections = [...groups].map(
    ([group, docs]) => `## ${group[0]?.toUpperCase()}${group.slice(1)}\n\n${docs.map(entry).join('\n\n')}`,
  );
  return `${GENERATED}
# Expressions

Conditions, templates (\`\${{ … }}\`) and mappings are written in CEL, the Common Expression Language. They are checked
before a playbook runs, have no side effects, and are stopped when they take too many steps. How they stand in a playbook
is said in [the language reference](playbook-language.md).

- A template that is one expression keeps its type: \`\${{ size(list) }}\` is a number. With text around it, it is text.
- A field that may be missing is read with \`.?\` and \`orValue\`: \`steps.?vt.?score.orValue(0)\`.
- Operators: \`== != < <= > >= && || ! + - * / % in ?:\`, indexing \`list[0]\`, \`map["key"]\`, and \`[?0]\` for what may be
  missing.
- Patterns follow RE2 (linear time). \`matches()\` is refused; use \`rx\`.

Each example below is evaluated by a test; the line after it says what it gives.

${sections.join('\n\n')}
`;
}
