import type { JsonSchema } from '@counterpoint/connector-kit';
import type { Json, JsonObject } from '@counterpoint/core';
import type { Reader } from '@counterpoint/events';
import { exampleOf } from './example-value.ts';

/** An answer that no product gave. */
export interface SimulatedAnswer {
  /** `recording`: what the same action answered last; `example`: made from the schema of its output. */
  readonly from: 'recording' | 'example';
  readonly output: JsonObject;
}

/** Where a simulated answer is looked for. */
export interface SimulatedAction {
  readonly connector: string;
  readonly action: string;
  readonly connection: string | undefined;
  readonly input: JsonObject;
  readonly output: JsonSchema;
}

const STATES = ['performed', 'undone', 'expired'] as const;
const LOOKED_AT = 10;

/** What an action would answer: its last receipt in the ledger, with what it was asked for now; else an example. */
export async function simulateAnswer(reader: Reader, wanted: SimulatedAction): Promise<SimulatedAnswer> {
  const { output: schema, input } = wanted;
  const receipt = await lastReceipt(reader, wanted);
  if (receipt) return { from: 'recording', output: { ...receipt, ...common(receipt, input) } };
  const value = exampleOf(schema, input);
  return { from: 'example', output: isMap(value) ? value : {} };
}

async function lastReceipt(
  reader: Reader,
  { connector, connection, action }: SimulatedAction,
): Promise<JsonObject | undefined> {
  const places =
    connection === undefined
      ? (await reader.find('connections', { where: { connector }, limit: LOOKED_AT })).map(({ id }) => id)
      : [connection];
  for (const place of places) {
    const rows = await reader.find('effects', {
      where: { connection: place, action, state: { in: STATES } },
      orderBy: [{ column: 'created_at', descending: true }],
      limit: LOOKED_AT,
    });
    const found = rows.map(({ receipt }) => receipt).find(isMap);
    if (found) return found;
  }
  return undefined;
}

/** The arguments that the receipt names too, as long as they are of the same kind. */
function common(receipt: JsonObject, input: JsonObject): JsonObject {
  const same = Object.entries(input).filter(([name, value]) => typeof receipt[name] === typeof value);
  return Object.fromEntries(same);
}

function isMap(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The strings of a value that `known` does not hold. */
export function newStrings(value: Json, known: Json): readonly string[] {
  const before = new Set(stringsOf(known));
  return stringsOf(value).filter((text) => text !== '' && !before.has(text));
}

/** Every string in a value. */
export function stringsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsOf);
  return isMap(value) ? Object.values(value).flatMap(stringsOf) : [];
}
