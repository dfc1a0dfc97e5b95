/** One step of a path: a member name, an index, or every element of a list. */
export type PathStep = string | number | typeof EVERY;

/** Stands for `[*]`. */
export const EVERY = Symbol('every element');

const STEP = /\.?(?:"((?:[^"\\]|\\.)*)"|([^.[\]"\s][^.[\]"]*))|\[(?:(\d{1,6})|(\*)|"((?:[^"\\]|\\.)*)")\]/y;

/**
 * Reads a path into data: `data.srcip`, `hits[0].name`, `files[*].filename`, `remote-ip-address`, and in quotes names
 * that hold dots: `"source.ip"`, `agent["host.name"]`. Undefined when it is none.
 */
export function parsePath(text: string): readonly PathStep[] | undefined {
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const from = STEP.lastIndex;
    const match = STEP.exec(text);
    if (match === null) return undefined;
    const dotted = match[0].startsWith('.');
    if (from === 0 ? dotted : !dotted && !match[0].startsWith('[')) return undefined;
    const [, quoted, name, index, every, bracketed] = match;
    if (index !== undefined) steps.push(Number(index));
    else if (every !== undefined) steps.push(EVERY);
    else steps.push(name ?? (quoted ?? bracketed ?? '').replaceAll(/\\(.)/g, '$1'));
  }
  return steps.length === 0 ? undefined : steps;
}

/** The value at a path, own members only; undefined where there is none. `[*]` gives a list. */
export function readPath(value: unknown, steps: readonly PathStep[], from = 0): unknown {
  let current = value;
  for (let index = from; index < steps.length; index++) {
    const step = steps[index] as PathStep;
    if (typeof current !== 'object' || current === null) return undefined;
    if (step === EVERY) {
      if (!Array.isArray(current)) return undefined;
      return current.map((inner) => readPath(inner, steps, index + 1)).filter((inner) => inner !== undefined);
    }
    if (!Object.hasOwn(current, step) || (Array.isArray(current) && typeof step === 'string')) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

/** Data without what stands at a path; what is not touched is shared with the original. */
export function withoutPath(value: unknown, steps: readonly PathStep[], from = 0): unknown {
  const step = steps[from];
  if (typeof step !== 'string' || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (!Object.hasOwn(value, step)) return value;
  const { [step]: inner, ...rest } = value as Record<string, unknown>;
  return from === steps.length - 1 ? rest : { ...rest, [step]: withoutPath(inner, steps, from + 1) };
}
