/** What is kept in the browser until the server has it: the second net below the draft. */
export interface LocalCopy {
  readonly text: string;
  /** The draft that it was written upon; 0: there was none. */
  readonly rev: number;
  /** The text that it was written upon. */
  readonly base: string;
  /** Unix milliseconds. */
  readonly at: number;
}

/** What of the browser's storage is used. */
export type CopyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

function keyOf(playbook: string): string {
  return `cp-draft:${playbook}`;
}

/** Keeps a copy; answers whether there was room for it. */
export function keepCopy(storage: CopyStorage, playbook: string, copy: LocalCopy): boolean {
  try {
    storage.setItem(keyOf(playbook), JSON.stringify(copy));
    return true;
  } catch {
    return false;
  }
}

/** Forgets the copy. */
export function forgetCopy(storage: CopyStorage, playbook: string): void {
  storage.removeItem(keyOf(playbook));
}

/** The copy that is kept, if it can be read. */
export function readCopy(storage: CopyStorage, playbook: string): LocalCopy | undefined {
  try {
    const copy: unknown = JSON.parse(storage.getItem(keyOf(playbook)) ?? 'null');
    return isCopy(copy) ? copy : undefined;
  } catch {
    return undefined;
  }
}

function isCopy(value: unknown): value is LocalCopy {
  if (typeof value !== 'object' || value === null) return false;
  const { text, rev, base, at } = value as Partial<Record<keyof LocalCopy, unknown>>;
  return typeof text === 'string' && typeof base === 'string' && typeof rev === 'number' && typeof at === 'number';
}
