import { readFileSync } from 'node:fs';
import { checkValue } from '@counterpoint/connector-kit';
import type { JsonObject } from '@counterpoint/core';
import type { AlertRow, Change, Store } from '@counterpoint/events';
import { anAlert } from '@counterpoint/events/conformance';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { builtinConnectors } from './builtin/connectors.ts';
import { formatTable } from './builtin/format-table.ts';
import { retryOnConflict } from './retry-on-conflict.ts';

const TRACE = 'a'.repeat(32);
const causality = { principal: 'playbook:p', trace: 'c'.repeat(32), cause: 'run:r1/open', hop: 1 };

let store: Store;
let keys = 0;
beforeEach(() => {
  store = createMemoryStore();
});

/** Runs a built-in action and commits what it wants written. */
async function act(name: string, input: JsonObject, key = `key${keys++}`, now = 1_000): Promise<JsonObject> {
  const [connector, action] = name.split('.') as [string, string];
  const handler = builtinConnectors.find((one) => one.manifest.id === connector)?.handlers[action];
  if (!handler) throw new Error(`no ${name}`);
  const { output, change } = await handler(input, { store, key, causality, now });
  await store.commit(change);
  return output;
}

const alertRow = (id: string, patch: Partial<AlertRow> = {}): AlertRow =>
  anAlert(id, { trace: TRACE, title: `Alert ${id}`, simulated: true, ...patch });
const addAlert = (row: AlertRow) => store.commit({ rows: [{ op: 'insert', table: 'alerts', row }] });
const entries = async (caseId: string) =>
  (await store.find('case_entries', { where: { case_id: caseId } })).map((row) => `${row.kind}: ${row.text}`).sort();

describe('cases', () => {
  it('open with an alert and observables, and say so on the timeline', async () => {
    await addAlert(alertRow('a1'));
    const { case_id } = await act('case.open', {
      title: 'Brute force',
      alert_id: 'a1',
      observables: ['203[.]0.113.7', { type: 'user-account', value: 'root' }],
    });
    expect(await store.get('cases', String(case_id))).toMatchObject({
      title: 'Brute force',
      severity: 4,
      simulated: true,
      status: 'open',
      ...causality,
    });
    expect(await store.get('alerts', 'a1')).toMatchObject({ case_id, status: 'in_progress', rev: 2 });
    expect(await entries(String(case_id))).toEqual([
      'alert_added: Alert a1',
      'observable_added: 203.0.113.7',
      'observable_added: root',
      'opened: Brute force',
    ]);
  });

  it('are the same case under the same key, whatever happened since', async () => {
    const first = await act('case.open', { title: 'One' }, 'k');
    await act('case.set_summary', { case_id: String(first.case_id), summary: 'worked on' });
    const second = await act('case.open', { title: 'One' }, 'k', 2_000);
    expect(second).toMatchObject({ case_id: first.case_id, summary: 'worked on' });
    expect(await store.count('cases')).toBe(1);
    expect(await store.count('case_entries')).toBe(2);
  });

  it('take notes once per key', async () => {
    const { case_id } = await act('case.open', { title: 'One' });
    const [one, two] = [
      await act('case.add_note', { case_id: String(case_id), text: 'x' }, 'n'),
      await act('case.add_note', { case_id: String(case_id), text: 'x' }, 'n'),
    ];
    expect(one).toEqual(two);
    await act('case.add_note', { case_id: String(case_id), text: 'x' });
    expect((await entries(String(case_id))).filter((text) => text === 'note: x')).toHaveLength(2);
  });

  it('are resolved with a verdict, closed and reopened', async () => {
    const case_id = String((await act('case.open', { title: 'One', severity: 'high' })).case_id);
    expect(
      await act('case.resolve', { case_id, verdict: 'benign', reason: 'a scanner of ours' }, 'r', 5_000),
    ).toMatchObject({ status: 'resolved', verdict: 'benign', severity: 4 });
    expect(await store.get('cases', case_id)).toMatchObject({ closed_at: 5_000 });
    await act('case.resolve', { case_id, verdict: 'benign', reason: 'a scanner of ours' }, 'r2', 6_000);
    expect(await store.get('cases', case_id)).toMatchObject({ rev: 2 });
    await act('case.set_status', { case_id, status: 'in_progress' }, 's', 7_000);
    expect(await store.get('cases', case_id)).toMatchObject({ closed_at: null, status: 'in_progress' });
    expect(await entries(case_id)).toContain('status: resolved as benign: a scanner of ours');
    await act('case.assess', { case_id, severity: 5 });
    expect(await store.get('cases', case_id)).toMatchObject({ severity: 5, verdict: 'benign' });
  });

  it('announce their changes in the form that the topic declares', async () => {
    const topic = JSON.parse(
      readFileSync(new URL('../../../content/topics/case.changed.v1.json', import.meta.url), 'utf8'),
    );
    await addAlert(alertRow('a1'));
    const case_id = String((await act('case.open', { title: 'One', alert_id: 'a1' })).case_id);
    await act('case.set_status', { case_id, status: 'in_progress' });
    await act('case.assess', { case_id, severity: 5 });
    await act('case.assess', { case_id, verdict: 'malicious' });
    await act('case.resolve', { case_id, verdict: 'malicious' });
    const events = await store.find('outbox', { where: { topic: 'case.changed.v1' }, orderBy: [{ column: 'id' }] });
    const data = events.map((row) => (row.envelope as { data: { change: string } }).data);
    expect(data.map((one) => one.change)).toEqual(['opened', 'alert_added', 'status', 'severity', 'verdict', 'closed']);
    for (const one of data) expect(checkValue(topic.schema, one)).toBeUndefined();
  });

  it('are found by status and by observable', async () => {
    const [a, b] = [
      await act('case.open', { title: 'A', observables: ['203.0.113.7'] }),
      await act('case.open', { title: 'B' }),
    ];
    await act('case.resolve', { case_id: String(b.case_id), verdict: 'benign' });
    expect((await act('case.find', { limit: 10 })).cases).toMatchObject([{ title: 'A' }]);
    expect((await act('case.find', { limit: 10, status: ['resolved'] })).cases).toMatchObject([{ title: 'B' }]);
    expect((await act('case.find', { limit: 10, observable: '203[.]0[.]113[.]7' })).cases).toMatchObject([
      { case_id: a.case_id },
    ]);
    expect((await act('case.find', { limit: 10, observable: '203.0.113.8' })).cases).toEqual([]);
  });

  it.each([
    ['case.add_note', { case_id: 'nope', text: 'x' }, 'cases.case_not_found'],
    ['case.open', { title: 'x', alert_id: 'nope' }, 'cases.alert_not_found'],
    ['case.open', { title: 'x', observables: ['no observable at all'] }, 'cases.observable_invalid'],
    ['alert.get', { alert_id: 'nope' }, 'cases.alert_not_found'],
    ['observable.add', { subject: 'thing:1', observables: [] }, 'cases.subject_invalid'],
    ['observable.get', { value: 'x', type: 'nope' }, 'cases.observable_invalid'],
  ])('%s refuses %j', async (name, input, code) => {
    await expect(act(name, input as JsonObject)).rejects.toMatchObject({ code });
    expect(await store.count('audit')).toBe(0);
  });
});

describe('alerts', () => {
  it('announce a revised verdict in their own story, once', async () => {
    await addAlert(alertRow('a1'));
    await act('alert.set_verdict', { alert_id: 'a1', verdict: 'benign', reason: 'known scanner' });
    await act('alert.set_verdict', { alert_id: 'a1', verdict: 'benign' });
    const topic = JSON.parse(
      readFileSync(new URL('../../../content/topics/alert.revised.v1.json', import.meta.url), 'utf8'),
    );
    const events = await store.find('outbox', {});
    expect(checkValue(topic.schema, (events[0]!.envelope as JsonObject).data)).toBeUndefined();
    expect(events).toMatchObject([{ topic: 'alert.revised.v1', subject: 'alert:a1', trace: TRACE, cause: 'alert:a1' }]);
    expect(events[0]?.envelope).toMatchObject({
      data: { verdict: 'benign', previous: 'unknown', reason: 'known scanner', revised: 'alert:a1' },
    });
    expect(await store.find('audit', {})).toMatchObject([{ action: 'alert.verdict_set', principal: 'playbook:p' }]);
  });

  it('are read with their finding and observables', async () => {
    await addAlert(alertRow('a1'));
    await act('observable.add', { subject: 'alert:a1', observables: ['203.0.113.7', '203.0.113.7'] });
    expect(await act('alert.get', { alert_id: 'a1' })).toMatchObject({
      alert_id: 'a1',
      finding: { class_uid: 2004 },
      observables: [{ type: 'ipv4-addr', value: '203.0.113.7' }],
    });
  });

  it('move between cases and leave a note behind', async () => {
    await addAlert(alertRow('a1'));
    const [a, b] = [
      String((await act('case.open', { title: 'A', alert_id: 'a1' })).case_id),
      String((await act('case.open', { title: 'B' })).case_id),
    ];
    expect(await act('alert.link_case', { alert_id: 'a1', case_id: b })).toMatchObject({ case_id: b });
    expect(await entries(a)).toContain(`note: Alert moved to case ${b}`);
    expect(await entries(b)).toContain('alert_added: Alert a1');
  });
});

describe('observables', () => {
  const enrich = (source: string, verdict: string, now = 1_000) =>
    act('observable.enrich', { value: '203.0.113.7', source, verdict, score: 50 }, `key${keys++}`, now);

  it('take the gravest word of the feeds, unless an analyst has spoken', async () => {
    expect(await enrich('vt', 'benign')).toMatchObject({ verdict: 'benign' });
    expect(await enrich('abuse', 'malicious')).toMatchObject({ verdict: 'malicious' });
    expect(await enrich('greynoise', 'unknown')).toMatchObject({ verdict: 'malicious' });
    expect(await enrich('analyst', 'benign', 2_000)).toMatchObject({ verdict: 'benign' });
    expect(await act('observable.get', { value: '203[.]0.113.7' })).toMatchObject({
      known: true,
      verdict: 'benign',
      type: 'ipv4-addr',
    });
    expect(await act('observable.get', { value: '203.0.113.9' })).toMatchObject({
      known: false,
      verdict: 'unknown',
      first_seen: null,
    });
  });

  it('announce a revision for every alert that holds them when a source changes its mind', async () => {
    for (const id of ['a1', 'a2']) {
      await addAlert(alertRow(id));
      await act('observable.add', { subject: `alert:${id}`, observables: ['203.0.113.7'] });
    }
    await enrich('vt', 'malicious');
    await enrich('abuse', 'benign');
    expect(await store.count('outbox')).toBe(0);
    await enrich('vt', 'benign', 2_000);
    expect((await store.find('outbox', {})).map((row) => row.subject).sort()).toEqual(['alert:a1', 'alert:a2']);
  });

  it('are enriched once per key', async () => {
    const input = { value: '203.0.113.7', source: 'vt', verdict: 'malicious' };
    await act('observable.enrich', input, 'k');
    await act('observable.enrich', input, 'k');
    expect(await store.count('enrichments')).toBe(1);
  });

  it('are listed for what they were seen in', async () => {
    await addAlert(alertRow('a1'));
    await act('observable.add', { subject: 'alert:a1', observables: ['evil.example.com', '203.0.113.7'] });
    const { observables } = await act('observable.list', { subject: 'alert:a1' });
    expect((observables as JsonObject[]).map((one) => one.value).sort()).toEqual(['203.0.113.7', 'evil.example.com']);
  });
});

describe('utilities', () => {
  it.each([
    [
      'util.hash',
      { text: 'abc', algorithm: 'sha256' },
      { hash: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    ],
    ['util.defang', { value: 'http://evil.example.com/x' }, { value: 'hxxp://evil[.]example[.]com/x' }],
    ['util.refang', { text: 'hxxp://evil[.]example[.]com' }, { text: 'http://evil.example.com' }],
    [
      'util.extract_observables',
      { text: 'from 203[.]0[.]113[.]7 to evil.example.com', limit: 10, types: ['ipv4-addr'] },
      { observables: [{ type: 'ipv4-addr', value: '203.0.113.7' }] },
    ],
  ])('%s of %j', async (name, input, output) => {
    expect(await act(name, input as JsonObject)).toEqual(output);
  });

  it('a table keeps its columns whatever the values hold', () => {
    expect(
      formatTable([
        { ip: '203.0.113.7', note: 'a | b\nc' },
        { ip: null, extra: [1] },
      ]),
    ).toBe(
      ['| ip | note | extra |', '| --- | --- | --- |', '| 203.0.113.7 | a \\| b\\\\u000ac |  |', '|  |  | [1] |'].join(
        '\n',
      ),
    );
    expect(formatTable([])).toBe('');
  });
});

describe('retrying on conflict', () => {
  it('reads anew until it gets through', async () => {
    await addAlert(alertRow('a1'));
    const bump = () =>
      retryOnConflict(async () => {
        const row = (await store.get('alerts', 'a1'))!;
        await store.commit({
          rows: [{ op: 'update', table: 'alerts', row: { ...row, count: row.count + 1, rev: row.rev + 1 } }],
        });
      });
    await Promise.all(Array.from({ length: 8 }, bump));
    expect(await store.get('alerts', 'a1')).toMatchObject({ count: 9 });
  });

  it('gives up in the end, and at once on anything else', async () => {
    await addAlert(alertRow('a1'));
    let tries = 0;
    const stale: Change = { rows: [{ op: 'update', table: 'alerts', row: alertRow('a1', { rev: 9 }) }] };
    const hopeless = retryOnConflict(() => {
      tries += 1;
      return store.commit(stale);
    });
    await expect(hopeless).rejects.toMatchObject({ code: 'events.conflict' });
    expect(tries).toBe(10);
    await expect(retryOnConflict(() => Promise.reject(new Error('other')))).rejects.toThrow('other');
  });
});
