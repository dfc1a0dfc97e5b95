import type { JsonObject } from '@counterpoint/core';
import type { ToolAction } from './tool.ts';
import type { ReadValue } from './values.ts';

/** The names of the three actions on a list of things, and of the fields of their answers. */
export interface ListWords {
  readonly put: string;
  readonly lift: string;
  readonly look: string;
  /** The field that names the thing. */
  readonly field: string;
  /** The field that says that it stood on the list before. */
  readonly was: string;
  /** The field that says whether it stands there now. */
  readonly is: string;
}

/** A list of things that a tool stops. */
export interface BlockList {
  readonly actions: Readonly<Record<string, ToolAction>>;
  has(value: string): boolean;
  values(): readonly string[];
}

/** Makes a list with its three actions: put something on it, lift it, look. Doing it twice says so. */
export function createBlockList(words: ListWords, read: ReadValue): BlockList {
  const listed = new Set<string>();
  const { put, lift, look, field, was, is } = words;
  const given = (input: JsonObject) => read(input[field]);
  return {
    has: (value) => listed.has(read(value)),
    values: () => [...listed],
    actions: {
      [put](input) {
        const value = given(input);
        const before = listed.has(value);
        listed.add(value);
        return { [field]: value, [was]: before };
      },
      [lift](input) {
        const value = given(input);
        listed.delete(value);
        return { [field]: value };
      },
      [look](input) {
        const value = given(input);
        return { [field]: value, [is]: listed.has(value) };
      },
    },
  };
}
