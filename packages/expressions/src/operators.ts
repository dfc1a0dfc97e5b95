import type { BinaryOperator } from './ast.ts';
import { errors } from './errors.ts';
import type { Runtime } from './runtime.ts';
import { equal, isList, isMap, kindOf } from './values.ts';

type Operator = (left: unknown, right: unknown, runtime: Runtime) => unknown;

function mismatch(op: string, expected: string, left: unknown, right: unknown, runtime: Runtime): never {
  const actual = `${kindOf(left)} and ${kindOf(right)}`;
  throw errors.type_mismatch({ what: `"${op}"`, expected, actual }, runtime.where());
}

/**
 * The result of arithmetic, when JSON can say it: finite, and exact when both operands are exact whole numbers.
 *
 * @throws expressions.number_out_of_range
 */
export function checkedNumber(result: number, left: number, right: number, runtime: Runtime): number {
  if (result <= Number.MAX_SAFE_INTEGER && result >= -Number.MAX_SAFE_INTEGER) return result === 0 ? 0 : result;
  const exact = Number.isSafeInteger(left) && Number.isSafeInteger(right);
  if (!Number.isFinite(result) || exact) throw errors.number_out_of_range({ number: result }, runtime.where());
  return result;
}

function arithmetic(op: string, compute: (left: number, right: number) => number): Operator {
  return (left, right, runtime) => {
    if (typeof left !== 'number' || typeof right !== 'number') return mismatch(op, 'two numbers', left, right, runtime);
    return checkedNumber(compute(left, right), left, right, runtime);
  };
}

function division(op: string, compute: (left: number, right: number) => number): Operator {
  const divide = arithmetic(op, compute);
  return (left, right, runtime) => {
    if (right === 0 && typeof left === 'number') throw errors.division_by_zero({}, runtime.where());
    return divide(left, right, runtime);
  };
}

function comparison(
  op: string,
  numbers: (a: number, b: number) => boolean,
  texts: (a: string, b: string) => boolean,
): Operator {
  return (left, right, runtime) => {
    if (typeof left === 'number' && typeof right === 'number') return numbers(left, right);
    if (typeof left === 'string' && typeof right === 'string') return texts(left, right);
    return mismatch(op, 'two numbers or two texts', left, right, runtime);
  };
}

const add: Operator = (left, right, runtime) => {
  if (typeof left === 'number' && typeof right === 'number') return checkedNumber(left + right, left, right, runtime);
  if (typeof left === 'string' && typeof right === 'string') {
    runtime.chargeText(left.length + right.length);
    return left + right;
  }
  if (isList(left) && isList(right)) {
    runtime.charge(left.length + right.length);
    return [...left, ...right];
  }
  return mismatch('+', 'two numbers, two texts or two lists', left, right, runtime);
};

const within: Operator = (left, right, runtime) => {
  if (isList(right)) {
    runtime.charge(right.length);
    return right.some((item) => equal(left, item, runtime));
  }
  if (isMap(right)) return typeof left === 'string' && Object.hasOwn(right, left);
  return mismatch('in', 'a list or a map on its right', left, right, runtime);
};

/**
 * What each operator does. There is one kind of number, as in JSON, so `/` divides exactly (`5 / 2` is 2.5) whether or
 * not its operands happen to be whole.
 */
export const operators: Readonly<Record<BinaryOperator, Operator>> = {
  '==': equal,
  '!=': (left, right, runtime) => !equal(left, right, runtime),
  '<': comparison(
    '<',
    (a, b) => a < b,
    (a, b) => a < b,
  ),
  '<=': comparison(
    '<=',
    (a, b) => a <= b,
    (a, b) => a <= b,
  ),
  '>': comparison(
    '>',
    (a, b) => a > b,
    (a, b) => a > b,
  ),
  '>=': comparison(
    '>=',
    (a, b) => a >= b,
    (a, b) => a >= b,
  ),
  '+': add,
  '-': arithmetic('-', (a, b) => a - b),
  '*': arithmetic('*', (a, b) => a * b),
  '/': division('/', (a, b) => a / b),
  '%': division('%', (a, b) => a % b),
  in: within,
};
