import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadContent } from './content.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'counterpoint-content-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const CALENDAR =
  'kind: calendar/v1\nid: nights\ntitle: Nights\ntime_zone: UTC\nwindows: [{ open: "0 22 * * *", for: 8h }]\n';
const TABLE = 'kind: table/v1\nid: senders\ntitle: Senders\nkey: Address\ncolumns: { count: { type: integer } }\n';

describe('loadContent', () => {
  it('reads tables and calendars by their ids', () => {
    write('calendars/any_name.yaml', CALENDAR);
    write('tables/any_name.yaml', TABLE);
    const { calendars, tables } = loadContent(folder);
    expect([...calendars.keys(), ...tables.keys()]).toEqual(['nights', 'senders']);
  });

  it.each([
    ['calendars/a.yaml', CALENDAR.replace('0 22 * * *', '0 0 31 2 *'), /calendars\/a.yaml.*never opens/],
    ['calendars/a.yaml', CALENDAR.replace('title: Nights', 'tilte: Nights'), /calendars\/a.yaml.*title/],
    ['tables/a.yaml', TABLE.replace('integer', 'int'), /tables\/a.yaml.*columns.count/],
    ['tables/a.yaml', `${TABLE}required: [other]\n`, /tables\/a.yaml.*"other"/],
    ['tables/a.yaml', `${TABLE}key: twice\n`, /tables\/a.yaml/],
  ])('refuses %s and says what is wrong with it', (file, text, reason) => {
    write(file, text);
    expect(() => loadContent(folder)).toThrow(
      expect.objectContaining({ code: 'server.content_invalid', message: expect.stringMatching(reason) }),
    );
  });
});
