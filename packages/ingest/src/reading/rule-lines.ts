import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

/** Where the rules stand in the text of a normaliser: field -> line, from 1; `severity` and `attacks` too. */
export function ruleLines(text: string): ReadonlyMap<string, number> {
  const lineCounter = new LineCounter();
  const { contents } = parseDocument(text, { version: '1.2', lineCounter, logLevel: 'silent' });
  const lines = new Map<string, number>();
  const collect = (node: unknown, wanted?: ReadonlySet<string>) => {
    if (!isMap(node)) return;
    for (const { key } of node.items) {
      if (!isScalar(key) || !key.range) continue;
      const name = String(key.value);
      if (wanted === undefined || wanted.has(name)) lines.set(name, lineCounter.linePos(key.range[0]).line);
    }
  };
  collect(contents, new Set(['severity', 'attacks']));
  if (isMap(contents)) collect(contents.get('fields', true));
  return lines;
}
