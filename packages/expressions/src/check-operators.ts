import type { BinaryOperator, Expression, Node } from './ast.ts';
import { type CheckContext, inferPresent, reportMismatch, taintedBy, textAt } from './check-context.ts';
import { describeType, type ExpressionType, elementType, isMapLike, isNumeric, joinTypes, types } from './types.ts';

interface Operands {
  readonly node: Node<'binary'>;
  readonly left: ExpressionType;
  readonly right: ExpressionType;
  readonly context: CheckContext;
}

type Rule = (operands: Operands) => ExpressionType;

function isDyn(type: ExpressionType): boolean {
  return type.kind === 'dyn';
}

function comparable(a: ExpressionType, b: ExpressionType): boolean {
  if (isDyn(a) || isDyn(b) || a.kind === 'null' || b.kind === 'null') return true;
  return a.kind === b.kind || (isNumeric(a) && isNumeric(b)) || (isMapLike(a) && isMapLike(b));
}

function fail({ node, left, right, context }: Operands, expected: string): void {
  const actual = `${describeType(left)} and ${describeType(right)}`;
  reportMismatch(context, node.span, `"${node.op}"`, expected, actual, conversion(node, left, right));
}

/** How to make a text and a number fit. */
function conversion(node: Node<'binary'>, left: ExpressionType, right: ExpressionType): string | undefined {
  const rewrite = (side: Expression, name: string): string => {
    const converted = `${name}(${textAt(side.span)})`;
    const [a, b] = side === node.left ? [converted, textAt(node.right.span)] : [textAt(node.left.span), converted];
    return `${a} ${node.op} ${b}`;
  };
  if (left.kind === 'string' && isNumeric(right)) {
    return node.op === '+' ? rewrite(node.right, 'string') : rewrite(node.left, right.kind);
  }
  if (right.kind === 'string' && isNumeric(left)) {
    return node.op === '+' ? rewrite(node.left, 'string') : rewrite(node.right, left.kind);
  }
  return undefined;
}

const equality: Rule = (operands) => {
  if (!comparable(operands.left, operands.right)) fail(operands, 'two values of one kind');
  return types.bool;
};

const order: Rule = (operands) => {
  const { left, right } = operands;
  const fits = (type: ExpressionType): boolean => isDyn(type) || isNumeric(type) || type.kind === 'string';
  if (!fits(left) || !fits(right) || !comparable(left, right)) fail(operands, 'two numbers or two texts');
  return types.bool;
};

const arithmetic: Rule = (operands) => {
  const { left, right, node } = operands;
  const fits = (type: ExpressionType): boolean => isDyn(type) || isNumeric(type);
  if (!fits(left) || !fits(right)) fail(operands, 'two numbers');
  const whole = left.kind === 'int' && right.kind === 'int' && node.op !== '/';
  return taintedBy(whole ? types.int : types.double, [left, right]);
};

const addition: Rule = (operands) => {
  const { left, right } = operands;
  const known = isDyn(left) ? right : left;
  if (!isDyn(left) && !isDyn(right)) {
    const fits =
      (isNumeric(left) && isNumeric(right)) || (left.kind === right.kind && ['string', 'list'].includes(left.kind));
    if (fits) return taintedBy(joinTypes(left, right), [left, right]);
    fail(operands, 'two numbers, two texts or two lists');
    return taintedBy(types.dyn, [left, right]);
  }
  if (known.kind === 'string') return taintedBy(types.string, [left, right]);
  if (known.kind === 'list') return taintedBy(types.list(types.dyn), [left, right]);
  if (!isDyn(known) && !isNumeric(known)) fail(operands, 'two numbers, two texts or two lists');
  return taintedBy(types.dyn, [left, right]);
};

const membership: Rule = (operands) => {
  const { left, right } = operands;
  if (right.kind === 'list') {
    if (!comparable(left, elementType(right))) fail(operands, 'a list of such values on its right');
  } else if (isMapLike(right)) {
    if (left.kind !== 'string' && !isDyn(left)) fail(operands, 'a text key on its left');
  } else if (!isDyn(right)) fail(operands, 'a list or a map on its right');
  return types.bool;
};

const rules: Readonly<Record<BinaryOperator, Rule>> = {
  '==': equality,
  '!=': equality,
  '<': order,
  '<=': order,
  '>': order,
  '>=': order,
  '+': addition,
  '-': arithmetic,
  '*': arithmetic,
  '/': arithmetic,
  '%': arithmetic,
  in: membership,
};

/** The type of an operator's result. Comparisons give trusted bools, whatever they compare. */
export function inferBinary(node: Node<'binary'>, context: CheckContext): ExpressionType {
  const left = inferPresent(node.left, context);
  const right = inferPresent(node.right, context);
  return rules[node.op]({ node, left, right, context });
}
