import { type DocumentNode, entryOf, fieldOf, type ListNode, type MapNode } from '../document/node.ts';
import type { Source } from '../document/source.ts';
import { isVerb } from '../grammar/verbs/index.ts';
import type { Names } from '../resolve.ts';
import { actionOf } from './contracts.ts';
import type { Outline, OutlineMarks, OutlineSlot, OutlineStep, OutlineUse } from './outline.ts';
import { listsOfStep, type StepList } from './slots.ts';
import { summaryOf } from './summary.ts';
import { textAt, textOf } from './words.ts';

/** What reading steps needs and gathers. */
export interface StepReading {
  readonly source: Source;
  readonly uses: readonly OutlineUse[];
  readonly names: Names | undefined;
  /** Addresses given so far. */
  readonly taken: Map<string, MapNode>;
  /** Step id -> id of the step that undoes it. */
  readonly undone: ReadonlyMap<string, string>;
  /** Address -> the node that the step was read from. */
  readonly nodes: Map<string, MapNode>;
  /** The list that a slot was read from. */
  readonly lists: Map<OutlineSlot, StepList>;
}

const LOOPS: ReadonlySet<string> = new Set(['foreach', 'while', 'until']);

/** The verb of a step; empty when it has none. */
export function verbOf(node: MapNode): string {
  const own = node.entries.find(({ key }) => isVerb(key) && key !== 'if');
  return own?.key ?? (entryOf(node, 'if') ? 'if' : '');
}

/** Reads a list of steps; `end` is where its owner ends. */
export function readSlot(list: StepList, end: number, prefix: string, fixed: boolean, reading: StepReading) {
  const { name, label, branch, value } = list;
  const items = value?.kind === 'list' ? value : undefined;
  const closed = fixed || isClosed(list, items);
  const steps = (items?.items ?? []).flatMap((item, index) =>
    item.kind === 'map' ? [readStep(item, items?.dashes[index], prefix, closed, reading)] : [],
  );
  const from = steps[0]?.from ?? value?.position.from ?? end;
  const to = steps.at(-1)?.to ?? value?.position.to ?? end;
  const slot: OutlineSlot = { name, label, branch, written: value !== undefined, from, to, fixed: closed, steps };
  reading.lists.set(slot, list);
  return slot;
}

/** Whether no edit reaches into a list: it is used in several places, or is no list. Brackets can be opened. */
function isClosed({ holder, value }: StepList, items: ListNode | undefined): boolean {
  if (holder?.shared || value?.shared) return true;
  if (!value) return false;
  if (items) return !items.flow && items.dashes.length !== items.items.length;
  return value.kind !== 'scalar' || value.style !== 'empty';
}

function readStep(
  node: MapNode,
  dash: number | undefined,
  prefix: string,
  fixed: boolean,
  reading: StepReading,
): OutlineStep {
  const { source } = reading;
  const kind = verbOf(node);
  const idNode = fieldOf(node, 'id');
  const name = textOf(idNode);
  const from = dash ?? node.position.from;
  const to = endOf(node, source);
  const { line } = source.position(from, from);
  const address = addressFor(prefix === '' ? name : `${prefix}.${name}`, name, line, node, reading);
  const inner = LOOPS.has(kind) ? address : prefix;
  return {
    address,
    name,
    kind,
    title: textAt(node, 'title'),
    description: textAt(node, 'description'),
    summary: summaryOf(node, kind),
    ...actionOf(node, kind, reading.uses, reading.names),
    from,
    to,
    line,
    endLine: source.position(to, to).line,
    headLine: dash === undefined ? line : headOf(line, source),
    namePosition: name === '' ? undefined : idNode?.position,
    slots: listsOfStep(node, kind).map((list) => readSlot(list, to, inner, fixed && node.shared, reading)),
    condition: textAt(node, 'if'),
    marks: marksOf(node, name, reading),
    fixed,
  };
}

function addressFor(wanted: string, name: string, line: number, node: MapNode, { taken, nodes }: StepReading): string {
  const ambiguous = name === '' || taken.has(wanted);
  const address = ambiguous ? `${name}@${line}` : wanted;
  // Several on one line, in flow style: the column would tell them apart, and so does what comes first.
  if (taken.has(address)) return address;
  taken.set(address, node);
  nodes.set(address, node);
  return address;
}

/** The end of what a node says, without comments and blank lines behind it. */
export function endOf(node: DocumentNode, source: Source): number {
  const last = node.kind === 'map' ? node.entries.at(-1) : undefined;
  if (node.kind === 'map' && !node.flow && last) {
    const { value, keyPosition } = last;
    const isEmpty = value.kind === 'scalar' && value.style === 'empty';
    // Behind the colon of a key without a value.
    return isEmpty ? Math.max(source.text.indexOf(':', keyPosition.to) + 1, keyPosition.to) : endOf(value, source);
  }
  if (node.kind === 'list' && !node.flow) {
    const item = node.items.at(-1);
    if (item) return Math.max(endOf(item, source), (node.dashes.at(-1) ?? 0) + 1);
  }
  const { from, to } = node.position;
  return from + source.text.slice(from, to).trimEnd().length;
}

/** The first of the comment lines right above a line, no deeper than it. */
function headOf(line: number, { text, lineStart }: Source): number {
  const width = indentAt(text, lineStart(line));
  let head = line;
  while (head > 1) {
    const start = lineStart(head - 1);
    const indent = indentAt(text, start);
    if (text[start + indent] !== '#' || indent > width) break;
    head -= 1;
  }
  return head;
}

function indentAt(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ') at += 1;
  return at - start;
}

function marksOf(node: MapNode, name: string, { undone }: StepReading): OutlineMarks {
  const lease = fieldOf(node, 'lease');
  const timeout = fieldOf(node, 'timeout');
  const covers = fieldOf(node, 'covers');
  return {
    lease: lease ? [textAt(lease, 'for'), textAt(lease, 'while').replace('_', ' ')].filter(Boolean).join(', ') : '',
    timeout: timeout?.kind === 'map' ? textAt(timeout, 'after') : textOf(timeout),
    retry: fieldOf(node, 'retry') !== undefined,
    continues: textAt(node, 'on_failure') === 'continue',
    undoneBy: undone.get(name) ?? '',
    covers: covers?.kind === 'list' ? covers.items.map(textOf) : [],
  };
}

/** Every step of an outline, each before what is inside it. */
export function* stepsOf(slots: Outline['slots']): Generator<OutlineStep> {
  for (const { steps } of slots) {
    for (const step of steps) {
      yield step;
      yield* stepsOf(step.slots);
    }
  }
}
