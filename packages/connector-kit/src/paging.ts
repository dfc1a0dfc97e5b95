import type { Json } from '@counterpoint/core';
import { compileExpression } from '@counterpoint/expressions';
import type { Answer } from './answer.ts';
import type { Paging } from './manifest.ts';

/** Decides, page by page, what is asked next. */
export interface Pager {
  /** The query parameters of the first page. */
  readonly first: Readonly<Record<string, string>>;
  readonly maxPages: number;
  /** The items of a page. @throws RangeError when the answer holds no list */
  items(answer: Answer): readonly Json[];
  /** The query parameters of the page after `answer`, the `page`-th (from 1); undefined when it was the last. */
  next(answer: Answer, items: readonly Json[], page: number): Readonly<Record<string, string>> | undefined;
}

function scopeOf({ status, headers, body }: Answer): Readonly<Record<string, unknown>> {
  return { status, headers, body };
}

/** Compiles the paging of an action: `cursor` (a token from the answer), `offset` (items skipped) or `page` (from 1). */
export function compilePager(paging: Paging): Pager {
  const list = compileExpression(paging.items);
  const items = (answer: Answer): readonly Json[] => {
    const value = list.evaluate(scopeOf(answer));
    if (!Array.isArray(value)) throw new RangeError('the page holds no list of items');
    return value as readonly Json[];
  };
  const { parameter, max_pages: maxPages } = paging;
  if (paging.kind === 'cursor') {
    const cursor = compileExpression(paging.next);
    const next = (answer: Answer) => {
      const value = cursor.evaluate(scopeOf(answer));
      return value === null || value === undefined || value === '' ? undefined : { [parameter]: String(value) };
    };
    return { first: {}, maxPages, items, next };
  }
  if (paging.kind === 'offset') {
    const next = (_answer: Answer, page: readonly Json[], count: number) =>
      page.length < paging.size ? undefined : { [parameter]: String(paging.size * count) };
    return { first: { [parameter]: '0' }, maxPages, items, next };
  }
  const next = (_answer: Answer, page: readonly Json[], count: number) =>
    page.length === 0 ? undefined : { [parameter]: String(count + 1) };
  return { first: { [parameter]: '1' }, maxPages, items, next };
}
