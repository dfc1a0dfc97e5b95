import { errors } from '../errors.ts';
import { type Branch, branchesOf } from './branches.ts';
import { type Editing, type FoundStep, freeName, stepOf } from './context.ts';
import { unitAt } from './delete-step.ts';
import type { Wrapping } from './edit.ts';
import type { LineSplice } from './lines.ts';
import { demandName } from './rename-step.ts';
import { stepLines } from './skeleton.ts';
import { shifted, type Unit, unitsOf } from './units.ts';

/** Passes the error on, so that wrapping alone changes nothing. */
const RETHROW = 'fail: "$' + '{{ error.message }}"';

const NAMES: Readonly<Record<Wrapping, string>> = {
  if: 'check',
  foreach: 'each',
  while: 'repeat',
  parallel: 'together',
  try: 'attempt',
};

/** What wrapping steps changes. */
export interface Wrapped {
  readonly splices: readonly LineSplice[];
  /** Id of the block. */
  readonly name: string;
  readonly steps: readonly FoundStep[];
  /** Of a `parallel`; empty for other blocks. */
  readonly branches: readonly Branch[];
  /** Id of the step that passes an error on, in a `try`. */
  readonly handler: string | undefined;
}

/** Puts a block around steps. @throws playbook.edit_unknown_step, edit_not_siblings, edit_fixed, edit_name_invalid, edit_name_taken */
export function wrapSteps(
  addresses: readonly string[],
  wrapping: Wrapping,
  wanted: string | undefined,
  editing: Editing,
): Wrapped {
  const steps = addresses.map((address) => stepOf(editing, address)).sort((a, b) => a.index - b.index);
  const [first] = steps;
  if (!first || steps.some(({ slot, index }, at) => slot !== first.slot || index !== first.index + at)) {
    throw errors.edit_not_siblings({ addresses: addresses.join(', ') });
  }
  const list = unitsOf(first.slot, editing);
  const units = steps.map(({ slot, index }) => unitAt(list, slot, index, editing));
  if (wanted !== undefined) demandName(wanted, editing);
  const name = wanted ?? freeName(NAMES[wrapping], editing.ids);
  const handler = wrapping === 'try' ? freeName('failed', new Set([...editing.ids, name])) : undefined;
  const branches = wrapping === 'parallel' ? branchesOf(steps, units, editing) : [];
  const insert = blockLines(wrapping, { name, handler, steps, units, branches, column: list.column }, editing);
  const [top] = units;
  const bottom = units.at(-1);
  if (!top || !bottom) throw errors.edit_fixed({ slot: first.slot.name });
  return { splices: [{ at: top.head, remove: bottom.end - top.head, insert }], name, steps, branches, handler };
}

interface Block {
  readonly name: string;
  readonly handler: string | undefined;
  readonly steps: readonly FoundStep[];
  readonly units: readonly Unit[];
  readonly branches: readonly Branch[];
  readonly column: number;
}

const FIELDS: Readonly<Record<Exclude<Wrapping, 'parallel'>, readonly string[]>> = {
  if: ['if: TODO', 'then:'],
  foreach: ['foreach: TODO', 'as: item', 'do:'],
  while: ['while: TODO', 'max_iterations: 10', 'do:'],
  try: ['try:'],
};

function blockLines(wrapping: Wrapping, block: Block, editing: Editing): readonly string[] {
  const { name, handler, steps, units, branches, column } = block;
  const { lines, layout } = { lines: editing.lines.lines, layout: editing.layout };
  const inner = column + layout.dash;
  const moved = (from: number, end: number, to: number): readonly string[] =>
    shifted(lines.slice(from, end), to - column, column);
  if (wrapping === 'parallel') {
    const branch = ' '.repeat(inner + 2);
    const written = branches.flatMap((one) =>
      one.steps.flatMap((step, at) => {
        const index = steps.indexOf(step);
        const { head, end } = units[index] ?? { head: 0, end: 0 };
        return [
          // What stands above a step stays above it, or above its branch.
          ...moved(units[index - 1]?.end ?? head, head, at === 0 ? inner + 2 : inner + 2 + layout.list),
          ...(at === 0 ? [`${branch}${one.name}:`] : []),
          ...moved(head, end, inner + 2 + layout.list),
        ];
      }),
    );
    return [...stepLines(name, ['parallel:'], column, layout.dash), ...written];
  }
  const nested = inner + layout.list;
  const all = moved(units[0]?.head ?? 0, units.at(-1)?.end ?? 0, nested);
  const written = [...stepLines(name, FIELDS[wrapping], column, layout.dash), ...all];
  if (handler === undefined) return written;
  const clause = [`${' '.repeat(inner)}catch:`, `${' '.repeat(nested)}-${' '.repeat(layout.dash - 1)}do:`];
  const rethrow = stepLines(handler, [RETHROW], nested + layout.dash + layout.list, layout.dash);
  return [...written, ...clause, ...rethrow];
}
