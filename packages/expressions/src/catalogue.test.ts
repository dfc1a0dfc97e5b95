import { describe, expect, it } from 'vitest';
import { functionCatalogue } from './catalogue.ts';
import { compileExpression } from './expression.ts';

describe('functionCatalogue', () => {
  for (const { name, examples } of functionCatalogue) {
    it.each(examples)(`${name}: $expression does what its reference says`, ({ expression, result, error }) => {
      const evaluate = (): unknown => compileExpression(expression).evaluate({});
      if (error === undefined) expect(evaluate()).toEqual(result);
      else expect(evaluate).toThrow(expect.objectContaining({ code: error }));
    });
  }

  it('gives every function a summary, an example and a name of its own', () => {
    const names = functionCatalogue.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { summary, examples } of functionCatalogue) {
      expect(summary).toMatch(/\.$/);
      expect(examples.length).toBeGreaterThan(0);
    }
  });
});
