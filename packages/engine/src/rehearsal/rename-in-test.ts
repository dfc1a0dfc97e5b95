import { type DocumentNode, fieldOf, type Position, parseDocument, type TextChange } from '@counterpoint/playbook';

/** Fields whose keys are ids or addresses of steps. */
const BY_STEP: ReadonlySet<string> = new Set(['steps', 'approvals', 'answers']);

/**
 * Where a test names a step that gets another id: in `steps`, `approvals`, `answers` and `undone`, alone or within an
 * address such as `verdicts[0].rep`. Of a text that cannot be read, nothing.
 */
export function renameInTest(text: string, from: string, to: string): readonly TextChange[] {
  const { root, source, findings } = parseDocument(text);
  if (!root || findings.length > 0) return [];
  const tests = fieldOf(root, 'tests');
  const parts = [fieldOf(root, 'given'), ...(tests?.kind === 'list' ? tests.items : [])];
  const changes: TextChange[] = [];
  const at = (name: string, position: Position): void => {
    const raw = source.text.slice(position.from, position.to);
    const start = raw.indexOf(name);
    if (start === -1) return;
    const named = renamed(name, from, to);
    if (named !== name)
      changes.push({ from: position.from + start, to: position.from + start + name.length, insert: named });
  };
  for (const part of parts) for (const place of [part, fieldOf(part, 'expect')]) named(place, at);
  return changes.sort((a, b) => a.from - b.from);
}

function named(node: DocumentNode | undefined, at: (name: string, position: Position) => void): void {
  if (node?.kind !== 'map') return;
  for (const { key, value } of node.entries) {
    if (BY_STEP.has(key) && value.kind === 'map') for (const entry of value.entries) at(entry.key, entry.keyPosition);
    if (key === 'undone' && value.kind === 'list') {
      for (const item of value.items) if (item.kind === 'scalar') at(item.text, item.position);
    }
  }
}

function renamed(address: string, from: string, to: string): string {
  return address
    .split('.')
    .map((part) => (part.replace(/\[\d+\]$/, '') === from ? to + part.slice(from.length) : part))
    .join('.');
}
