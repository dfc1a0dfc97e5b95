import { nearest } from '@counterpoint/core';
import {
  type DetectionFinding,
  defaultNoise,
  type FindingIssue,
  type NoiseList,
  noiseList,
  validateFinding,
} from '@counterpoint/formats';
import { type Body, type BodyItem, readBody } from './body.ts';
import { errors } from './errors.ts';
import { foreignFormat, WHAT_IS_READ } from './foreign-format.ts';
import { DEFAULT_MAX_ITEMS } from './ingest.ts';
import type { Normalizer } from './normalizer/compile.ts';
import { normalise, type Reading, type SuppliedField } from './normalizer/normalise.ts';
import { createGiveWay } from './stretch.ts';

/** What {@link tryIngest} reads with. */
export interface TryOptions {
  readonly normalizers: ReadonlyMap<string, Normalizer>;
  /** Id of the normaliser; without it the one is taken that detects the first item. */
  readonly normalizer?: string | undefined;
  /** Default: `defaultNoise` of formats. */
  readonly noise?: NoiseList;
  /** Unix milliseconds. */
  readonly now: number;
}

/** How one item would be read. */
export interface TriedItem {
  readonly item: number;
  /** The item as it came; null when it is no JSON. */
  readonly input: unknown;
  /** `repeated`: the same record stands before it in the text. */
  readonly outcome: 'finding' | 'repeated' | 'suppressed' | 'refused';
  /** Why it is suppressed or refused; empty for a finding. */
  readonly reason: string;
  readonly title: string | null;
  readonly severity: string | null;
  readonly finding_key: string | null;
  /** Each field of the finding that was filled, with what filled it. */
  readonly fields: readonly SuppliedField[];
  readonly observables: readonly { readonly type: string; readonly value: string }[];
  /** What is wrong with the finding by OCSF; empty unless the normaliser has a fault. */
  readonly issues: readonly FindingIssue[];
  readonly finding: DetectionFinding | null;
}

/** Why nothing of a text can be read. */
export interface TryProblem {
  readonly reason: string;
  readonly line: number | null;
  readonly column: number | null;
  /** What to do now, in sentences. */
  readonly advice: string;
}

/** How a text would be read. Nothing is stored. */
export interface TryReport {
  /** The normaliser that was used; null when none detects the text. */
  readonly normalizer: string | null;
  /** All normalisers that detect the first item, in order of preference. */
  readonly detected: readonly string[];
  /** Why nothing of the text can be read, or null. */
  readonly problem: TryProblem | null;
  readonly total: number;
  readonly counts: Readonly<Record<TriedItem['outcome'], number>>;
  /** The first 100 items. */
  readonly items: readonly TriedItem[];
}

const SHOWN = 100;
const EMPTY = { finding: 0, repeated: 0, suppressed: 0, refused: 0 };
const UNREAD = { detected: [], total: 0, counts: EMPTY, items: [] };
const UNDETECTED: TryProblem = {
  reason: 'no normaliser detects it',
  line: null,
  column: null,
  advice: 'It is JSON, but of no kind that is known here. Write a normaliser for it, or choose one that comes close.',
};

function problemOf(text: string, body: Extract<Body, { problem: string }>): TryProblem {
  const { problem: reason, line = null, column = null } = body;
  const place = line === null ? '' : ` This stops being JSON at line ${line}, column ${column ?? 1}.`;
  const advice = `${WHAT_IS_READ}${place} ${foreignFormat(text)?.advice ?? ''}`.trimEnd();
  return { reason, line, column, advice };
}

/**
 * Shows how a text (one JSON value, or one on each line) would be read: by which normaliser, each field with the path
 * that supplied it, the observables, the finding key. Others have their turn while a long text is read.
 *
 * @throws ingest.normalizer_unknown
 */
export async function tryIngest(text: string, options: TryOptions): Promise<TryReport> {
  const { normalizers, normalizer: wanted } = options;
  if (wanted !== undefined && !normalizers.has(wanted)) {
    const near = nearest(wanted, normalizers.keys());
    throw errors.normalizer_unknown({ id: wanted, suggestion: near === undefined ? '' : ` Did you mean ${near}?` });
  }
  const body = readBody(text, 'json', { jsonDepth: 64, items: DEFAULT_MAX_ITEMS });
  if ('problem' in body) {
    return { ...UNREAD, normalizer: wanted ?? null, problem: problemOf(text, body) };
  }
  const itemsFor = (normalizer: Normalizer): readonly BodyItem[] => {
    const [only] = body.items;
    if (!body.whole || only === undefined || !('value' in only)) return body.items;
    return normalizer.split(only.value).map((value) => ({ value }));
  };
  const detected = [...normalizers.values()]
    .filter((one) =>
      itemsFor(one)
        .slice(0, SHOWN)
        .some((item) => 'value' in item && one.detects(item.value)),
    )
    .sort((a, b) => Number(a.document.fallback) - Number(b.document.fallback));
  const normalizer = wanted === undefined ? detected[0] : normalizers.get(wanted);
  const names = detected.map(({ id }) => id);
  if (normalizer === undefined) {
    return { ...UNREAD, normalizer: null, problem: UNDETECTED };
  }
  const items = itemsFor(normalizer);
  const tried = await tryItems(items, normalizer, options);
  return { normalizer: normalizer.id, detected: names, problem: null, total: items.length, ...tried };
}

/** Reads every item for the counts, and keeps those that are shown. */
async function tryItems(
  items: readonly BodyItem[],
  normalizer: Normalizer,
  options: TryOptions,
): Promise<Pick<TryReport, 'counts' | 'items'>> {
  const giveWay = createGiveWay();
  const noise = options.noise ?? noiseList(defaultNoise);
  const seen = new Set<string>();
  const counts = { ...EMPTY };
  const shown: TriedItem[] = [];
  for (const [item, content] of items.entries()) {
    await giveWay();
    const context = { receivedAt: options.now, raw: 'try', item, noise };
    const reading: Reading =
      'problem' in content
        ? { kind: 'refused', reason: content.problem }
        : normalise(normalizer, content.value, context);
    const identity = reading.kind === 'finding' ? reading.identity : undefined;
    const repeated = identity !== undefined && seen.has(identity);
    if (identity !== undefined) seen.add(identity);
    counts[repeated ? 'repeated' : reading.kind] += 1;
    const input = 'problem' in content ? null : content.value;
    if (shown.length < SHOWN) shown.push({ ...triedItem(item, reading, repeated), input });
  }
  return { counts, items: shown };
}

function triedItem(item: number, reading: Reading, repeated: boolean): Omit<TriedItem, 'input'> {
  if (reading.kind !== 'finding') return unread(item, reading.kind, reading.reason);
  const { finding, title, key, supplied, observables } = reading;
  return {
    item,
    outcome: repeated ? 'repeated' : 'finding',
    reason: '',
    title,
    severity: finding.severity ?? null,
    finding_key: key,
    fields: supplied,
    observables,
    issues: validateFinding(finding),
    finding,
  };
}

function unread(item: number, outcome: 'suppressed' | 'refused', reason: string): Omit<TriedItem, 'input'> {
  const nothing = { title: null, severity: null, finding_key: null, fields: [], observables: [], issues: [] };
  return { item, outcome, reason, ...nothing, finding: null };
}
