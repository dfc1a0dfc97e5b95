import type { KeptTexts } from '../../../app/kept-texts.ts';
import type { TestStep } from './test-steps.ts';

/** What is kept in the browser until the server has it: the second net below the draft. */
export interface LocalCopy {
  readonly text: string;
  /** The draft that it was written upon; 0: there was none. */
  readonly rev: number;
  /** The text that it was written upon. */
  readonly base: string;
  /** What it made of its tests, with what the draft had made of them. */
  readonly tests: readonly TestStep[];
  /** Unix milliseconds. */
  readonly at: number;
}

/** Where copies are kept. */
export type CopyPlace = Pick<KeptTexts, 'read' | 'write'>;

function nameOf(playbook: string): string {
  return `playbook:${playbook}`;
}

/** Keeps a copy; answers whether there was room for it. */
export function keepCopy(place: CopyPlace, playbook: string, copy: LocalCopy): boolean {
  return place.write(nameOf(playbook), JSON.stringify(copy));
}

/** Forgets the copy. */
export function forgetCopy(place: CopyPlace, playbook: string): void {
  place.write(nameOf(playbook), '');
}

/** The copy that is kept, if it can be read. */
export function readCopy(place: CopyPlace, playbook: string): LocalCopy | undefined {
  try {
    const copy: unknown = JSON.parse(place.read(nameOf(playbook)) ?? 'null');
    return isCopy(copy) ? copy : undefined;
  } catch {
    return undefined;
  }
}

function isCopy(value: unknown): value is LocalCopy {
  if (typeof value !== 'object' || value === null) return false;
  const { text, rev, base, tests, at } = value as Partial<Record<keyof LocalCopy, unknown>>;
  const isText = typeof text === 'string' && typeof base === 'string';
  return isText && typeof rev === 'number' && typeof at === 'number' && Array.isArray(tests);
}
