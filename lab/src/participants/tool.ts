import type { Json, JsonObject } from '@counterpoint/core';

/** What a tool does with the input of an action; throws a {@link Refusal} for what it does not take. */
export type ToolAction = (input: JsonObject) => Json;

/** A simulated tool, apart from how it is connected: what it does when it is asked. */
export interface Tool {
  /** Id of the participant; its declaration is `content/participants/<id>.yaml`. */
  readonly id: string;
  /** Every action that its declaration offers. */
  readonly actions: Readonly<Record<string, ToolAction>>;
}

/** Why a tool does not do what it was asked. */
export class Refusal extends Error {}

/** How many answers a tool remembers, so that an attempt that comes again is answered as before. */
const REMEMBERED = 1_000;

/**
 * Makes the one function by which a tool is asked: of several attempts under one key only the first does something.
 *
 * @throws Refusal
 */
export function answering({ id, actions }: Tool): (action: string, input: JsonObject, key: string) => Json {
  const answers = new Map<string, Json>();
  return (action, input, key) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const perform = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!perform) throw new Refusal(`${id} offers no action ${action}`);
    const answer = perform(input);
    answers.set(key, answer);
    const [oldest] = answers.keys();
    if (answers.size > REMEMBERED && oldest !== undefined) answers.delete(oldest);
    return answer;
  };
}
