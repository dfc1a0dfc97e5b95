import { plainText } from '../../ui/untrusted-text.ts';
import type { SlotPlace } from '../canvas-props.ts';
import type { Outline, OutlineSlot, OutlineStep } from '../model.ts';
import type { LaidEdge, LaidGraph, LaidNode, Point } from './graph.ts';
import {
  createMeasure,
  drawnSlots,
  type Extent,
  hasLanes,
  headHeight,
  isFork,
  isFrame,
  type Measure,
  sizes,
} from './measure.ts';

interface Pen {
  readonly measure: Measure;
  readonly nodes: LaidNode[];
  readonly edges: LaidEdge[];
}

/** Where a line begins. */
interface Port {
  readonly id: string;
  readonly point: Point;
  readonly label: string;
  readonly way: LaidEdge['way'];
  /** False behind `fail` and `succeed`: nothing goes on from there. */
  readonly open: boolean;
}

/** A list, without a place in it; nothing can be put into one that is fixed. */
type ListPlace = Omit<SlotPlace, 'index'> & { readonly fixed: boolean };

/** A column of steps: which list, around which middle, from where down. */
interface Column {
  readonly place: ListPlace;
  readonly axis: number;
  readonly top: number;
}

const MAX_TRIGGERS = 4;

/**
 * Lays a playbook out from the top down: lists are columns, branches stand side by side and meet again, loops and
 * parallel branches are frames. The same outline always gives the same graph, and what is added moves only what comes
 * after it and what it makes room beside. Linear in the number of steps.
 */
export function layOut(outline: Outline): LaidGraph {
  const pen: Pen = { measure: createMeasure(), nodes: [], edges: [] };
  let x = 0;
  let height = 0;
  let main = 0;
  outline.slots.forEach((slot, at) => {
    if (at > 0 && slot.steps.length === 0) return;
    const size = drawSection(pen, slot, outline, at === 0, x);
    x += size.w + sizes.between * 2;
    height = Math.max(height, size.h);
    if (at === 0) main = pen.nodes.length;
  });
  const [start] = pen.nodes;
  const axis = start ? start.x + start.w / 2 : 0;
  const width = Math.max(0, x - sizes.between * 2);
  return { nodes: pen.nodes, edges: pen.edges, main: pen.nodes.slice(0, main), width, height, axis };
}

function triggerLines(outline: Outline): readonly string[] {
  const lines = outline.triggers.map((trigger) => plainText(trigger.summary || trigger.kind, 80));
  if (lines.length === 0) return ['by hand'];
  if (lines.length <= MAX_TRIGGERS) return lines;
  return [...lines.slice(0, MAX_TRIGGERS - 1), `and ${lines.length - MAX_TRIGGERS + 1} more`];
}

function drawSection(pen: Pen, slot: OutlineSlot, outline: Outline, main: boolean, x: number): Extent {
  const list = pen.measure.list(slot.steps);
  const w = Math.max(list.w, sizes.nodeWidth);
  const axis = x + w / 2;
  const id = main ? 'start' : `section:${slot.name}`;
  const lines = main ? triggerLines(outline) : [plainText(slot.label, 80)];
  const h = main ? 30 + sizes.lineHeight * lines.length : 32;
  pen.nodes.push({
    id,
    kind: main ? 'start' : 'section',
    lines,
    x: axis - sizes.nodeWidth / 2,
    y: 0,
    w: sizes.nodeWidth,
    h,
  });
  const place = { step: '', slot: slot.name, fixed: slot.fixed };
  const last = drawColumn(pen, slot.steps, { place, axis, top: h + sizes.gap }, port(id, axis, h));
  const y = h + sizes.gap + list.h + sizes.gap;
  const size = main ? sizes.end : sizes.dot;
  const end = `end:${slot.name}`;
  pen.nodes.push({ id: end, kind: main ? 'end' : 'tail', x: axis - size / 2, y, w: size, h: size });
  connect(pen, last, end, { x: axis, y }, endOf(place, slot.steps));
  return { w, h: y + size };
}

function port(id: string, x: number, y: number, label = '', way?: LaidEdge['way']): Port {
  return { id, point: { x, y }, label, way, open: true };
}

function placeIn({ step, slot, fixed }: ListPlace, index: number): SlotPlace | undefined {
  return fixed ? undefined : { step, slot, index };
}

function endOf(place: ListPlace, steps: readonly OutlineStep[]): SlotPlace | undefined {
  return steps.length === 0 ? undefined : placeIn(place, steps.length);
}

function connect(pen: Pen, from: Port, target: string, to: Point, at: SlotPlace | undefined): void {
  if (!from.open) return;
  const { label, way } = from;
  const id = `${from.id}>${target}${way ? `#${way.step}/${way.branch}` : ''}`;
  pen.edges.push({ id, source: from.id, target, from: from.point, to, label, at, way });
}

/** Draws a list below a port; answers where it ends. */
function drawColumn(pen: Pen, steps: readonly OutlineStep[], column: Column, from: Port): Port {
  if (steps.length === 0) return drawSlot(pen, column, from);
  let at = from;
  let y = column.top;
  steps.forEach((step, index) => {
    connect(pen, at, step.address, { x: column.axis, y }, placeIn(column.place, index));
    const open = step.kind !== 'fail' && step.kind !== 'succeed';
    at = { ...drawStep(pen, step, column.axis, y), way: from.way, open };
    y += pen.measure.step(step).h + sizes.gap;
  });
  return at;
}

function drawSlot(pen: Pen, { place, axis, top }: Column, from: Port): Port {
  const id = `slot:${place.step}/${place.slot}`;
  const { slot } = sizes;
  pen.nodes.push({ id, kind: 'slot', at: placeIn(place, 0), x: axis - slot / 2, y: top, w: slot, h: slot });
  connect(pen, from, id, { x: axis, y: top }, undefined);
  return port(id, axis, top + slot, '', from.way);
}

/** Draws a step with what is inside it; answers where it ends. */
function drawStep(pen: Pen, step: OutlineStep, axis: number, y: number): Port {
  if (isFrame(step)) return drawFrame(pen, step, axis, y);
  const h = headHeight(step);
  const id = step.address;
  pen.nodes.push({ id, kind: 'step', step, x: axis - sizes.nodeWidth / 2, y, w: sizes.nodeWidth, h });
  return isFork(step) ? drawBranches(pen, step, axis, y) : port(id, axis, y + h);
}

function drawBranches(pen: Pen, step: OutlineStep, axis: number, y: number): Port {
  const bottom = y + headHeight(step);
  const total = pen.measure.step(step).h;
  const join = `join:${step.address}`;
  const top = y + total - sizes.dot;
  pen.nodes.push({ id: join, kind: 'join', x: axis - sizes.dot / 2, y: top, w: sizes.dot, h: sizes.dot });
  eachSlot(pen, step, axis, (slot, centre) => {
    const place = { step: step.address, slot: slot.name, fixed: slot.fixed };
    const from = port(step.address, axis, bottom, slot.label, wayInto(step, slot));
    const last = drawColumn(pen, slot.steps, { place, axis: centre, top: bottom + sizes.branchGap }, from);
    connect(pen, { ...last, label: '' }, join, { x: axis, y: top }, endOf(place, slot.steps));
  });
  return port(join, axis, y + total);
}

function drawFrame(pen: Pen, step: OutlineStep, axis: number, y: number): Port {
  const size = pen.measure.step(step);
  pen.nodes.push({ id: step.address, kind: 'frame', step, x: axis - size.w / 2, y, ...size });
  const head = y + headHeight(step);
  eachSlot(pen, step, axis, (slot, centre) => {
    const place = { step: step.address, slot: slot.name, fixed: slot.fixed };
    const from = hasLanes(step)
      ? drawLane(pen, step, slot, centre, head)
      : port(step.address, centre, head, '', wayInto(step, slot));
    const top = from.point.y + sizes.gap;
    const last = drawColumn(pen, slot.steps, { place, axis: centre, top }, from);
    const bottom = top + pen.measure.list(slot.steps).h + sizes.gap;
    const tail = `tail:${step.address}/${slot.name}`;
    pen.nodes.push({ id: tail, kind: 'tail', x: centre - sizes.dot / 2, y: bottom, w: sizes.dot, h: sizes.dot });
    connect(pen, last, tail, { x: centre, y: bottom }, endOf(place, slot.steps));
  });
  return port(step.address, axis, y + size.h);
}

function drawLane(pen: Pen, step: OutlineStep, slot: OutlineSlot, x: number, y: number): Port {
  const id = `lane:${step.address}/${slot.name}`;
  const w = sizes.slotColumn;
  pen.nodes.push({ id, kind: 'lane', lines: [plainText(slot.label, 80)], x: x - w / 2, y, w, h: sizes.laneHeight });
  return port(id, x, y + sizes.laneHeight, '', wayInto(step, slot));
}

function wayInto(step: OutlineStep, slot: OutlineSlot): NonNullable<LaidEdge['way']> {
  return { step: step.address, branch: slot.branch };
}

/** Calls back for each drawn list with the middle of its column; the columns together stand around the axis. */
function eachSlot(pen: Pen, step: OutlineStep, axis: number, draw: (slot: OutlineSlot, centre: number) => void): void {
  const slots = drawnSlots(step);
  const widths = slots.map((slot) => pen.measure.list(slot.steps).w);
  const total = widths.reduce((sum, w) => sum + w, 0) + sizes.between * (widths.length - 1);
  let x = axis - total / 2;
  slots.forEach((slot, at) => {
    const width = widths[at] ?? 0;
    draw(slot, x + width / 2);
    x += width + sizes.between;
  });
}
