import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNormalizer } from '../normalizer/parse.ts';
import { EVERY, parsePath, readPath } from '../path.ts';
import { aBench, fixture, shippedNormalizers } from '../testing/harness.ts';
import { explainItem } from './explain-item.ts';
import { placesOf } from './places.ts';
import { readAlert } from './read-alert.ts';
import { ruleLines } from './rule-lines.ts';

const START = { offset: 0 };

/** What stands at a JSON Pointer. */
function at(value: unknown, pointer: string): unknown {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<unknown>(
    (inner, step) => (inner as Record<string, unknown>)[step.replaceAll('~1', '/').replaceAll('~0', '~')],
    value,
  );
}

describe('placesOf', () => {
  it('names each element of a list, escapes names, and leaves out what is not there', () => {
    const item = { 'a/b~c': [{ n: 1 }, {}, { n: 2 }] };
    expect(placesOf(item, [['a/b~c', EVERY, 'n'], ['gone'], ['a/b~c', 2, 'n']])).toEqual([
      '/a~1b~0c/0/n',
      '/a~1b~0c/2/n',
    ]);
  });

  it('names the place of whatever a path without lists reads', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.integer())), (item) => {
        for (const [outer, inner] of Object.entries(item)) {
          for (const name of Object.keys(inner)) {
            const [place = ''] = placesOf(item, [[outer, name]]);
            expect(at(item, place)).toBe(readPath(item, [outer, name]));
          }
        }
      }),
    );
  });
});

describe('ruleLines', () => {
  it('finds each rule where it stands', () => {
    for (const { text, document } of shippedNormalizers().values()) {
      const lines = ruleLines(text);
      const written = text.split('\n');
      for (const name of Object.keys(document.fields)) {
        expect(written[(lines.get(name) ?? 0) - 1]?.trim().startsWith(`${name}:`), name).toBe(true);
      }
      expect(written[(lines.get('severity') ?? 0) - 1]).toMatch(/^severity:/);
    }
  });
});

describe('explainItem', () => {
  it('says what filled a field, and from where: paths, templates, expressions', () => {
    const normalizer = shippedNormalizers().get('suricata_eve');
    if (!normalizer) throw new Error('no normaliser');
    const item = { src_ip: '203.0.113.7', alert: { severity: 1 }, http: { hostname: 'a.example', url: '/x' } };
    const fields = new Map(explainItem(normalizer, item, 1).map((field) => [field.target, field]));
    expect(fields.get('evidences[0].src_endpoint.ip')).toMatchObject({ from: 'src_ip', places: ['/src_ip'] });
    expect(fields.get('evidences[0].url.url_string')).toMatchObject({
      value: 'http://a.example/x',
      places: ['/http/hostname', '/http/url'],
    });
    expect(fields.get('finding_info.analytic.type_id')).toMatchObject({ from: 'value 1', places: [] });
    expect(fields.get('severity')).toMatchObject({ value: 'high', places: ['/alert/severity'] });
    expect(fields.has('device.hostname')).toBe(false);
  });
});

describe('readAlert', () => {
  const received = async () => {
    const bench = await aBench(createMemoryStore());
    await bench.send('suricata_eve', fixture('suricata-eve.jsonl'), { mediaType: 'application/x-ndjson' });
    await bench.ingest.idle();
    return bench;
  };

  it('shows the item beside what each rule took from it', async () => {
    const bench = await received();
    for (const alert of await bench.alerts()) {
      const reading = await readAlert(bench.store, shippedNormalizers(), alert, START);
      expect(reading).toMatchObject({ problem: '', normalizer: { id: 'suricata_eve' } });
      expect(reading.normalizer?.version).toBe(reading.normalizer?.current);
      const title = reading.fields.find(({ target }) => target === 'finding_info.title');
      expect(alert.title).toBe(title?.value);
      for (const { places, from, value } of reading.fields) {
        if (parsePath(from) && places.length === 1) {
          expect(String(at(reading.value, places[0] ?? ''))).not.toBe('undefined');
          expect(value).not.toBeUndefined();
        }
      }
    }
  });

  it('uses the version that read the item, and says that another reads now', async () => {
    const bench = await received();
    const [alert] = await bench.alerts();
    if (!alert) throw new Error('no alert');
    const old = shippedNormalizers().get('suricata_eve');
    const changed = parseNormalizer(`${old?.text}\n# changed\n`.replace('title: Suricata', 'title: New Suricata'));
    if (!old || !changed.normalizer) throw new Error('no normaliser');
    const reading = await readAlert(bench.store, new Map([['suricata_eve', changed.normalizer]]), alert, START);
    expect(reading.normalizer).toEqual({
      id: 'suricata_eve',
      version: old.version,
      current: changed.normalizer.version,
      text: old.text,
    });
    const gone = await readAlert(bench.store, new Map(), alert, START);
    expect(gone).toMatchObject({ problem: '', normalizer: { version: old.version, current: '' } });
  });

  it('gives the text in pieces, and refuses what was not counted on the alert', async () => {
    const bench = await received();
    const [alert] = await bench.alerts();
    if (!alert) throw new Error('no alert');
    const text = fixture('suricata-eve.jsonl');
    const reading = await readAlert(bench.store, shippedNormalizers(), alert, { offset: 100 });
    expect(text.slice(100).startsWith(reading.text)).toBe(true);
    expect(reading.length).toBe(text.length);
    await expect(
      readAlert(bench.store, shippedNormalizers(), alert, { raw: 'another', offset: 0 }),
    ).rejects.toMatchObject({ code: 'ingest.reading_not_found' });
  });
});
