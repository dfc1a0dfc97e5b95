import type { Json } from '@counterpoint/core';
import type { Normalizer } from '../normalizer/compile.ts';
import { placesOf } from './places.ts';
import { ruleLines } from './rule-lines.ts';

/** One field of a finding with where its value came from. */
export interface ExplainedField {
  /** Attribute of the finding. */
  readonly target: string;
  /** As the normaliser writes it; `default` for a default. */
  readonly from: string;
  readonly value: Json;
  /** JSON Pointers into the item. */
  readonly places: readonly string[];
  /** Line of the rule in the text of the normaliser, from 1; null when it is not to be found. */
  readonly line: number | null;
}

/**
 * What each rule of a normaliser takes from an item, in the order of the rules; rules that find nothing are left out.
 * @param receivedAt Unix milliseconds, for times without a year.
 */
export function explainItem(normalizer: Normalizer, item: unknown, receivedAt: number): readonly ExplainedField[] {
  const lines = ruleLines(normalizer.text);
  const explained = (
    target: string,
    found: { from: string; reads: Parameters<typeof placesOf>[1] },
    value: unknown,
  ) => ({
    target,
    from: found.from,
    value: value as Json,
    places: placesOf(item, found.reads),
    line: lines.get(target) ?? null,
  });
  const severity = normalizer.severity(item);
  const fields = normalizer.fields.flatMap(({ name, read }): ExplainedField[] => {
    const found = read(item, receivedAt);
    return found?.value === undefined ? [] : [explained(name, found, found.value)];
  });
  return [...fields, explained('severity', severity, severity.name)];
}
