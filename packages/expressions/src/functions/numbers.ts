import { errors } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { invalidValue } from './helpers.ts';
import type { FunctionSpec } from './spec.ts';

const group = 'numbers';
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function toNumber(value: unknown, runtime: Runtime): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  const text = typeof value === 'string' ? value.trim() : '';
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) throw invalidValue(value, 'a number', runtime);
  return number;
}

function whole(number: number, runtime: Runtime): number {
  if (!Number.isSafeInteger(number)) throw errors.number_out_of_range({ number }, runtime.where());
  return number === 0 ? 0 : number;
}

function rounding(
  name: string,
  summary: string,
  example: FunctionSpec['examples'][0],
  round: (n: number) => number,
): FunctionSpec {
  return {
    name,
    group,
    signatures: [`${name}(value: number) -> int`],
    method: false,
    summary,
    examples: [example],
    run: ([value], runtime) => whole(round(value as number), runtime),
  };
}

/** Functions on numbers. */
export const numberFunctions: readonly FunctionSpec[] = [
  {
    name: 'int',
    group,
    signatures: ['int(value: dyn) -> int'],
    method: false,
    summary: 'The value as a whole number: a text that holds one, a number without its fraction, a bool as 1 or 0.',
    examples: [
      { expression: 'int("443")', result: 443 },
      { expression: 'int(7 / 2)', result: 3 },
      { expression: 'int("many")', error: 'expressions.invalid_value' },
    ],
    run: ([value], runtime) => whole(Math.trunc(toNumber(value, runtime)), runtime),
  },
  {
    name: 'double',
    group,
    signatures: ['double(value: dyn) -> double'],
    method: false,
    summary: 'The value as a number: a text that holds one, or a bool as 1 or 0.',
    examples: [{ expression: 'double("7.5") >= 7', result: true }],
    run: ([value], runtime) => toNumber(value, runtime),
  },
  {
    name: 'bool',
    group,
    signatures: ['bool(value: dyn) -> bool'],
    method: false,
    summary: 'The bool that a text writes: true, yes, on, 1 or false, no, off, 0. A bool stays as it is.',
    examples: [
      { expression: 'bool("Yes")', result: true },
      { expression: 'bool("maybe")', error: 'expressions.invalid_value' },
    ],
    run: ([value], runtime) => {
      const word = String(typeof value === 'object' ? '' : value).toLowerCase();
      if (['true', 'yes', 'on', '1'].includes(word)) return true;
      if (['false', 'no', 'off', '0'].includes(word)) return false;
      throw invalidValue(value, 'a bool', runtime);
    },
  },
  rounding(
    'floor',
    'The largest whole number that is not greater.',
    { expression: 'floor(7.9)', result: 7 },
    Math.floor,
  ),
  rounding('ceil', 'The smallest whole number that is not less.', { expression: 'ceil(7.1)', result: 8 }, Math.ceil),
  rounding('round', 'The nearest whole number; halves go up.', { expression: 'round(71.5)', result: 72 }, Math.round),
  {
    name: 'abs',
    group,
    signatures: ['abs(value: number) -> number'],
    method: false,
    summary: 'The number without its sign.',
    examples: [{ expression: 'abs(-3)', result: 3 }],
    run: ([value]) => Math.abs(value as number),
  },
];
