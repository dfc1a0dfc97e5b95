/** What somebody said about an observable. */
export interface LastWord {
  readonly source: string;
  readonly verdict: string;
  readonly score: number | null;
  readonly at: number;
}

const WEIGHT: Readonly<Record<string, number>> = { malicious: 3, suspicious: 2, benign: 1, unknown: 0 };

/** The last word of each source, the gravest first; what a source said before is left out. */
export function lastWords(enrichments: readonly LastWord[]): readonly LastWord[] {
  const last = new Map<string, LastWord>();
  for (const one of enrichments) {
    const known = last.get(one.source);
    if (known === undefined || known.at < one.at) last.set(one.source, one);
  }
  return [...last.values()].sort(
    (a, b) => (WEIGHT[b.verdict] ?? 0) - (WEIGHT[a.verdict] ?? 0) || (b.score ?? -1) - (a.score ?? -1),
  );
}
