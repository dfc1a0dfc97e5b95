import { createHash } from 'node:crypto';
import type { Json } from '@counterpoint/core';
import { defang, extractObservables, refang } from '@counterpoint/formats';
import { nameObservable, readObservable } from '../observables.ts';
import { type BuiltinConnector, handler, reading } from './builtin.ts';
import { formatTable } from './format-table.ts';
import { action, builtinManifest, listOf, object, observableType, text } from './schemas.ts';

const untrusted = { type: 'string', untrusted: true };
const anyText = (description: string) => text(description, { maxLength: 1_000_000 });

const manifest = builtinManifest('util', 'Utilities', 'Small helpers that need no product.', {
  hash: action(
    'read',
    'Hash a text (UTF-8)',
    object(
      {
        text: anyText('What is hashed'),
        algorithm: { type: 'string', enum: ['md5', 'sha1', 'sha256', 'sha512'], default: 'sha256' },
      },
      ['algorithm'],
    ),
    object({ hash: text('Lower-case hexadecimal digits') }),
  ),
  extract_observables: action(
    'read',
    'Find the observables in a text',
    object(
      {
        text: anyText('Any text; defanged values are understood'),
        types: listOf(observableType, { description: 'Only these; default all' }),
        limit: { type: 'integer', minimum: 1, maximum: 1000, default: 200 },
      },
      ['types', 'limit'],
    ),
    object({ observables: listOf(object({ type: observableType, value: untrusted })) }),
  ),
  defang: action(
    'read',
    'Make a value safe to show',
    object({ value: text('A URL, domain, address or mail address', { maxLength: 4096 }), type: observableType }, [
      'type',
    ]),
    object({ value: untrusted }),
  ),
  refang: action(
    'read',
    'Undo defanging in a text',
    object({ text: anyText('Text with hxxp, [.] and the like') }),
    object({ text: untrusted }),
  ),
  format_table: action(
    'read',
    'Write rows as a Markdown table',
    object(
      {
        rows: listOf({ type: 'object' }, { maxItems: 1000 }),
        columns: listOf({ type: 'string' }, { maxItems: 50, description: 'In this order; default: all, as they come' }),
      },
      ['columns'],
    ),
    object({ text: untrusted }),
  ),
});

interface ExtractInput {
  readonly text: string;
  readonly types?: readonly string[];
  readonly limit: number;
}

/** Built-in helpers. */
export const utilConnector: BuiltinConnector = {
  manifest,
  permissions: null,
  handlers: {
    hash: handler<{ text: string; algorithm: string }>(async (input) =>
      reading({ hash: createHash(input.algorithm).update(input.text, 'utf8').digest('hex') }),
    ),
    extract_observables: handler<ExtractInput>(async (input) => {
      const found = extractObservables(input.text, { limit: 1000 });
      const wanted = found.filter((one) => input.types === undefined || input.types.includes(one.type));
      return reading({ observables: wanted.slice(0, input.limit).map(({ type, value }) => ({ type, value })) });
    }),
    defang: handler<{ value: string; type?: string }>(async (input) => {
      const { type, value } =
        input.type === undefined ? readObservable(input.value) : nameObservable(input.type, input.value);
      return reading({ value: defang(value, type) });
    }),
    refang: handler<{ text: string }>(async (input) => reading({ text: refang(input.text) })),
    format_table: handler<{ rows: readonly { readonly [name: string]: Json }[]; columns?: readonly string[] }>(
      async (input) => reading({ text: formatTable(input.rows, input.columns) }),
    ),
  },
};
