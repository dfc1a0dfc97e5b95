import { describe, expect, it } from 'vitest';
import { defineErrors, isCounterpointError } from './error-catalogue.ts';

const errors = defineErrors('sample', {
  lost: { status: 404, message: 'There is no {thing}.', help: 'Look for {thing} elsewhere.' },
  plain: { status: 503, message: 'Busy.', help: 'Wait.', retryable: true },
});

describe('defineErrors', () => {
  it('fills message and help, and keeps code, status, cause and details', () => {
    const cause = new Error('inner');
    const error = errors.lost({ thing: '{x}' }, { cause, details: { tried: 2 } });
    expect(error).toMatchObject({
      code: 'sample.lost',
      status: 404,
      message: 'There is no {x}.',
      help: 'Look for {x} elsewhere.',
      retryable: false,
      details: { tried: 2 },
      cause,
    });
    expect(isCounterpointError(error, 'sample.lost')).toBe(true);
    expect(isCounterpointError(cause)).toBe(false);
  });

  it('needs no parameters where none are named', () => {
    expect(errors.plain()).toMatchObject({ code: 'sample.plain', retryable: true });
    expect(Object.keys(errors.specs)).toEqual(['sample.lost', 'sample.plain']);
  });
});
