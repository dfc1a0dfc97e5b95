import type { Store } from '@counterpoint/events';
import { parseTable } from '@counterpoint/playbook';
import { createMemoryStore } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tableHandlers } from './handlers/tables.ts';
import { type Surface, startSurface } from './testing/surface.ts';

const senders = parseTable(
  'kind: table/v1\nid: senders\ntitle: Senders\nkey: Address\ncolumns: { count: { type: integer, default: 0 }, owner: { type: string } }\n',
);

let surface: Surface;
let store: Store;
beforeEach(async () => {
  store = createMemoryStore();
  surface = await startSurface(store, (given) =>
    tableHandlers({ store: given, tables: new Map([[senders.id, senders]]) }),
  );
});
afterEach(() => surface.close());

async function get(path: string) {
  const headers = { authorization: `Bearer ${surface.owner}` };
  const { status, text } = await surface.send({ path: `/api/v1${path}`, headers });
  return { status, body: JSON.parse(text) };
}

const keep = (key: string, value: object) =>
  store.commit({
    rows: [
      {
        op: 'insert',
        table: 'table_entries',
        row: {
          id: key,
          table_name: 'senders',
          key,
          value: value as never,
          created_at: 1,
          updated_at: 2,
          rev: 1,
          principal: 'playbook:p',
          trace: 'a'.repeat(32),
          cause: 'run:r/s',
          hop: 0,
        },
      },
    ],
  });

describe('tables over HTTP', () => {
  it('shows what is declared, and how many rows there are', async () => {
    await keep('b', {});
    expect((await get('/tables')).body.items).toMatchObject([{ id: 'senders', rows: 1, columns: { count: {} } }]);
    expect((await get('/tables/senders')).body).toMatchObject({ title: 'Senders', key: 'Address' });
  });

  it('gives rows in the order of their keys, page by page, with defaults filled in', async () => {
    for (const key of ['c', 'a', 'b']) await keep(key, { owner: key });
    const first = (await get('/tables/senders/rows?limit=2')).body;
    expect(first.items).toMatchObject([{ key: 'a', value: { owner: 'a', count: 0 }, cause: 'run:r/s' }, { key: 'b' }]);
    const second = (await get(`/tables/senders/rows?limit=2&cursor=${first.next}`)).body;
    expect([second.items.map(({ key }: { key: string }) => key), second.next]).toEqual([['c'], null]);
    expect((await get('/tables/senders/rows?key=b')).body.items).toMatchObject([{ key: 'b' }]);
    expect((await get('/tables/senders/rows?key=nobody')).body.items).toEqual([]);
  });

  it('says that a table does not exist, and which one may be meant', async () => {
    expect(await get('/tables/sendrs/rows')).toMatchObject({
      status: 404,
      body: { code: 'cases.table_unknown', detail: expect.stringContaining('Did you mean "senders"?') },
    });
  });
});
