import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { manualClock } from '@counterpoint/core';
import { dxlErrorCodes, emptyDxlFields, encodeDxlMessage } from '@counterpoint/formats';
import { createMemoryStore } from '@counterpoint/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeAuthority } from '../authority/certificates.ts';
import { openAuthority } from '../authority/open-authority.ts';
import { newCertificateRequest } from '../authority/request.ts';
import { startFabric, type TestFabric, until } from './testing/fabric.ts';
import { ask, connected, dxl, heard, type Message, offer, say, settled } from './testing/published.ts';

const DAY = 86_400_000;

let fabric: TestFabric;
beforeAll(async () => {
  fabric = await startFabric({ store: createMemoryStore() });
});
afterAll(() => fabric.close());
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

const trouble = (text: string) =>
  until(
    () => fabric.troubles.some((one) => one.includes(text)),
    `no trouble has ${text}: ${fabric.troubles.join('\n')}`,
  );

describe('a client of the published library is refused', () => {
  test('when its certificate was revoked, also while it is connected', async () => {
    const identity = await fabric.identity('to be revoked');
    const client = await connected(fabric.client(identity));
    const closed = once(client, 'close');
    await fabric.participants.revoke(identity.thumbprint, fabric.by);
    await closed;
    client.disconnect();
    await expect(connected(fabric.client(identity))).rejects.toThrow('Connection refused: Not authorized');
    await trouble(`The certificate ${identity.thumbprint} was revoked`);
  });

  test('when its certificate is not valid yet, or not any more, with the clocks named as a reason', async () => {
    for (const [days, reason] of [
      [30, 'is not valid yet: one of the two clocks is wrong'],
      [-800, 'has expired, or one of the two clocks is wrong'],
    ] as const) {
      const clock = manualClock(Date.now() + days * DAY);
      const skewed = await openAuthority({ ...fabric, clock });
      const { key, csr } = await newCertificateRequest('skewed');
      const { pem } = await skewed.issue(csr);
      await expect(connected(fabric.client({ key, certificate: pem }))).rejects.toThrow('Not authorized');
      await trouble(reason);
    }
  });

  test('when its certificate is of another authority, or our own never wrote it down', async () => {
    const { key, csr } = await newCertificateRequest('stranger');
    const validity = { notBefore: Date.now() - DAY, notAfter: Date.now() + DAY };
    const foreign = await makeAuthority('Other', validity);
    await expect(connected(fabric.client({ key: foreign.key, certificate: foreign.certificate }))).rejects.toThrow(
      'Not authorized',
    );
    await trouble('its certificate does not hold');
    const { pem } = await fabric.authority.issue(csr);
    await expect(connected(fabric.client({ key, certificate: pem }))).rejects.toThrow('Not authorized');
    await trouble('The credential of the participant is missing, unknown or has ended');
  });

  test('when it is disabled, at once', async () => {
    const identity = await fabric.identity('to be disabled');
    const client = await connected(fabric.client(identity));
    const closed = once(client, 'close');
    await fabric.participants.update(identity.participant, { enabled: false }, fabric.by);
    await closed;
    client.disconnect();
  });
});

describe('a client stays connected, and nobody else is disturbed,', () => {
  test('when a topic is not for it', async () => {
    const open = await fabric.connect('open');
    const narrow = await fabric.connect('narrow', { publish: ['dxl.mine.>'], subscribe: ['dxl.mine.>'], offer: [] });
    const granted = new Promise((resolve) => narrow._mqttClient.subscribe('/yours/#', (_error, all) => resolve(all)));
    expect(await granted).toMatchObject([{ qos: 128 }]);
    const mine = heard(narrow, '/mine/a');
    const all = heard(narrow, '#');
    const theirs = heard(open, '#');
    await settled(narrow, open);
    say(open, '/yours/a', 'not for narrow');
    say(narrow, '/yours/b', 'not by narrow');
    say(narrow, '/mine/a', 'by narrow');
    await until(() => mine.length === 1);
    await settled(narrow, open);
    expect(all).toHaveLength(1);
    expect(theirs.map(({ payload }) => String(payload))).toEqual(['not for narrow', 'by narrow']);
    await trouble('narrow may not publish on dxl.yours.b');
    expect(fabric.refusals.list('narrow')).toMatchObject([{ kind: 'publish', subject: 'dxl.yours.b' }]);
    await expect(offer(narrow, '/mine', ['/mine/ask'], () => '')).rejects.toThrow('may not offer dxl./mine');
    expect(narrow.connected).toBe(true);
  });

  test('when it may not invoke a service', async () => {
    const provider = await fabric.connect('has a service');
    await offer(provider, '/guarded', ['/guarded/ask'], () => 'ok');
    const narrow = await fabric.connect('may not ask', { invoke: ['dxl./other*'] });
    await expect(ask(narrow, '/guarded/ask')).rejects.toMatchObject({
      dxlErrorResponse: { errorCode: 403 },
      message: expect.stringContaining('may not invoke dxl./guarded'),
    });
  });

  test('when it speaks for the broker', async () => {
    const client = await fabric.connect('usurper');
    const got = heard(client, '/mcafee/event/dxl/svcregistry/unregister');
    await settled(client);
    say(client, '/mcafee/event/dxl/svcregistry/unregister', '{}');
    await settled(client);
    expect(got).toEqual([]);
    await trouble('is not one that clients may publish on');
  });

  test('when it claims to be another', async () => {
    const client = await fabric.connect('liar');
    const other = await fabric.connect('honest');
    const got = heard(other, '/lies');
    await settled(other);
    const lies = { sourceClientId: 'f'.repeat(40), sourceBrokerId: '{x}', otherFields: { 'dxl.certs': 'forged' } };
    say(client, '/lies', 'x', lies);
    await until(() => got.length === 1);
    const [credential] = await fabric.participants.credentials('liar');
    const { fingerprint } = new X509Certificate((credential!.detail as { readonly pem: string }).pem);
    expect(got[0]!.sourceClientId).toBe(fingerprint.replaceAll(':', '').toLowerCase());
    expect(got[0]!.sourceBrokerId).toBe(fabric.gateway.facts.brokerId);
    expect(got[0]!.otherFields['dxl.certs']).toMatch(/^MII/);
  });

  test('when it answers what it was not asked', async () => {
    const asker = await fabric.connect('waits for an answer');
    const provider = await fabric.connect('answers late');
    const liar = await fabric.connect('answers for others');
    const asked: Message[] = [];
    await offer(provider, '/late', ['/late/ask'], (request) => {
      asked.push(request);
      return undefined;
    });
    const answer = ask(asker, '/late/ask');
    await until(() => asked.length === 1);
    liar.sendResponse(Object.assign(new dxl.Response(asked[0]!), { payload: 'forged' }));
    await settled(liar);
    provider.sendResponse(Object.assign(new dxl.Response(asked[0]!), { payload: 'real' }));
    expect(await answer).toBe('real');
  });

  test('when it wants answers where nothing can be published: providers are not made to', async () => {
    const provider = await fabric.connect('answers as asked');
    const client = await fabric.connect('asks oddly');
    const asked: string[] = [];
    await offer(provider, '/odd', ['/odd/ask'], ({ payload }) => {
      asked.push(String(payload));
      return 'ok';
    });
    const closed = vi.fn();
    provider.on('close', closed);
    for (const replyToTopic of ['', '/a/#', '/+/b', '/a\0']) {
      const request = { ...emptyDxlFields, type: 'request', messageId: 'm', serviceId: '', replyToTopic } as const;
      client._mqttClient.publish(
        '/odd/ask',
        Buffer.from(encodeDxlMessage({ ...request, payload: Buffer.from('odd') })),
      );
    }
    await trouble('nobody can be answered on its replyToTopic "/a/#"');
    expect(await ask(client, '/odd/ask', 'well')).toBe('ok');
    expect(asked).toEqual(['well']);
    expect(closed).not.toHaveBeenCalled();
  });

  test('when it registers the service of another', async () => {
    const owner = await fabric.connect('owner');
    const thief = await fabric.connect('thief');
    const { serviceId } = await offer(owner, '/owned', ['/owned/ask'], () => 'mine');
    const payload = JSON.stringify({ serviceType: '/x', serviceGuid: serviceId, requestChannels: ['/owned/ask'] });
    for (const verb of ['register', 'unregister']) {
      await expect(ask(thief, `/mcafee/service/dxl/svcregistry/${verb}`, payload)).rejects.toThrow(
        'registered by another participant',
      );
    }
    expect(await ask(thief, '/owned/ask')).toBe('mine');
  });

  test('when what it sends is no message', async () => {
    const client = await fabric.connect('garbler');
    const got = heard(client, '/garbled');
    await settled(client);
    const whole = encodeDxlMessage({ type: 'event', ...emptyDxlFields, messageId: 'm', payload: Buffer.from('x') });
    for (const bytes of ['', 'ff', '0205', 'c1', 'dd7fffffff']) {
      client._mqttClient.publish('/garbled', Buffer.from(bytes, 'hex'));
    }
    client._mqttClient.publish('/garbled', whole.subarray(0, whole.length - 1));
    say(client, '/garbled', 'well');
    await until(() => got.length === 1);
    await trouble('This is not an OpenDXL message: its message type is 5');
    expect(client.connected).toBe(true);
  });

  test('when it sends more than 1 MiB; up to that all arrives', async () => {
    const client = await fabric.connect('big');
    const got = heard(client, '/big');
    await settled(client);
    say(client, '/big', 'x'.repeat(1_048_576));
    say(client, '/big', 'small');
    await until(() => got.length === 1);
    await trouble('The message on /big has 10486');
    for (let sent = 0; sent < 4; sent += 1) say(client, '/big', 'x'.repeat(1_040_000));
    await until(() => got.length === 5);
    expect(got.slice(1).map(({ payload }) => payload.length)).toEqual([1_040_000, 1_040_000, 1_040_000, 1_040_000]);
    const provider = await fabric.connect('takes big ones');
    await offer(provider, '/takes', ['/takes/big'], ({ payload }) => String(payload));
    expect(await ask(client, '/takes/big', 'x'.repeat(1_040_000))).toHaveLength(1_040_000);
    await expect(ask(client, '/takes/big', 'x'.repeat(1_048_576))).rejects.toMatchObject({
      dxlErrorResponse: { errorCode: 413 },
    });
    await offer(provider, '/gives', ['/gives/big'], () => 'x'.repeat(1_048_576));
    await expect(ask(client, '/gives/big')).rejects.toMatchObject({ dxlErrorResponse: { errorCode: 413 } });
  });

  test('when a subscriber does not read: events for it are dropped with a reason, all others get them', async () => {
    const stuck = await fabric.connect('stuck subscriber');
    const well = await fabric.connect('well subscriber');
    heard(stuck, '/much');
    const got = heard(well, '/much');
    await settled(stuck, well);
    stuck._mqttClient.stream.unpipe();
    stuck._mqttClient.stream.pause();
    for (let sent = 0; sent < 150; sent += 1) {
      say(well, '/much', 'x'.repeat(100_000));
      await until(() => got.length === sent + 1);
    }
    await trouble('An event on /much was not delivered to stuck_subscriber');
  });

  test('when one floods: it is read more slowly, and what it publishes too much is refused with a reason', async () => {
    const flood = await fabric.connect('floods');
    const calm = await fabric.connect('calm');
    const got = heard(calm, '/calm');
    await settled(calm);
    for (let sent = 0; sent < 8_000; sent += 1) say(flood, '/flood', 'x'.repeat(100));
    await trouble('floods publishes more than');
    say(calm, '/calm', 'in time');
    await until(() => got.length === 1);
    let asked = false;
    settled(flood).then(() => (asked = true));
    await settled(calm);
    for (let turn = 0; turn < 5; turn += 1) {
      say(calm, '/calm', 'again');
      await until(() => got.length === turn + 2);
    }
    // It waits behind what it flooded itself, which for the most part has not been read yet.
    expect(asked).toBe(false);
    const [refused] = fabric.refusals.list('floods');
    expect(refused!.count).toBeLessThan(4_000);
  });

  test('when a provider does not read: who asks it is told, and all others go on', async () => {
    const provider = await fabric.connect('stuck');
    await offer(provider, '/stuck', ['/stuck/ask'], () => 'never');
    const well = await fabric.connect('well');
    await offer(well, '/well', ['/well/ask'], () => 'well');
    await settled(provider);
    provider._mqttClient.stream.unpipe();
    provider._mqttClient.stream.pause();
    const asker = await fabric.connect('asks the stuck one');
    const errors: unknown[] = [];
    for (let sent = 0; sent < 200 && errors.length === 0; sent += 1) {
      ask(asker, '/stuck/ask', 'x'.repeat(100_000)).catch((error: unknown) => errors.push(error));
      expect(await ask(asker, '/well/ask')).toBe('well');
    }
    expect(errors[0]).toMatchObject({ code: 'ERR_DXL_SERVICE_OVERLOADED' });
    expect(dxlErrorCodes.overloaded).toBe(0x8000_0002);
  });
});
