import { compileExpression, compileTemplate } from '@counterpoint/expressions';

/** Gives the path for a scope; throws a RangeError that says what is wrong with a value put into it. */
export type PathTemplate = (scope: Readonly<Record<string, unknown>>) => string;

function encodePiece(value: unknown, source: string): string {
  const kind = typeof value;
  if (kind !== 'string' && kind !== 'number' && kind !== 'boolean') {
    throw new RangeError(`${source} gives nothing that can stand in a path`);
  }
  if (value === '') throw new RangeError(`${source} is empty`);
  return encodeURIComponent(String(value));
}

/**
 * Compiles the path of a request, such as `/v3/community/${{ input.ip }}`. Each value put in is percent-encoded whole,
 * so that it stays one piece; an empty value, and one that would make a piece `.` or `..`, is refused.
 *
 * @throws what compiling an expression throws
 */
export function compilePath(template: string): PathTemplate {
  const parts: PathTemplate[] = [];
  let position = 0;
  for (const { source, offset } of compileTemplate(template).expressions) {
    const literal = template.slice(position, template.lastIndexOf('${{', offset));
    const expression = compileExpression(source);
    parts.push(
      () => literal,
      (scope) => encodePiece(expression.evaluate(scope), source.trim()),
    );
    position = template.indexOf('}}', offset + source.length) + 2;
  }
  const rest = template.slice(position);
  return (scope) => {
    const path = parts.map((part) => part(scope)).join('') + rest;
    if (path.split('/').some((piece) => piece === '.' || piece === '..')) {
      throw new RangeError('a piece of the path is "." or ".."');
    }
    return path;
  };
}
