import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkPlaybook } from './check.ts';
import { EXPRESSION_FIELDS } from './document/slots.ts';
import { documentLimits } from './document/tokens.ts';
import { PLAYBOOK_FIELDS } from './grammar/playbook.ts';
import { REACTION_FIELDS } from './grammar/reaction.ts';
import { COMMON_FIELDS } from './grammar/step.ts';
import { TRIGGER_FIELDS } from './grammar/triggers.ts';
import { verbs } from './grammar/verbs/index.ts';
import { testCatalogue } from './testing/catalogue.ts';

const page = readFileSync(new URL('../../../docs/reference/playbook-language.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => String(match[1]));

const HEAD = 'kind: playbook/v1\nid: example\ntitle: An example\n';
const WORLD =
  'uses: { vt: virustotal, fw: firewall, chat: slack }\ninputs: { urls: { type: array, items: { type: string }, default: [] } }\n';

/** Examples that are parts of a playbook, put into one. */
function whole(example: string): string {
  if (example.startsWith('kind:')) return example;
  if (example.startsWith('on:')) return `${HEAD}${example}steps:\n  - { id: a, set: { x: 1 } }\n`;
  return `${HEAD}${WORLD}steps:\n${example}`;
}

describe('the language reference', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(8);
  });

  it.each(examples.map((example) => [example.split('\n', 2).join(' '), example]))(
    'shows a correct example: %s',
    (_, example) => {
      const { findings } = checkPlaybook(whole(example), testCatalogue);
      expect(findings.filter((finding) => finding.code !== 'playbook.unused_use')).toEqual([]);
    },
  );

  it('names every field of the grammar', () => {
    const fields = new Set([
      ...PLAYBOOK_FIELDS,
      ...REACTION_FIELDS,
      ...COMMON_FIELDS,
      ...EXPRESSION_FIELDS,
      ...Object.values(TRIGGER_FIELDS).flat(),
      ...Object.values(verbs).flatMap((verb) => verb.fields),
    ]);
    expect([...fields].filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
  });

  it('says the bounds that hold', () => {
    for (const bound of [
      documentLimits.size,
      documentLimits.depth,
      documentLimits.aliases,
      documentLimits.lexemes,
      documentLimits.nodes,
    ]) {
      expect(page).toContain(bound.toLocaleString('en'));
    }
  });
});
