import type { Catalogue } from '../catalogue.ts';
import { type DocumentNode, fieldOf, type MapNode } from '../document/node.ts';
import { type ParsedDocument, parseDocument } from '../document/parse.ts';
import { usesOf } from './contracts.ts';
import type { Outline, OutlineSlot, OutlineStep } from './outline.ts';
import { listsOfDocument, type StepList } from './slots.ts';
import { endOf, readSlot, type StepReading, stepsOf } from './steps.ts';
import { inputsOf, triggersOf } from './triggers.ts';
import { textAt, textOf } from './words.ts';

/** An outline with what it was read from. */
export interface ReadOutline {
  readonly outline: Outline;
  readonly document: ParsedDocument;
  readonly root: MapNode | undefined;
  /** Address -> step. */
  readonly steps: ReadonlyMap<string, OutlineStep>;
  /** Address -> node. */
  readonly nodes: ReadonlyMap<string, MapNode>;
  readonly lists: ReadonlyMap<OutlineSlot, StepList>;
}

const NOTHING: Outline = {
  id: '',
  title: '',
  description: '',
  kind: 'playbook',
  readable: false,
  triggers: [],
  inputs: [],
  uses: [],
  slots: [],
  publishes: '',
  findings: [],
};

/** What helps to say more about actions: the connectors, capabilities and connections that there are. */
export type OutlineNames = Pick<Catalogue, 'connectors' | 'capabilities' | 'connections'>;

/**
 * The structure of a playbook or reaction with the places of its parts. Never throws: of a faulty text it gives as much
 * as can be read. Its findings are those of the text as YAML.
 */
export function outlineDocument(text: string, names?: OutlineNames): Outline {
  return readOutline(text, names).outline;
}

/** As {@link outlineDocument}, with what it was read from. */
export function readOutline(text: string, names?: OutlineNames): ReadOutline {
  const document = parseDocument(text);
  const { root, findings } = document;
  const nodes = new Map<string, MapNode>();
  const lists = new Map<OutlineSlot, StepList>();
  if (root?.kind !== 'map') {
    return { outline: { ...NOTHING, findings }, document, root: undefined, steps: new Map(), nodes, lists };
  }
  const kind = textAt(root, 'kind').startsWith('reaction') ? 'reaction' : 'playbook';
  const uses = usesOf(root, names);
  const taken = new Map<string, MapNode>();
  const reading: StepReading = { source: document.source, uses, names, taken, undone: undoneIn(root), nodes, lists };
  const end = endOf(root, document.source);
  const outline: Outline = {
    id: textAt(root, 'id'),
    title: textAt(root, 'title'),
    description: textAt(root, 'description'),
    kind,
    readable: true,
    triggers: triggersOf(root, kind),
    inputs: inputsOf(root),
    uses,
    slots: listsOfDocument(root, kind).map((list) => readSlot(list, end, '', false, reading)),
    publishes: kind === 'reaction' ? textAt(fieldOf(root, 'publish'), 'topic') : '',
    findings,
  };
  const steps = new Map([...stepsOf(outline.slots)].map((step) => [step.address, step]));
  return { outline, document, root, steps, nodes, lists };
}

/** Which steps others undo, wherever these stand. */
function undoneIn(root: DocumentNode): ReadonlyMap<string, string> {
  const undone = new Map<string, string>();
  const visit = (node: DocumentNode): void => {
    if (node.kind === 'list') for (const item of node.items) visit(item);
    if (node.kind !== 'map') return;
    const undo = textOf(fieldOf(node, 'undo'));
    if (undo !== '' && fieldOf(node, 'id')) undone.set(undo, textAt(node, 'id'));
    for (const { value } of node.entries) visit(value);
  };
  visit(root);
  return undone;
}

/** Address of the innermost step around an offset of the text; undefined outside of steps. */
export function stepAt(outline: Outline, offset: number): string | undefined {
  let found: OutlineStep | undefined;
  let slots = outline.slots;
  for (;;) {
    const inside = slots.flatMap(({ steps }) => steps).find(({ from, to }) => from <= offset && offset <= to);
    if (!inside) return found?.address;
    found = inside;
    slots = inside.slots;
  }
}
